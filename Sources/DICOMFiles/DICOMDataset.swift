import Foundation

/// The elements of a DICOM file, or of an item of one of its sequences, each checked to lie within the bytes.
///
/// Values stay where they are until they are asked for. Of nested sequences only the ends are found.
///
/// Source: DICOM PS3.5, sections 7 (data set) and A (transfer syntaxes).
package struct DICOMDataset: Sendable {
  struct Element: Sendable {
    /// Two letters, `UN` where the file states none.
    var kind: String
    var range: Range<Int>
    /// The pieces of compressed pixels, without the table of offsets; empty for other elements.
    var fragments: [Range<Int>] = []
    var isCompressed = false
  }

  /// How numbers and lengths are written.
  struct Encoding: Sendable {
    var isExplicit = true
    var isBigEndian = false

    /// Inside a sequence: one of unknown kind is written without kinds (CP-246).
    func inside(_ kind: String) -> Encoding {
      kind == "UN" && isExplicit ? Encoding(isExplicit: false, isBigEndian: false) : self
    }
  }

  /// Why bytes are no data set.
  package struct Damage: Error {
    package var reason: String
  }

  /// More than any image has; a file of nothing but empty elements would fill the memory.
  static let elementLimit = 100_000
  static let depthLimit = 32

  let bytes: [UInt8]
  private(set) var encoding: Encoding
  private(set) var elements: [DICOMTag: Element] = [:]

  /// Reads the elements in a range, up to the pixels.
  ///
  /// - Throws: `Damage`.
  init(_ bytes: [UInt8], in range: Range<Int>, encoding: Encoding) throws {
    self.bytes = bytes
    self.encoding = encoding
    var (count, found) = (0, [DICOMTag: Element]())
    _ = try walk(
      range.lowerBound, end: range.upperBound, encoding, isOpenItem: false, depth: 0, count: &count, found: &found)
    elements = found
  }

  /// Walks the elements from a place on.
  ///
  /// - Parameters:
  ///   - isOpenItem: whether they end with an item's end mark.
  ///   - depth: 0 for the data set's own elements, which go to `found`; more inside sequences.
  /// - Returns: the place after the last.
  private func walk(
    _ start: Int, end: Int, _ encoding: Encoding, isOpenItem: Bool, depth: Int, count: inout Int,
    found: inout [DICOMTag: Element]
  ) throws -> Int {
    let isTop = depth == 0
    guard depth <= Self.depthLimit else { throw Damage(reason: "its sequences are nested too deeply") }
    var place = start
    while end - place >= 8 {
      count += 1
      guard count <= Self.elementLimit else { throw Damage(reason: "it has over \(Self.elementLimit) elements") }
      let (tag, header) = try header(at: place, end: end, encoding)
      if tag == .itemEnd, isOpenItem { return header.start }
      // Padding after the last element.
      if tag == DICOMTag(0, 0), isTop, bytes[place..<end].allSatisfy({ $0 == 0 }) { return end }
      var element = Element(kind: header.kind, range: header.start..<header.start)
      if let length = header.length {
        guard length <= end - header.start else {
          throw Damage(reason: "it is cut short: an element of \(length) bytes has \(end - header.start)")
        }
        element.range = header.start..<header.start + length
        place = element.range.upperBound
      } else if tag == .pixels, isTop {
        element.isCompressed = true
        (element.fragments, place) = try fragments(from: header.start, end: end, encoding)
      } else {
        place = try sequence(
          from: header.start, end: end, encoding.inside(header.kind), depth: depth + 1, count: &count
        ) { _ in }
        element.range = header.start..<place
      }
      if isTop, found[tag] == nil { found[tag] = element }
      if tag == .pixels, isTop { return place }
    }
    guard !isOpenItem else { throw Damage(reason: "it is cut short inside a sequence") }
    return end
  }

  /// Walks the items of a sequence.
  ///
  /// - Parameter take: is given the range of each item's elements.
  /// - Returns: the place after the end mark.
  private func sequence(
    from start: Int, end: Int, _ encoding: Encoding, depth: Int, count: inout Int, take: (Range<Int>) -> Void
  ) throws -> Int {
    var (place, none) = (start, [DICOMTag: Element]())
    while end - place >= 8 {
      let tag = DICOMTag(number(place, encoding), number(place + 2, encoding))
      let length: UInt32 = number(place + 4, encoding)
      place += 8
      if tag == .sequenceEnd { return place }
      count += 1
      guard tag == .item, count <= Self.elementLimit else {
        throw Damage(reason: "the items of a sequence are damaged")
      }
      let first = place
      if length == .max {
        place = try walk(
          place, end: end, encoding, isOpenItem: true, depth: depth, count: &count, found: &none)
        take(first..<place - 8)
      } else {
        guard Int(length) <= end - place else { throw Damage(reason: "it is cut short inside a sequence") }
        place += Int(length)
        take(first..<place)
      }
    }
    return end
  }

  private func fragments(from start: Int, end: Int, _ encoding: Encoding) throws -> ([Range<Int>], Int) {
    var (ranges, place) = ([Range<Int>](), start)
    while end - place >= 8 {
      let tag = DICOMTag(number(place, encoding), number(place + 2, encoding))
      let length: UInt32 = number(place + 4, encoding)
      place += 8
      if tag == .sequenceEnd { return (Array(ranges.dropFirst()), place) }
      guard tag == .item, ranges.count < Self.elementLimit else {
        throw Damage(reason: "the pieces of its pixels are damaged")
      }
      guard length != .max, Int(length) <= end - place else {
        throw Damage(reason: "its pixels are cut short: a piece of \(length) bytes has \(end - place)")
      }
      ranges.append(place..<place + Int(length))
      place += Int(length)
    }
    guard !ranges.isEmpty else { throw Damage(reason: "its pixels are cut short") }
    // The end mark is missing, the pieces are whole.
    return (Array(ranges.dropFirst()), end)
  }

  private static let longKinds: Set<String> = [
    "OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV",
  ]

  /// - Returns: the tag, and the kind, the length (nil if the value has none) and the place of the value.
  private func header(
    at place: Int, end: Int, _ encoding: Encoding
  ) throws -> (DICOMTag, (kind: String, length: Int?, start: Int)) {
    let tag = DICOMTag(number(place, encoding), number(place + 2, encoding))
    func long(_ place: Int) -> Int? {
      let length: UInt32 = number(place, encoding)
      return length == .max ? nil : Int(length)
    }
    guard encoding.isExplicit, tag.group != 0xFFFE else { return (tag, ("UN", long(place + 4), place + 8)) }
    let kind = String(decoding: bytes[place + 4..<place + 6], as: UTF8.self)
    guard Self.longKinds.contains(kind) else {
      let length: UInt16 = number(place + 6, encoding)
      return (tag, (kind, Int(length), place + 8))
    }
    guard end - place >= 12 else { throw Damage(reason: "it is cut short inside an element") }
    return (tag, (kind, long(place + 8), place + 12))
  }

  private func number<Number: FixedWidthInteger>(_ place: Int, _ encoding: Encoding) -> Number {
    bytes.withUnsafeBytes {
      let stored = $0.loadUnaligned(fromByteOffset: place, as: Number.self)
      return encoding.isBigEndian ? Number(bigEndian: stored) : Number(littleEndian: stored)
    }
  }
}

