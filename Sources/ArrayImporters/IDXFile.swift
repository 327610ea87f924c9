import Files
import ImageFiles

/// An array of bytes in the IDX format of the MNIST family: images of rank 3 (or 4 with colour), labels of rank 1.
///
/// A file is two zero bytes, the type's code, the rank, each dimension as a big-endian 32-bit number, and the values, the
/// last index fastest.
///
/// Source: LeCun, Cortes and Burges, "The MNIST database", "the IDX file format".
package struct IDXFile: Sendable {
  let path: String
  /// Each at least 1.
  package let dimensions: [Int]
  let bytes: [UInt8]

  /// Codes of the types with their names and bytes.
  private static let types: [UInt8: (name: String, bytes: Int)] = [
    0x08: ("unsigned bytes", 1), 0x09: ("signed bytes", 1), 0x0B: ("16-bit numbers", 2), 0x0C: ("32-bit numbers", 4),
    0x0D: ("32-bit fractions", 4), 0x0E: ("64-bit fractions", 8),
  ]

  static func isOne(_ start: [UInt8]) -> Bool {
    start.count >= 4 && start[0] == 0 && start[1] == 0 && types[start[2]] != nil && (1...8).contains(start[3])
  }

  private static func dimensions(_ start: [UInt8]) -> [Int] {
    (0..<Int(start[3])).map { axis in
      start.dropFirst(4 + 4 * axis).prefix(4).reduce(0) { $0 << 8 | Int($1) }
    }
  }

  /// Bytes of the whole file as its beginning says; nil if they cannot be counted or the beginning is cut short.
  static func declaredSize(_ start: [UInt8]) -> Int? {
    let header = 4 + 4 * Int(start[3])
    guard start.count >= header, let type = types[start[2]] else { return nil }
    var count = type.bytes
    for dimension in dimensions(start) {
      let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
      guard !overflow, product < Int.max / 2 else { return nil }
      count = product
    }
    return header + count
  }

  /// - Throws: `ImagingError` unless the file holds unsigned bytes of rank 1, 3 or 4, as many as its header says.
  init(_ source: ArrayFile.Source) throws {
    let path = source.path
    func refuse(_ reason: String, _ remedy: String) -> ImagingError {
      .unreadable(path: path, reason: reason, remedy: remedy)
    }
    let file = try source.open()
    // Four bytes, and at most 8 dimensions.
    let start = try [UInt8](unsafeUninitializedCapacity: 36) { buffer, count in
      count = try file.read(into: UnsafeMutableRawBufferPointer(buffer))
    }
    let header = 4 + 4 * Int(start[3])
    guard start.count >= header else {
      throw refuse("it is cut short within its header", "copy or download the file again")
    }
    let dimensions = Self.dimensions(start)
    let type = Self.types[start[2]]!
    let text = dimensions.map(String.init).joined(separator: " x ")
    guard type.bytes == 1, start[2] == 0x08 else {
      throw refuse(
        "it holds \(type.name), not unsigned bytes", "name a file of 8-bit images or of labels from 0 to 255")
    }
    switch dimensions.count {
    case 1, 3, 4: break
    case 2: throw refuse("it has several labels for each entry (\(text))", "name a file with one label for each image")
    default: throw refuse("it has \(dimensions.count) dimensions", "name a file of images (3 or 4) or of labels (1)")
    }
    guard dimensions.allSatisfy({ $0 > 0 }) else { throw refuse("it holds nothing (\(text))", "name another file") }
    guard let declared = Self.declaredSize(start), declared <= ArrayFile.limit else {
      throw refuse(
        "its header declares more than the limit of \(ArrayFile.limit) bytes (\(text))", "use a smaller file")
    }
    let body = try source.open()
    bytes = try body.bytes(in: header..<declared, end: declared)
    guard body.isCompressed ? body.position == declared : body.size == declared else {
      throw refuse("it goes on after the \(declared) bytes that its header declares", "copy or download the file again")
    }
    self.path = path
    self.dimensions = dimensions
  }

  /// The images with their labels.
  ///
  /// - Parameter labels: of rank 1, as `self` is of rank 3 or 4.
  /// - Throws: `ImagingError` if the numbers differ, or for images that are neither grey nor red, green and blue.
  package func labelled(by labels: IDXFile) throws -> LabelledArray {
    let count = dimensions[0]
    guard count == labels.dimensions[0] else {
      throw ImagingError.invalid(
        what: "\(path) has \(TextList.count(count, "image")) and \(labels.path) has "
          + TextList.count(labels.dimensions[0], "label"),
        remedy: "name images and labels that belong together")
    }
    var (height, width, channels) = (dimensions[1], dimensions[2], 1)
    var layout = LabelledArray.Layout(image: height * width, row: width, column: 1, channel: 0)
    if dimensions.count == 4 {
      if dimensions[3] == 3 || dimensions[3] == 1 {
        channels = dimensions[3]
        layout = .init(image: height * width * channels, row: width * channels, column: channels, channel: 1)
      } else {
        (channels, height, width) = (dimensions[1], dimensions[2], dimensions[3])
        layout = .init(image: channels * height * width, row: width, column: 1, channel: height * width)
      }
    }
    let size = ImageSize(height: height, width: width)
    guard size.isUsable, channels == 1 || channels == 3 else {
      let text = dimensions.dropFirst().map(String.init).joined(separator: " x ")
      throw ImagingError.unreadable(
        path: path,
        reason: "its entries of \(text) are no images of 1 or 3 channels, 16384 pixels high or wide at most",
        remedy: "name another file")
    }
    return LabelledArray(
      path: path, format: "IDX", size: size, channels: channels, bytes: bytes, layout: layout,
      labels: labels.bytes.map(Int.init))
  }
}
