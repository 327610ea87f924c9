/// Numbers of a binary header by their places, in the header's order of bytes.
package struct EndianBytes {
  package let bytes: [UInt8]
  package let isBigEndian: Bool

  package init(bytes: [UInt8], isBigEndian: Bool) {
    self.bytes = bytes
    self.isBigEndian = isBigEndian
  }

  package func integer<T: FixedWidthInteger>(_ place: Int, as type: T.Type = T.self) -> T {
    let value = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: place, as: T.self) }
    return isBigEndian ? T(bigEndian: value) : T(littleEndian: value)
  }

  package func int16(_ place: Int) -> Int { Int(integer(place, as: Int16.self)) }
  package func int32(_ place: Int) -> Int { Int(integer(place, as: Int32.self)) }
  package func int64(_ place: Int) -> Int { Int(integer(place, as: Int64.self)) }
  package func float32(_ place: Int) -> Double { Double(Float(bitPattern: integer(place))) }
  package func float64(_ place: Int) -> Double { Double(bitPattern: integer(place)) }
}