// MARK: Values

extension DICOMDataset {
  /// A text without spaces round it; nil if there is none.
  ///
  /// Other alphabets than UTF-8's are read as Latin-1: good enough to tell whether two texts are one.
  func text(_ tag: DICOMTag, limit: Int = 1024) -> String? {
    guard let element = elements[tag], !element.isCompressed, element.range.count <= limit else { return nil }
    let raw = bytes[element.range]
    let text = String(validating: raw, as: UTF8.self) ?? String(raw.map { Character(Unicode.Scalar($0)) })
    let trimmed = text.trimmingCharacters(in: CharacterSet(charactersIn: " \0\t\r\n"))
    return trimmed.isEmpty ? nil : trimmed
  }

  /// A text of capital letters, digits, spaces and underscores, as codes are; all else is dropped. It is safe in a message.
  func code(_ tag: DICOMTag) -> String? {
    let code = text(tag, limit: 64)?.uppercased().filter {
      $0.isASCII && ($0.isLetter || $0.isNumber || $0 == " " || $0 == "_")
    }
    return code?.isEmpty == true ? nil : code
  }

  /// The finite decimal numbers of a text, separated by backslashes; empty unless all are numbers.
  func decimals(_ tag: DICOMTag) -> [Double] {
    guard let text = text(tag) else { return [] }
    let numbers = text.split(separator: "\\").map { Double($0.trimmingCharacters(in: .whitespaces)) }
    return numbers.allSatisfy { $0?.isFinite == true } ? numbers.compactMap { $0 } : []
  }

  /// Binary numbers of 16 bits.
  func words(_ tag: DICOMTag) -> [UInt16] {
    guard let element = elements[tag], !element.isCompressed else { return [] }
    return stride(from: element.range.lowerBound, to: element.range.upperBound - 1, by: 2).map { number($0, encoding) }
  }

  /// The first binary number of 16 bits.
  func word(_ tag: DICOMTag) -> Int? {
    guard let element = elements[tag], !element.isCompressed, element.range.count >= 2 else { return nil }
    let value: UInt16 = number(element.range.lowerBound, encoding)
    return Int(value)
  }

  /// The first item of a sequence; nil if there is none, or a damaged one.
  func firstItem(of tag: DICOMTag) -> DICOMDataset? { ranges(of: tag).first.flatMap(item) }

  /// The items of a sequence; empty if one is damaged.
  func items(of tag: DICOMTag) -> [DICOMDataset] {
    let ranges = ranges(of: tag)
    let items = ranges.compactMap(item)
    return items.count == ranges.count ? items : []
  }

  private func ranges(of tag: DICOMTag) -> [(range: Range<Int>, encoding: Encoding)] {
    guard let element = elements[tag], !element.isCompressed else { return [] }
    let inner = encoding.inside(element.kind)
    var (ranges, count): ([Range<Int>], Int) = ([], 0)
    _ = try? sequence(
      from: element.range.lowerBound, end: element.range.upperBound, inner, depth: 1, count: &count
    ) { ranges.append($0) }
    return ranges.map { ($0, inner) }
  }

  private func item(_ place: (range: Range<Int>, encoding: Encoding)) -> DICOMDataset? {
    try? DICOMDataset(bytes, in: place.range, encoding: place.encoding)
  }

  /// The data set with other elements in the place of some; nil takes one away. They lie in the same bytes.
  func replacing(_ others: [DICOMTag: Element?]) -> DICOMDataset {
    var set = self
    for (tag, element) in others { set.elements[tag] = element }
    return set
  }
}
