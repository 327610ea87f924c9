/// Small NIfTI-2 and MGH files made field by field, at the places that the formats give.
enum VolumeSeeds {
  /// Single files, or pairs as a header with the voxels behind it.
  static func nifti2(isPair: Bool) -> [[UInt8]] {
    let shapes: [([Int64], type: Int16, bits: Int16)] = [
      ([3, 4], 2, 8), ([2, 3, 4], 4, 16), ([4, 1, 3], 512, 16), ([2, 2, 2, 2], 256, 8), ([2, 2, 1, 1, 3], 2, 8),
      ([2, 2], 128, 24),
    ]
    return shapes.enumerated().map { index, shape in
      var bytes = [UInt8](repeating: 0, count: 540)
      func put<T: FixedWidthInteger>(_ value: T, _ place: Int) {
        withUnsafeBytes(of: index % 2 == 1 ? value.bigEndian : value.littleEndian) {
          bytes.replaceSubrange(place..<place + $0.count, with: $0)
        }
      }
      func put(_ value: Double, _ place: Int) { put(value.bitPattern, place) }
      put(Int32(540), 0)
      bytes.replaceSubrange(4..<12, with: Array((isPair ? "ni2\0" : "n+2\0").utf8) + [13, 10, 26, 10])
      put(shape.type, 12)
      put(shape.bits, 14)
      put(Int64(shape.0.count), 16)
      for axis in 0..<7 { put(axis < shape.0.count ? shape.0[axis] : 1, 24 + 8 * axis) }
      for axis in 0..<4 { put([1, 2, 1.5, 3][axis], 104 + 8 * axis) }
      put(Int64(isPair ? 0 : 544), 168)
      put(index % 3 == 0 ? 0.0 : 2, 176)
      // A vector that is scaled is refused.
      if shape.0.count == 5 { put(0.0, 176) }
      put(Int32(index % 3), 344)
      put(Int32(index % 4), 348)
      for (place, value) in [0.5, 0.5, 0.5, -10, 20, 30].enumerated() { put(value, 352 + 8 * place) }
      for (place, value) in [0, -2, 0, 4, 1.5, 0, 0, 5, 0, 0, 3, 6].enumerated() { put(value, 400 + 8 * place) }
      put(Int32(2), 500)
      let count = shape.0.reduce(Int(shape.bits) / 8) { $0 * Int($1) }
      return bytes + (isPair ? [] : [0, 0, 0, 0]) + pattern(count)
    }
  }

  static var mgh: [[UInt8]] {
    let shapes: [([Int32], code: Int32, bytes: Int)] = [
      ([3, 4, 1, 1], 0, 1), ([2, 3, 4, 1], 4, 2), ([2, 2, 2, 2], 1, 4), ([4, 1, 3, 1], 0, 1),
    ]
    return shapes.enumerated().map { index, shape in
      func raw<T: FixedWidthInteger>(_ value: T) -> [UInt8] { withUnsafeBytes(of: value.bigEndian, Array.init) }
      let numbers: [Float] = [2, 1.5, 3, -1, 0, 0, 0, 0, -1, 0, 1, 0, 4, 5, 6]
      let sizes: [Int32] = [1] + shape.0 + [shape.code, 0]
      var header = sizes.flatMap { raw($0) } + raw(Int16(index % 2))
      header += numbers.flatMap { raw($0.bitPattern) }
      header += [UInt8](repeating: 0, count: 284 - header.count)
      return header + pattern(shape.0.reduce(shape.bytes) { $0 * Int($1) }) + [UInt8](repeating: 0, count: 20)
    }
  }

  private static func pattern(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37) } }
}
