import CNIfTI

/// Small array files: IDX of each rank that is read, MATLAB level 5 plain and compressed.
enum ArraySeeds {
  static var files: [[UInt8]] {
    [
      idx([2, 3, 4]), idx([1, 2, 2, 3]), idx([5]), idx([2, 3, 2, 2]), matlab(isCompressed: false, inDoubles: false),
      matlab(isCompressed: false, inDoubles: true), matlab(isCompressed: true, inDoubles: false),
    ]
  }

  private static func idx(_ dimensions: [Int]) -> [UInt8] {
    [0, 0, 8, UInt8(dimensions.count)]
      + dimensions.flatMap { withUnsafeBytes(of: UInt32($0).bigEndian, Array.init) }
      + (0..<dimensions.reduce(1, *)).map { UInt8(truncatingIfNeeded: 37 * $0) }
  }

  /// Three images of 2 x 2 in colour, X, with labels from 1 to 10, y.
  private static func matlab(isCompressed: Bool, inDoubles: Bool) -> [UInt8] {
    let text = Array("MATLAB 5.0 MAT-file, made for tests".utf8)
    let header = text + [UInt8](repeating: 32, count: 116 - text.count) + [UInt8](repeating: 0, count: 8)
    let pixels = (0..<36).map { UInt8(7 * $0) }
    let labels: [UInt8] = [10, 1, 4]
    let numbers = labels.flatMap { withUnsafeBytes(of: Double($0).bitPattern.littleEndian, Array.init) }
    let variables = [
      variable("X", 9, [2, 2, 3, 3], stored: 2, pixels),
      variable("y", inDoubles ? 6 : 9, [3, 1], stored: inDoubles ? 9 : 2, inDoubles ? numbers : labels),
    ]
    return header + [0, 1, 0x49, 0x4D]
      + variables.flatMap { element in
        guard isCompressed else { return element }
        let deflated = deflated(element)
        return word(15) + word(UInt32(deflated.count)) + deflated
      }
  }

  private static func variable(
    _ name: String, _ type: UInt32, _ dimensions: [UInt32], stored: UInt32, _ bytes: [UInt8]
  ) -> [UInt8] {
    let body =
      word(6) + word(8) + word(type) + word(0) + word(5) + word(UInt32(4 * dimensions.count))
      + dimensions.flatMap(word) + word(1 | 1 << 16) + padded(Array(name.utf8), to: 4)
      + (bytes.count <= 4
        ? word(stored | UInt32(bytes.count) << 16) + padded(bytes, to: 4)
        : word(stored) + word(UInt32(bytes.count)) + padded(bytes, to: 8))
    return word(14) + word(UInt32(body.count)) + body
  }

  private static func padded(_ bytes: [UInt8], to size: Int) -> [UInt8] {
    bytes + [UInt8](repeating: 0, count: (size - bytes.count % size) % size)
  }

  private static func word(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.littleEndian, Array.init) }

  private static func deflated(_ bytes: [UInt8]) -> [UInt8] {
    var count = compressBound(UInt(bytes.count))
    var target = [UInt8](repeating: 0, count: Int(count))
    let code = compress(&target, &count, bytes, UInt(bytes.count))
    precondition(code == Z_OK, "compressBound promises room enough")
    return Array(target.prefix(Int(count)))
  }
}
