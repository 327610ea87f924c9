import Foundation

/// JSON that a program of ours reads again, always with the same bytes: one line, keys in order.
package enum CompactJSON {
  package static func data(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return try encoder.encode(value)
  }
}
