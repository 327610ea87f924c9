import Foundation

/// The rule that finds the subject of an image in its path.
///
/// 1. A file name that states one: BIDS `sub-01_ses-1_T1w.nii.gz` gives `sub-01`; OASIS `OAS1_0001_MR1.hdr` gives
///    `OAS1_0001` (and `OAS30001_...`, of OASIS-3, gives `OAS30001`).
/// 2. For an image in a folder inside its class folder: the first such folder's name, read by rule 1 if it can be, so
///    that all slices in `AD/patient7` are of one subject.
/// 3. Otherwise the file name without its suffix: every image is a subject of its own.
public enum SubjectName {
  /// - Parameter path: the path below the class folder, with `/` between its parts.
  public static func of(path: String) -> String {
    let parts = path.split(separator: "/").map(String.init)
    guard let file = parts.last else { return path }
    let stem = ImageFile.stem(URL(filePath: file))
    if let stated = stated(in: stem) { return stated }
    if parts.count > 1 { return Self.stated(in: parts[0]) ?? parts[0] }
    return stem
  }

  /// The subject that a name begins with in the manner of BIDS or OASIS; nil if it does not.
  static func stated(in name: String) -> String? {
    let parts = name.split(separator: "_", omittingEmptySubsequences: false)
    let first = parts[0]
    if first.hasPrefix("sub-"), first.count > 4 { return String(first) }
    guard first.hasPrefix("OAS"), first.dropFirst(3).allSatisfy(\.isASCIIDigit) else { return nil }
    let digits = first.count - 3
    if digits == 1, parts.count > 1, parts[1].count == 4, parts[1].allSatisfy(\.isASCIIDigit) {
      return "\(first)_\(parts[1])"
    }
    return digits == 5 ? String(first) : nil
  }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}
