/// Numbers of a binary header by their places, in the header's order of bytes.
struct EndianBytes {
  let bytes: [UInt8]
  let isBigEndian: Bool

  func integer<T: FixedWidthInteger>(_ place: Int, as type: T.Type = T.self) -> T {
    let value = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: place, as: T.self) }
    return isBigEndian ? T(bigEndian: value) : T(littleEndian: value)
  }

  func int16(_ place: Int) -> Int { Int(integer(place, as: Int16.self)) }
  func int32(_ place: Int) -> Int { Int(integer(place, as: Int32.self)) }
  func int64(_ place: Int) -> Int { Int(integer(place, as: Int64.self)) }
  func float32(_ place: Int) -> Double { Double(Float(bitPattern: integer(place))) }
  func float64(_ place: Int) -> Double { Double(bitPattern: integer(place)) }
}
