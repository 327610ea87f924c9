import CNIfTI
import Files

/// What a MATLAB level-5 file holds, with every size checked against the bytes that are there.
///
/// libmatio, which reads the numbers afterwards, has a history of memory errors on malformed files. So this check comes
/// first and lets through little of the format: little-endian files of nothing but real, full, numeric arrays, each within
/// the file, with as many values as its dimensions say; compressed ones are inflated to their checksum. Cells, structures,
/// texts, sparse and complex arrays are refused wherever they stand in the file.
///
/// Source: MathWorks, "MAT-File Format", level 5.
struct MATFile: Sendable {
  struct Array: Sendable {
    let name: String
    let type: NumberClass
    let dimensions: [Int]

    var count: Int { dimensions.reduce(1, *) }
  }

  /// Classes of numeric arrays, by their codes.
  enum NumberClass: UInt32, Sendable {
    case double = 6
    case single, int8, uint8, int16, uint16, int32, uint32, int64, uint64

    /// Of one number in memory.
    var bytes: Int {
      switch self {
      case .int8, .uint8: 1
      case .int16, .uint16: 2
      case .single, .int32, .uint32: 4
      case .double, .int64, .uint64: 8
      }
    }
  }

  /// Codes of elements.
  private static let (matrix, compressed) = (14, 15)
  private static let (int8, int32, uint32) = (1, 5, 6)
  /// Bytes of one number in the file, by the code of its type.
  private static let numberBytes = [1: 1, 2: 1, 3: 2, 4: 2, 5: 4, 6: 4, 7: 4, 9: 8, 12: 8, 13: 8]

  let arrays: [Array]

  /// Whether the first 128 bytes are a header of level 5, in either order of bytes.
  static func isOne(_ start: [UInt8]) -> Bool {
    let marks = start.dropFirst(124).prefix(4)
    return marks.elementsEqual([0, 1, 0x49, 0x4D]) || marks.elementsEqual([1, 0, 0x4D, 0x49])
  }

  /// - Throws: `ImagingError` for a file that is damaged or holds something else.
  init(_ bytes: [UInt8], path: String) throws {
    func refuse(_ reason: String, _ remedy: String = "copy or download the file again") -> ImagingError {
      .unreadable(path: path, reason: reason, remedy: remedy)
    }
    guard bytes.count >= 128, bytes[126] == 0x49 else {
      throw refuse("it comes from a big-endian machine", "save it again with MATLAB, Octave or SciPy")
    }
    var arrays: [Array] = []
    var place = 128
    while place < bytes.count {
      guard place + 8 <= bytes.count else { throw refuse("it is cut short after \(place) bytes") }
      let (type, size) = (Self.word(bytes, place), Self.word(bytes, place + 4))
      let end = place + 8 + size
      guard end <= bytes.count else {
        throw refuse("it is cut short: \(bytes.count) of \(end) bytes are there")
      }
      let number = arrays.count + 1
      switch type {
      case Self.matrix:
        arrays.append(try Self.array(bytes[place..<min(end, place + 512)], total: 8 + size, number, refuse))
      case Self.compressed:
        guard let inflated = Self.inflated(bytes, place + 8..<end) else {
          throw refuse("the compressed data of its variable \(number) are damaged")
        }
        arrays.append(try Self.array(inflated.head[...], total: inflated.count, number, refuse))
      default:
        throw refuse("it has an element of type \(type), which is no variable")
      }
      place = end
    }
    guard Set(arrays.map(\.name)).count == arrays.count else { throw refuse("two of its variables have one name") }
    self.arrays = arrays
  }

