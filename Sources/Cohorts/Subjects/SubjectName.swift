import Foundation
import ImageFiles

/// The rule that finds the subject of an image in its path.
///
/// 1. A convention in use (`SubjectConvention.all`), in the file's name or, without one, in its folders' names: BIDS,
///    OASIS, ADNI, TCGA and others.
/// 2. A word such as `patient` with a number, in a folder inside the class folder or in the file's name.
/// 3. A folder inside the class folder that is named by no word of the image (`t1`, `left`, `study1`), of file formats
///    or of collections (`batch1`); one with a number first.
/// 4. The file's name up to the first number that is a person's: `p23_001` gives `p23`, `AD_001_t1` gives `AD_001`.
///    A number after `slice`, `img`, `scan` and the like is none.
/// 5. Otherwise the file's name without suffix, contrast, side and copy number: every image is a subject of its own.
///
/// Where names leave it open the larger group is taken. The subject depends on the path alone, so that another file
/// changes nothing. Documentation/Subjects.md tells it with examples.
public enum SubjectName {
  /// - Parameter path: the path below the class folder, with `/` between its parts.
  public static func of(path: String) -> String {
    let parts = path.split(separator: "/").map(String.init)
    guard let file = parts.last else { return path }
    let stem = ImageFile.stem(URL(filePath: file))
    if let stated = stated(in: stem), !isIdentifier(stem, stated) || parts.count == 1 { return stated }
    let folders = parts.dropLast()
    for folder in folders.reversed() {
      if let stated = stated(in: folder) { return stated }
    }
    let findings = folders.map { NameTokens(personFolder: $0)?.finding }
    for case .person(let subject)? in findings { return subject }
    let own = NameTokens(stem).finding
    if case .person(let subject) = own { return subject }
    for case .code(let subject)? in findings { return subject }
    for (folder, finding) in zip(folders, findings) where finding != nil { return folder }
    return own.subject
  }

  /// The subject that a name states by one of the conventions; nil if it does not.
  package static func stated(in name: String) -> String? { SubjectConvention.subject(in: name) }

  /// Whether all that is stated is an identifier of a file, so that a folder says more.
  private static func isIdentifier(_ stem: String, _ stated: String) -> Bool {
    stem == stated && stem.count == 36 && stem.filter { $0 == "-" }.count == 4
  }
}

extension NameTokens {
  /// Nil for the name of a folder that is no person's: all its words are of the image, of formats or of collections.
  fileprivate init?(personFolder folder: String) {
    guard !SubjectWords.folders.contains(folder.lowercased()) else { return nil }
    let tokens = NameTokens(folder)
    var isAfterWord = false
    let saysNothing = tokens.tokens.allSatisfy { token in
      defer { if token.kind != .number { isAfterWord = true } }
      switch token.kind {
      case .unit, .attribute, .collection: return true
      case .number: return isAfterWord
      case .word:
        return SubjectWords.datasets.contains(token.word) || SubjectWords.folders.contains(token.word)
      case .person, .code: return false
      }
    }
    if saysNothing { return nil }
    self = tokens
  }
}
