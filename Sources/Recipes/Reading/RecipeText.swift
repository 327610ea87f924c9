import Files
import Foundation

/// The text of a recipe before YAML is read: refuses what no recipe needs and what could exhaust a YAML reader.
package enum RecipeText {
  /// A recipe has tens of lines; this is far more.
  static let largestSize = 65_536
  /// So many aliases at most can only stand for some thousand values.
  static let mostStars = 24

  /// The text of the file, without a byte-order mark.
  ///
  /// - Throws: `ExperimentsError.unreadable`, or `.recipe` when it cannot be a recipe.
  package static func read(_ url: URL) throws -> String {
    let path = url.relativePath
    let bytes: [UInt8]
    do {
      let file = try RegularFile(path: url.path, noun: "the recipe's file")
      guard file.size <= largestSize else {
        throw ExperimentsError.recipe(
          file: path, line: nil, problem: "\(file.size) bytes are too many for a recipe; is this the right file?")
      }
      bytes = try file.allBytes(limit: largestSize)
    } catch ImagingError.unreadable(_, let reason, let remedy) {
      throw ExperimentsError.unreadable(path: path, reason: "\(reason); \(remedy)")
    }
    return try text(of: bytes, file: path)
  }

  /// The text that a recipe's bytes are, without a byte-order mark.
  static func text(of bytes: [UInt8], file: String) throws -> String {
    guard let text = String(validating: bytes, as: UTF8.self), !text.utf8.contains(0) else {
      throw ExperimentsError.recipe(file: file, line: nil, problem: "this is no UTF-8 text; is it a recipe?")
    }
    return text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
  }

  /// Refuses anchors, aliases and tags, with the line that has one.
  ///
  /// An alias that stands for many aliases makes a reader do work that grows as a power of the file's size. The line by
  /// line look is for the sentence; it can be misled by quotes that span lines, so that the number of '*' is bounded too.
  static func refuseTraps(in text: String, file: String) throws {
    let problem =
      "anchors, aliases and tags ('&', '*', '!') have no place in a recipe; write the value out, or put quotes around it"
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    where hasTrap(line) {
      throw ExperimentsError.recipe(file: file, line: index + 1, problem: problem)
    }
    if text.contains("&"), text.utf8.count(where: { $0 == UInt8(ascii: "*") }) > mostStars {
      throw ExperimentsError.recipe(file: file, line: nil, problem: problem)
    }
  }

  /// Whether a '&', '*' or '!' stands where YAML takes it for more than text.
  private static func hasTrap(_ line: Substring) -> Bool {
    var quote: Character?
    var startsToken = true
    var afterSpace = true
    for character in line {
      if let open = quote {
        if character == open { quote = nil }
        continue
      }
      if character == "#", afterSpace { return false }
      if startsToken {
        if "&*!".contains(character) { return true }
        if "\"'".contains(character) { quote = character }
      }
      afterSpace = character == " " || character == "\t"
      startsToken = "[{,:-?".contains(character) || (startsToken && afterSpace)
    }
    return false
  }
}

extension CocoaError {
  /// The system's reason in lower-case words, such as "no such file or folder".
  package var reason: String {
    let posix = (userInfo[NSUnderlyingErrorKey] as? POSIXError)?.code
    switch (code, posix) {
    case (.fileNoSuchFile, _), (.fileReadNoSuchFile, _), (_, .ENOENT): return "no such file or folder"
    case (.fileReadNoPermission, _), (.fileWriteNoPermission, _), (_, .EACCES), (_, .EPERM): return "permission denied"
    case (.fileWriteVolumeReadOnly, _), (_, .EROFS): return "the file system is read-only"
    case (.fileWriteOutOfSpace, _), (_, .ENOSPC): return "no space is left on the device"
    default: return (posix.map { String(cString: strerror($0.rawValue)) } ?? localizedDescription).lowercasedFirst
    }
  }
}

extension String {
  package var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
  package var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
