import Files
import ImageFiles

/// What the header of a NumPy array file (`.npy`, versions 1 to 3) says: the type, the order and the shape.
///
/// The header is a Python dictionary as text. Only what NumPy writes is taken, nothing is evaluated: the three keys, each
/// once, a type in quotes, `True` or `False`, and a tuple of whole numbers.
///
/// Source: NumPy, `numpy.lib.format`, "Format version 1.0" to "3.0".
struct NumPyHeader: Equatable {
  /// Of the elements: `b1` counts as `uint8`.
  var type: VoxelType
  var isBigEndian: Bool
  /// Whether the first index runs fastest.
  var isFortranOrder: Bool
  var shape: [Int]
  /// Whether elements are True or False.
  var isBoolean: Bool

  /// What follows the six bytes of the mark: the version's two bytes.
  static let mark: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// Bytes of the longest text that is read; NumPy's own limit is 10,000.
  static let limit = 1 << 16

  /// Values of the shape's product; nil if it cannot be counted or is over the limit of an array file.
  var count: Int? {
    var count = 1
    for size in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard !overflow, product <= ArrayFile.limit else { return nil }
      count = product
    }
    return count
  }

  /// The elements from one index to the next, of each axis.
  var strides: [Int] {
    var (strides, step) = ([Int](repeating: 1, count: shape.count), 1)
    for axis in isFortranOrder ? Array(shape.indices) : shape.indices.reversed() {
      strides[axis] = step
      step *= shape[axis]
    }
    return strides
  }

  /// Why a header is refused, as a sentence's second half, and what to do.
  struct Refusal: Error {
    var reason: String
    var remedy = "save it again with numpy.savez"
  }

  /// - Parameter text: the dictionary, padding and end of line included.
  /// - Throws: `Refusal`.
  init(_ text: [UInt8]) throws {
    var scanner = Scanner(text: text)
    var (descr, order, shape): (String?, Bool?, [Int]?)
    try scanner.require("{")
    while !scanner.skip("}") {
      let key = try scanner.quoted()
      try scanner.require(":")
      switch key {
      case "descr" where descr == nil: descr = try scanner.type()
      case "fortran_order" where order == nil: order = try scanner.boolean()
      case "shape" where shape == nil: shape = try scanner.tuple()
      default: throw Refusal(reason: "has a header with another or a repeated key")
      }
      if !scanner.skip(",") {
        try scanner.require("}")
        break
      }
    }
    guard scanner.isAtEnd, let descr, let order, let shape else {
      throw Refusal(reason: "has a header that NumPy does not write")
    }
    (isFortranOrder, self.shape) = (order, shape)
    (type, isBigEndian, isBoolean) = try Self.type(descr)
  }

  /// A type such as `<f4`, `|u1` or `|b1`.
  private static func type(_ descr: String) throws -> (VoxelType, isBigEndian: Bool, isBoolean: Bool) {
    let names: [String: VoxelType] = [
      "b1": .uint8, "u1": .uint8, "i1": .int8, "u2": .uint16, "i2": .int16, "u4": .uint32, "i4": .int32,
      "u8": .uint64, "i8": .int64, "f4": .float32, "f8": .float64,
    ]
    let code = String(descr.dropFirst())
    if code.hasPrefix("O") {
      throw Refusal(
        reason: "holds Python objects, which only a pickle can restore, and that could run code",
        remedy: "save numbers, as with numpy.savez and x.astype('uint8')")
    }
    guard let type = names[code], let mark = descr.first, "<>|".contains(mark), mark != "|" || type.byteCount == 1
    else {
      throw Refusal(
        reason: "holds elements of type '\(TextList.printable(descr))'",
        remedy: "save whole numbers, as with x.astype('uint8')")
    }
    return (type, mark == ">", code == "b1")
  }

  /// Reads the text piece by piece; blanks between pieces count for nothing.
  private struct Scanner {
    let text: [UInt8]
    var place = 0

    private mutating func skipBlanks() {
      while place < text.count, [32, 9, 10, 13].contains(text[place]) { place += 1 }
    }

    var isAtEnd: Bool {
      mutating get {
        skipBlanks()
        return place == text.count
      }
    }

    /// Whether the word comes next; if so it is passed.
    mutating func skip(_ word: String) -> Bool {
      skipBlanks()
      guard text[place...].starts(with: word.utf8) else { return false }
      place += word.utf8.count
      return true
    }

    mutating func require(_ word: String) throws {
      guard skip(word) else { throw Refusal(reason: "has a header that NumPy does not write") }
    }

    mutating func quoted() throws -> String {
      skipBlanks()
      guard place < text.count, text[place] == 39 || text[place] == 34,
        let end = text[(place + 1)...].firstIndex(of: text[place]), end - place <= 64
      else { throw Refusal(reason: "has a header that NumPy does not write") }
      defer { place = end + 1 }
      return String(decoding: text[(place + 1)..<end], as: UTF8.self)
    }

    mutating func type() throws -> String {
      if skip("[") {
        throw Refusal(reason: "holds structures of several fields", remedy: "save each field as an array of its own")
      }
      return try quoted()
    }

    mutating func boolean() throws -> Bool {
      if skip("True") { return true }
      try require("False")
      return false
    }

    mutating func tuple() throws -> [Int] {
      try require("(")
      var numbers: [Int] = []
      while !skip(")") {
        skipBlanks()
        let digits = text[place...].prefix { (48...57).contains($0) }
        guard let number = Int(String(decoding: digits, as: UTF8.self)), numbers.count < 32 else {
          throw Refusal(reason: "has a shape that is none")
        }
        numbers.append(number)
        place += digits.count
        // Python 2 wrote long numbers with an L.
        _ = skip("L")
        if !skip(",") {
          try require(")")
          break
        }
      }
      return numbers
    }
  }
}
