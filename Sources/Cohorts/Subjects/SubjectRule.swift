import Files
import Foundation
import ImageFiles

/// How the subject of an image is found in its path, where no table names it.
public enum SubjectRule: Sendable, Equatable {
  /// By the conventions in use; see `SubjectName`.
  case names
  /// Each file is a person.
  case files
  /// The first capture group of a regular expression, looked for in the file's name and, if that does not match, in the
  /// path below the cohort's folder.
  case pattern(NamePattern)

  /// - Parameter text: a regular expression with a group, or `none` for `files`; nil for `names`.
  /// - Throws: `ImagingError` for a text that is no regular expression or has no group.
  public init(pattern text: String?) throws {
    guard let text else {
      self = .names
      return
    }
    guard text != "none" else {
      self = .files
      return
    }
    guard let pattern = try? NamePattern(text) else {
      throw ImagingError.invalid(
        what: "the subject pattern '\(text)' is no regular expression",
        remedy: #"write one such as '^(patient\d+)_', or none if each file is a person"#)
    }
    guard pattern.groupCount > 0 else {
      throw ImagingError.invalid(
        what: "the subject pattern '\(text)' has no group",
        remedy: #"put brackets around the part that is the subject, as in '^(patient\d+)_'"#)
    }
    self = .pattern(pattern)
  }

  /// The subject of an image.
  ///
  /// - Parameters:
  ///   - path: below the cohort's folder.
  ///   - inner: below the class folder, if there is one.
  /// - Throws: `ImagingError` for a path that the pattern does not fit.
  func subject(of path: String, below inner: String) throws -> String {
    switch self {
    case .names: return SubjectName.of(path: inner)
    case .files:
      let folder = (path as NSString).deletingLastPathComponent
      let stem = ImageFile.stem(URL(filePath: path))
      return folder.isEmpty ? stem : folder + "/" + stem
    case .pattern(let pattern):
      let name = path.split(separator: "/").last.map(String.init) ?? path
      if let subject = try pattern.firstGroupInTime(in: name), !subject.isEmpty { return subject }
      if let subject = try pattern.firstGroupInTime(in: path), !subject.isEmpty { return subject }
      throw ImagingError.invalid(
        what: "the subject pattern '\(pattern.text)' does not fit \(path)",
        remedy: "change the pattern, or take the file out of the folder")
    }
  }
}
