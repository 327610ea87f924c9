import Files
import ImageSets

/// Finds classes whose names differ only in how they are spelt: by case, by spaces, or by how Unicode writes the same
/// characters. They are one class that a table or a folder names in several ways, and would be learned as several.
package enum ClassSpellings {
  /// An error for each class that has several spellings.
  ///
  /// - Parameters:
  ///   - names: the class name of every image.
  ///   - place: the folder, for the message.
  package static func clashes(_ names: some Sequence<String>, in place: String) -> [ImagingError] {
    // By bytes: Swift takes a letter and the same letter composed of two characters for equal.
    var counts: [[UInt8]: Int] = [:]
    for name in names { counts[Array(name.utf8), default: 0] += 1 }
    let spellings = counts.map { (name: String(decoding: $0.key, as: UTF8.self), images: $0.value) }
    let sorted = spellings.sorted { $0.name.precedesBytewise($1.name) }
    let groups = Dictionary(grouping: sorted) { key(of: $0.name) }.values.filter { $0.count > 1 }
    return groups.sorted { $0[0].name.precedesBytewise($1[0].name) }.map { group in
      let listed = zip(shown(group.map(\.name)), group).map { name, spelling in
        "'\(name)' (\(TextList.count(spelling.images, "image")))"
      }
      return ImagingError.invalid(
        what: "the class names \(TextList.joined(listed)) of \(place) differ only by case, spaces or the form of a "
          + "character, and would count as \(group.count) classes",
        remedy: "give one class one name")
    }
  }

  /// What is equal for all spellings of a name.
  private static func key(of name: String) -> String {
    let visible = name.unicodeScalars.filter {
      !$0.properties.isWhitespace && !$0.properties.isDefaultIgnorableCodePoint
    }
    return String(String.UnicodeScalarView(visible)).uppercased().lowercased()
  }

  /// The names as they are, or with what is not ASCII spelt out where they would look alike.
  private static func shown(_ group: [String]) -> [String] {
    let looksAlike =
      Set(group).count < group.count
      || group.contains { name in
        name.unicodeScalars.contains {
          $0.properties.isDefaultIgnorableCodePoint || $0.properties.isWhitespace && !$0.isASCII
        }
      }
    guard looksAlike else { return group }
    return group.map { name in name.unicodeScalars.map { $0.escaped(asASCII: true) }.joined() }
  }
}

extension Cohort {
  /// What is wrong with the names of its classes, an error for each class that has several (`ClassSpellings`).
  var classNameClashes: [ImagingError] { ClassSpellings.clashes(images.lazy.map(\.className), in: root.path) }
}
