/// A small NIfTI-1 or ANALYZE file made field by field, at the offsets of the NIfTI-1 standard.
struct HeaderBytes {
  var isBigEndian = false
  var magic = "n+1"
  var dimensions: [Int16]
  /// NIfTI's code of the type, and bits of one voxel.
  var type: Int16
  var bits: Int16
  var qformCode: Int16 = 0
  var sformCode: Int16 = 0
  var slope: Float = 0

  var bytes: [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 348)
    func put<T: FixedWidthInteger>(_ value: T, _ place: Int) {
      withUnsafeBytes(of: isBigEndian ? value.bigEndian : value.littleEndian) {
        bytes.replaceSubrange(place..<place + $0.count, with: $0)
      }
    }
    func put(_ value: Float, _ place: Int) { put(value.bitPattern, place) }
    put(Int32(348), 0)
    put(Int16(dimensions.count), 40)
    for index in 0..<7 { put(index < dimensions.count ? dimensions[index] : 1, 42 + 2 * index) }
    put(type, 70)
    put(bits, 72)
    for index in 0..<4 { put([1, 2, 1.5, 3][index] as Float, 76 + 4 * index) }
    put((magic == "n+1" ? 352 : 0) as Float, 108)
    put(slope, 112)
    bytes[123] = 2
    put(qformCode, 252)
    put(sformCode, 254)
    for (index, value) in ([0.5, 0.5, 0.5, -10, 20, 30] as [Float]).enumerated() { put(value, 256 + 4 * index) }
    for (index, value) in ([0, -2, 0, 4, 1.5, 0, 0, 5, 0, 0, 3, 6] as [Float]).enumerated() {
      put(value, 280 + 4 * index)
    }
    bytes.replaceSubrange(344..<344 + magic.utf8.count, with: magic.utf8)
    if magic == "n+1" { bytes += [0, 0, 0, 0] }
    let count = dimensions.reduce(Int(bits) / 8) { $0 * Int($1) }
    return bytes + (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37) }
  }
}
