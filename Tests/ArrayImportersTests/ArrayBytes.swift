import CNIfTI
import Foundation

/// Array files of public data sets, made byte by byte.
enum ArrayBytes {
  /// An IDX file.
  static func idx(_ dimensions: [Int], type: UInt8 = 8, _ values: [UInt8]) -> [UInt8] {
    [0, 0, type, UInt8(dimensions.count)]
      + dimensions.flatMap { withUnsafeBytes(of: UInt32($0).bigEndian, Array.init) } + values
  }

  /// Values that tell where they stand: of image i, value (i * 50 + place) modulo 251.
  static func pixels(images: Int, each: Int) -> [UInt8] {
    (0..<images).flatMap { image in (0..<each).map { UInt8((image * 50 + $0) % 251) } }
  }

  /// Records of CIFAR: red is `index`, green 100 + row, blue 200 + column; every label is a list of one or two.
  static func cifar(_ labels: [[UInt8]]) -> [UInt8] {
    labels.enumerated().flatMap { index, label -> [UInt8] in
      let red = [UInt8](repeating: UInt8(index), count: 1024)
      let green = (0..<1024).map { UInt8(100 + $0 / 32) }
      let blue = (0..<1024).map { UInt8(200 + $0 % 32) }
      return label + red + green + blue
    }
  }

  /// A MATLAB level-5 file.
  struct MAT {
    /// Code of the array's class (6 double, 9 uint8), code of the stored type (2 uint8, 9 double), bytes of the values.
    struct Variable {
      var name: String
      var type: UInt32 = 9
      var stored: UInt32 = 2
      var dimensions: [Int]
      var bytes: [UInt8]
      var flags: UInt32 = 0
    }

    var variables: [Variable]
    var isCompressed = false

    /// X of these sizes with (row, column, channel) of image i at row + 10 column + 100 channel + i, and labels.
    static func digits(
      rows: Int = 3, columns: Int = 2, labels: [UInt8], isCompressed: Bool, inDoubles: Bool = false
    ) -> MAT {
      var bytes: [UInt8] = []
      for image in labels.indices {
        for channel in 0..<3 {
          for column in 0..<columns {
            for row in 0..<rows { bytes.append(UInt8(row + 10 * column + 70 * channel + image)) }
          }
        }
      }
      let doubles = labels.flatMap { withUnsafeBytes(of: Double($0).bitPattern.littleEndian, Array.init) }
      return MAT(
        variables: [
          Variable(name: "X", dimensions: [rows, columns, 3, labels.count], bytes: bytes),
          Variable(
            name: "y", type: inDoubles ? 6 : 9, stored: inDoubles ? 9 : 2, dimensions: [labels.count, 1],
            bytes: inDoubles ? doubles : labels),
        ], isCompressed: isCompressed)
    }

    var bytes: [UInt8] {
      var header = Array("MATLAB 5.0 MAT-file".utf8)
      header += [UInt8](repeating: 32, count: 116 - header.count) + [UInt8](repeating: 0, count: 8)
      return header + [0, 1, 0x49, 0x4D]
        + variables.flatMap { variable in
          let element = Self.element(variable)
          guard isCompressed else { return element }
          let deflated = Self.deflated(element)
          return Self.word(15) + Self.word(UInt32(deflated.count)) + deflated
        }
    }

    private static func element(_ variable: Variable) -> [UInt8] {
      let dimensions = variable.dimensions.flatMap { word(UInt32($0)) }
      let body =
        word(6) + word(8) + word(variable.type | variable.flags) + word(0)
        + word(5) + word(UInt32(dimensions.count)) + padded(dimensions)
        + small(1, Array(variable.name.utf8)) + small(variable.stored, variable.bytes)
      return word(14) + word(UInt32(body.count)) + body
    }

    /// A part with up to four bytes in its tag, as MATLAB writes them.
    private static func small(_ type: UInt32, _ bytes: [UInt8]) -> [UInt8] {
      guard bytes.count <= 4 else { return word(type) + word(UInt32(bytes.count)) + padded(bytes) }
      return word(type | UInt32(bytes.count) << 16) + bytes + [UInt8](repeating: 0, count: 4 - bytes.count)
    }

    private static func padded(_ bytes: [UInt8]) -> [UInt8] {
      bytes + [UInt8](repeating: 0, count: (8 - bytes.count % 8) % 8)
    }

    private static func word(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.littleEndian, Array.init) }

    private static func deflated(_ bytes: [UInt8]) -> [UInt8] {
      var count = compressBound(UInt(bytes.count))
      var target = [UInt8](repeating: 0, count: Int(count))
      precondition(compress(&target, &count, bytes, UInt(bytes.count)) == Z_OK, "compressBound promises room enough")
      return Array(target.prefix(Int(count)))
    }
  }
}
