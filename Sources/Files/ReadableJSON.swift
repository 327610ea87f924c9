import Foundation

/// JSON that a person can read, always with the same bytes: indented, keys in order.
package enum ReadableJSON {
  /// Without a line feed at the end.
  package static func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  /// A file's content: the text and a line feed.
  package static func data(_ value: some Encodable) throws -> Data { Data((try text(value) + "\n").utf8) }
}
