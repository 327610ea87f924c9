import Files
import Foundation
import ImageFiles

/// Which row of a table belongs to which image.
///
/// A row's id is an image's path, its file name, its file name without suffix, or its subject, with or without `sub-`;
/// the most particular decides. Where no id fits, one that differs from the subject or the file name by zeros before
/// numbers or by `sub-` alone does, if no other row and no other subject comes to the same.
package struct RowMatching {
  /// One image.
  package struct Image {
    package var path: String
    package var subject: String

    package init(path: String, subject: String) {
      self.path = path
      self.subject = subject
    }
  }

  /// The id of the row of each image.
  package private(set) var ids: [String?]
  /// Pairs of a subject and the id that was taken for it, by subject.
  package private(set) var taken: [(subject: String, id: String)] = []
  /// Subjects for which several ids, or one that is another's too, would do.
  package private(set) var ambiguous: [String] = []

  package init(_ images: [Image], ids known: Set<String>) {
    ids = images.map { image in Self.candidates(image).first(where: known.contains) }
    guard ids.contains(nil) else { return }
    let byPlain = Dictionary(grouping: known, by: Self.plain)
    // Who else comes to a plain form: every subject, and every name that is used for want of one.
    var subjectsOf: [String: Set<String>] = [:]
    for image in images { subjectsOf[Self.plain(image.subject), default: []].insert(image.subject) }
    for (place, image) in images.enumerated() where ids[place] == nil {
      let plain = Self.plain(image.subject)
      guard let rows = byPlain[plain] else { continue }
      guard rows.count == 1, subjectsOf[plain]!.count == 1 else {
        if ambiguous.last != image.subject { ambiguous.append(image.subject) }
        continue
      }
      ids[place] = rows[0]
      if taken.last?.subject != image.subject { taken.append((image.subject, rows[0])) }
    }
    ambiguous = Set(ambiguous).sortedBytewise()
  }

  /// What a user should know of rows that were taken, or not, for ids that are nearly theirs.
  func notes(table: String) -> [String] {
    var notes: [String] = []
    if let first = taken.first {
      let count = Set(taken.map(\.subject)).count
      notes.append(
        "\(TextList.count(count, "subject")) matched to rows of \(table) whose ids differ by zeros or sub- only "
          + "(\(first.subject) and \(first.id))")
    }
    if !ambiguous.isEmpty {
      notes.append(
        "\(TextList.count(ambiguous.count, "subject")) not matched to rows of \(table) whose ids differ by zeros or "
          + "sub- only, because several would fit (\(TextList.firstFew(ambiguous)))")
    }
    return notes
  }

  /// What may stand in a table for an image, the most particular first.
  private static func candidates(_ image: Image) -> [String] {
    let name = image.path.split(separator: "/").last.map(String.init) ?? image.path
    var ids = [image.path, name, ImageFile.stem(URL(filePath: name)), image.subject]
    if image.subject.hasPrefix("sub-") { ids.append(String(image.subject.dropFirst(4))) }
    return ids
  }

  /// An id without `sub-` and without zeros before its numbers: `sub-007` as `7`.
  private static func plain(_ id: String) -> String {
    var plain = ""
    var digits = ""
    func finish() {
      guard !digits.isEmpty else { return }
      let rest = digits.drop { $0 == "0" }
      plain += rest.isEmpty ? "0" : String(rest)
      digits = ""
    }
    for character in id.hasPrefix("sub-") ? id.dropFirst(4) : id[...] {
      if ("0"..."9").contains(character) {
        digits.append(character)
      } else {
        finish()
        plain.append(character)
      }
    }
    finish()
    return plain
  }
}
