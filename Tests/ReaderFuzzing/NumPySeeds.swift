import CNIfTI

/// Small NumPy arrays and archives of them.
enum NumPySeeds {
  /// The length of the images' array in two bytes, the array, and the labels' array.
  static var pairs: [[UInt8]] {
    let cases: [(images: [UInt8], labels: [UInt8])] = [
      (array("|u1", "(2, 2, 3)", 12), array("|u1", "(2, 1)", 2)),
      (array("|u1", "(2, 2, 2, 3)", 24), array("<i8", "(2,)", 16, zeros: true)),
      (array("|i1", "(2, 3, 4, 5)", 120, zeros: true), array("|u1", "(2, 3)", 6)),
      (array(">u2", "(1, 2, 2)", 8, zeros: true), array("|b1", "(1,)", 1)),
      (
        array("<f4", "(1, 2, 2)", 16, zeros: true, order: "True"),
        array("<f8", "(1, 2)", 16, zeros: true, order: "True")
      ),
      (array("|u1", "(3, 3, 2, 2)", 36, version: 2), array("|u1", "(3,)", 3, version: 3)),
    ]
    return cases.map { [UInt8($0.images.count & 255), UInt8($0.images.count >> 8)] + $0.images + $0.labels }
  }

  /// The same as archives of their own.
  static var archives: [[UInt8]] { pairs.map(archive) }

  /// An archive of a pair's arrays with sound checksums, whatever the bytes are.
  static func archive(_ pair: [UInt8]) -> [UInt8] {
    let length = pair.count < 2 ? 0 : min(Int(pair[0]) | Int(pair[1]) << 8, pair.count - 2)
    let members = [("images.npy", pair.dropFirst(2).prefix(length)), ("labels.npy", pair.dropFirst(2 + length))]
    var (file, directory): ([UInt8], [UInt8]) = ([], [])
    for (name, bytes) in members {
      let data = Array(bytes)
      let common =
        [20, 0, 0, 0, 0, 0, 0, 0, 33, 0] + word(UInt32(crc32(0, data, UInt32(data.count)))) + word(UInt32(data.count))
        + word(UInt32(data.count)) + [UInt8(name.utf8.count), 0]
      directory +=
        word(0x0201_4B50) + [20, 0] + common + [UInt8](repeating: 0, count: 12) + word(UInt32(file.count))
        + Array(name.utf8)
      file += word(0x0403_4B50) + common + [0, 0] + Array(name.utf8) + data
    }
    return file + directory + word(0x0605_4B50) + [0, 0, 0, 0, 2, 0, 2, 0] + word(UInt32(directory.count))
      + word(UInt32(file.count)) + [0, 0]
  }

  private static func array(
    _ type: String, _ shape: String, _ count: Int, zeros: Bool = false, order: String = "False", version: UInt8 = 1
  ) -> [UInt8] {
    let text = "{'descr': '\(type)', 'fortran_order': \(order), 'shape': \(shape), }\n"
    let length = [UInt8(text.utf8.count), 0] + (version > 1 ? [0, 0] : [])
    let values = (0..<count).map { zeros ? 0 : UInt8(truncatingIfNeeded: $0 * 37) }
    return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + Array(text.utf8) + values
  }

  private static func word(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.littleEndian, Array.init) }
}
