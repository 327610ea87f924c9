import Files
import ImageFiles

/// A member of a NumPy archive, `.npz`: numbers with their shape.
struct NumPyArray: Sendable {
  /// The member's, without `.npy`.
  let name: String
  let shape: [Int]
  /// Elements from one index to the next, of each axis.
  let strides: [Int]
  let type: VoxelType
  private let isBigEndian: Bool
  private let isBoolean: Bool
  private let bytes: [UInt8]

  /// Reads a member whole.
  ///
  /// - Throws: `ImagingError` for Python objects and other things than numbers, for an empty array, and for a member that
  ///   is shorter or longer than its header says or damaged.
  init(_ member: ZipArchive.Member, in archive: ZipArchive) throws {
    let name = member.name.hasSuffix(".npy") ? String(member.name.dropLast(4)) : member.name
    func refuse(_ reason: String, _ remedy: String = "save it again with numpy.savez") -> ImagingError {
      .unreadable(path: archive.path, reason: "its array \(TextList.printable(name)) \(reason)", remedy: remedy)
    }
    let reader = try archive.reader(of: member)
    guard member.size >= 10 else { throw refuse("is cut short") }
    let start = try reader.bytes(10)
    guard start.starts(with: NumPyHeader.mark) else { throw refuse("is not in NumPy's format") }
    guard (1...3).contains(start[6]), start[7] == 0 else {
      throw refuse("is of version \(start[6]).\(start[7]) of NumPy's format, not 1.0, 2.0 or 3.0")
    }
    var (length, place) = (Int(start[8]) | Int(start[9]) << 8, 10)
    if start[6] > 1 {
      guard member.size >= 12 else { throw refuse("is cut short") }
      for (index, byte) in try reader.bytes(2).enumerated() { length |= Int(byte) << (16 + 8 * index) }
      place = 12
    }
    guard length <= NumPyHeader.limit, place + length <= member.size else {
      throw refuse("has a header of \(length) bytes, over its own size or the limit of \(NumPyHeader.limit)")
    }
    let header: NumPyHeader
    do { header = try NumPyHeader(reader.bytes(length)) } catch let refusal as NumPyHeader.Refusal {
      throw refuse(refusal.reason, refusal.remedy)
    }
    let text = header.shape.isEmpty ? "one number" : header.shape.map(String.init).joined(separator: " x ")
    guard let count = header.count, count > 0 else {
      throw refuse("is empty or over the limit of \(ArrayFile.limit) (\(text))", "use a smaller file")
    }
    let size = count * header.type.byteCount
    guard place + length + size == member.size else {
      throw refuse(
        "has \(member.size - place - length) bytes of values, and its header says \(size) (\(text))",
        "copy or download the file again")
    }
    bytes = try reader.bytes(size)
    try reader.requireEnd()
    self.name = name
    (shape, strides, type) = (header.shape, header.strides, header.type)
    (isBigEndian, isBoolean) = (header.isBigEndian, header.isBoolean)
  }

  var count: Int { shape.reduce(1, *) }

  /// The elements in the order they are stored, as numbers from 0 to 255.
  ///
  /// - Returns: nil unless every one of them is such a whole number.
  var octets: [UInt8]? {
    if type == .uint8, !isBoolean { return bytes }
    var octets: [UInt8] = []
    octets.reserveCapacity(count)
    let ones: UInt8 = isBoolean ? 255 : 1
    for place in 0..<count {
      guard let value = UInt8(exactly: self[place]) else { return nil }
      octets.append(value &* ones)
    }
    return octets
  }

  /// An element by its place in the file.
  subscript(place: Int) -> Double {
    let raw = EndianBytes(bytes: bytes, isBigEndian: isBigEndian)
    let offset = place * type.byteCount
    return switch type {
    case .uint8: isBoolean ? (bytes[offset] == 0 ? 0 : 1) : Double(bytes[offset])
    case .int8: Double(Int8(bitPattern: bytes[offset]))
    case .int16: Double(raw.integer(offset, as: Int16.self))
    case .uint16: Double(raw.integer(offset, as: UInt16.self))
    case .int32: Double(raw.integer(offset, as: Int32.self))
    case .uint32: Double(raw.integer(offset, as: UInt32.self))
    case .int64: Double(raw.integer(offset, as: Int64.self))
    case .uint64: Double(raw.integer(offset, as: UInt64.self))
    case .float32: raw.float32(offset)
    case .float64: raw.float64(offset)
    }
  }
}
