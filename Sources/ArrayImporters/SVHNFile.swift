import CMatIO
import Files
import Foundation
import ImageFiles

/// The cropped digits of SVHN: a MATLAB file with X, `[row, column, channel, image]`, the first index fastest, and y, a
/// label from 1 to 10 for each image, 10 for the digit 0.
///
/// Source: Netzer and others, "Reading digits in natural images with unsupervised feature learning", 2011; its page,
/// "Format 2".
enum SVHNFile {
  /// - Throws: `ImagingError` for a damaged file, one without X and y of these shapes, and a label out of range.
  static func read(_ source: ArrayFile.Source) throws -> LabelledArray {
    let path = source.path
    func refuse(_ reason: String, _ remedy: String = "name train_32x32.mat or test_32x32.mat") -> ImagingError {
      .unreadable(path: path, reason: reason, remedy: remedy)
    }
    let file = try RegularFile.stored(source)
    let arrays = try MATFile(file, path: path).arrays
    guard let images = arrays.first(where: { $0.name == "X" }), let labels = arrays.first(where: { $0.name == "y" })
    else { throw refuse("it has no X and y, images and labels") }
    // A last dimension of 1 is not written.
    let shape = images.dimensions.count == 3 ? images.dimensions + [1] : images.dimensions
    guard images.type == .uint8, shape.count == 4, shape[2] == 1 || shape[2] == 3 else {
      throw refuse("its X is not [row, column, channel, image] of 8-bit numbers with 1 or 3 channels")
    }
    let (size, count) = (ImageSize(height: shape[0], width: shape[1]), shape[3])
    guard size.isUsable else { throw refuse("its images of \(size) are too large") }
    guard labels.count == count else {
      let isTable = labels.dimensions.filter { $0 > 1 }.count > 1
      throw refuse(
        isTable
          ? "it has several labels for each image (y is \(labels.dimensions.map(String.init).joined(separator: " x ")))"
          : "it has \(TextList.count(count, "image")) and \(TextList.count(labels.count, "label"))")
    }
    guard labels.dimensions.filter({ $0 > 1 }).count <= 1, labels.type == .uint8 || labels.type == .double else {
      throw refuse("its y is no list of 8-bit or double numbers")
    }
    let (pixels, values) = try numbers(of: [images, labels], in: source, file)
    return LabelledArray(
      path: path, format: "MATLAB", size: size, channels: shape[2], bytes: pixels,
      layout: .init(
        image: shape[0] * shape[1] * shape[2], row: 1, column: shape[0], channel: shape[0] * shape[1]),
      labels: try values.enumerated().map { index, value in
        guard let label = Int(exactly: value), (1...10).contains(label) else {
          throw refuse("the label \(value) of image \(index + 1) is out of SVHN's range, 1 to 10")
        }
        return label % 10
      })
  }

  /// The values of X, and of y as numbers, through libmatio, which reads files only.
  private static func numbers(
    of arrays: [MATFile.Array], in source: ArrayFile.Source, _ bytes: [UInt8]
  ) throws -> ([UInt8], [Double]) {
    var url: URL
    var temporary: URL?
    defer { if let temporary { try? FileManager.default.removeItem(at: temporary) } }
    switch source {
    case .file(let file): url = file
    case .memory:
      url = FileManager.default.temporaryDirectory.appending(
        path: "manikin-\(UUID().uuidString).mat", directoryHint: .notDirectory)
      temporary = url
      try bytes.withUnsafeBytes { try WholeFile.write($0, to: url) }
    }
    func read(_ array: MATFile.Array) throws -> [UInt8] {
      try [UInt8](unsafeUninitializedCapacity: array.count * array.type.bytes) { buffer, count in
        guard manikin_mat_read(url.path, array.name, buffer.baseAddress!, array.count, array.type.bytes) == 0 else {
          throw ImagingError.unreadable(
            path: source.path, reason: "libmatio cannot read its \(array.name)", remedy: "copy or download it again")
        }
        count = array.count * array.type.bytes
      }
    }
    let labels = try read(arrays[1])
    let values =
      arrays[1].type == .uint8
      ? labels.map(Double.init)
      : labels.withUnsafeBytes { raw in
        (0..<arrays[1].count).map { raw.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self) }
      }
    return (try read(arrays[0]), values)
  }
}

extension RegularFile {
  /// All bytes of a source as they are stored.
  fileprivate static func stored(_ source: ArrayFile.Source) throws -> [UInt8] {
    switch source {
    case .memory(let bytes, _): return bytes
    case .file(let url):
      return try RegularFile(path: url.path, noun: "an array file", gzip: .content)
        .allBytes(limit: ArrayFile.limit, remedy: "use a smaller file")
    }
  }
}