  /// A little-endian 32-bit number.
  private static func word(_ bytes: some RandomAccessCollection<UInt8>, _ offset: Int) -> Int {
    bytes.dropFirst(offset).prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  /// An array's description.
  ///
  /// - Parameters:
  ///   - head: the element's beginning, its tag included.
  ///   - total: bytes of the element, its tag included.
  private static func array(
    _ head: ArraySlice<UInt8>, total: Int, _ number: Int, _ refuse: (String, String) -> ImagingError
  ) throws -> Array {
    let again = "copy or download the file again"
    var place = 8
    /// The next part's type and size, the place of its values and that of what follows.
    func part() throws -> (type: Int, size: Int, start: Int, end: Int) {
      guard place + 8 <= head.count else { throw refuse("its variable \(number) is cut short", again) }
      let first = word(head, place)
      guard first >> 16 == 0 else {
        let size = first >> 16
        guard size <= 4 else { throw refuse("a part of its variable \(number) has a damaged size", again) }
        return (first & 0xFFFF, size, place + 4, place + 8)
      }
      let size = word(head, place + 4)
      return (first, size, place + 8, place + 8 + (size + 7) / 8 * 8)
    }
    guard head.count >= 8, word(head, 0) == matrix, 8 + word(head, 4) == total else {
      throw refuse("its variable \(number) is no array, or has another size than it says", again)
    }
    let flags = try part()
    guard flags.type == uint32, flags.size == 8, flags.end <= head.count else {
      throw refuse("the flags of its variable \(number) are damaged", again)
    }
    let bits = UInt32(truncatingIfNeeded: word(head, flags.start))
    guard let type = NumberClass(rawValue: bits & 0xFF), bits & 0x800 == 0 else {
      throw refuse(
        "its variable \(number) is no real, full array of numbers", "save the images X and the labels y alone")
    }
    place = flags.end
    let sizes = try part()
    guard sizes.type == int32, (8...32).contains(sizes.size), sizes.size % 4 == 0, sizes.end <= head.count else {
      throw refuse("the dimensions of its variable \(number) are damaged", again)
    }
    var count = 1
    let dimensions = (0..<sizes.size / 4).map { word(head, sizes.start + 4 * $0) }
    for dimension in dimensions {
      let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
      guard !overflow, dimension > 0, product <= ArrayFile.limit else {
        let text = dimensions.map(String.init).joined(separator: " x ")
        throw refuse("its variable \(number) of \(text) is empty or over the limit of \(ArrayFile.limit)", again)
      }
      count = product
    }
    place = sizes.end
    let named = try part()
    guard named.type == int8, (1...63).contains(named.size), named.end <= head.count else {
      throw refuse("the name of its variable \(number) is damaged", again)
    }
    let letters = head.dropFirst(named.start).prefix(named.size)
    let isName = letters.allSatisfy { letter in
      (48...57).contains(letter) || (65...90).contains(letter) || (97...122).contains(letter) || letter == 95
    }
    guard isName else { throw refuse("the name of its variable \(number) is damaged", again) }
    place = named.end
    let values = try part()
    guard let bytes = numberBytes[values.type], values.size == count * bytes,
      values.end == total || values.start + values.size == total
    else { throw refuse("its variable \(number) does not have as many values as its dimensions say", again) }
    return Array(name: String(decoding: letters, as: UTF8.self), type: type, dimensions: dimensions)
  }

  /// Inflates a zlib stream to its end.
  ///
  /// - Returns: the first 512 bytes and the number of all; nil unless the stream is whole, sound and fills the range.
  private static func inflated(_ bytes: [UInt8], _ range: Range<Int>) -> (head: [UInt8], count: Int)? {
    var stream = z_stream()
    guard inflateInit_(&stream, zlibVersion(), Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return nil }
    defer { inflateEnd(&stream) }
    var (head, count) = ([UInt8](), 0)
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    let isWhole = bytes.withUnsafeBufferPointer { source in
      stream.next_in = UnsafeMutablePointer(mutating: source.baseAddress! + range.lowerBound)
      // At most 2^31: the file is no longer.
      stream.avail_in = UInt32(range.count)
      while true {
        let code = chunk.withUnsafeMutableBufferPointer { target in
          stream.next_out = target.baseAddress!
          stream.avail_out = UInt32(target.count)
          return inflate(&stream, Z_NO_FLUSH)
        }
        let made = chunk.count - Int(stream.avail_out)
        head += chunk.prefix(min(made, 512 - head.count))
        count += made
        if code == Z_STREAM_END { return stream.avail_in == 0 }
        guard code == Z_OK, made > 0, count <= ArrayFile.limit + 512 else { return false }
      }
    }
    return isWhole ? (head, count) : nil
  }
}
