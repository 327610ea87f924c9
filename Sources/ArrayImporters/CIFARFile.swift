import Files
import ImageFiles

/// The binary records of CIFAR-10 (a label) and CIFAR-100 (a coarse and a fine label): 32 x 32 images of 3072 bytes, all
/// red ones first, then green, then blue. Of CIFAR-100 the fine label counts.
///
/// Source: Krizhevsky, "Learning multiple layers of features from tiny images", 2009; its page, "Binary version".
enum CIFARFile {
  private static let side = 32
  private static let imageBytes = 3 * side * side

  /// Whether a file of so many bytes is whole records.
  static func couldBe(_ size: Int) -> Bool {
    size > 0 && size <= ArrayFile.limit && (size % (imageBytes + 1) == 0 || size % (imageBytes + 2) == 0)
  }

  /// - Throws: `ImagingError` for a label that is out of range.
  static func read(_ source: ArrayFile.Source) throws -> LabelledArray {
    let bytes = try source.open().allBytes(limit: ArrayFile.limit, remedy: "use a smaller file")
    var refusal: ImagingError?
    for (labelBytes, limits) in [(1, [9]), (2, [19, 99])] where bytes.count % (imageBytes + labelBytes) == 0 {
      let record = imageBytes + labelBytes
      let starts = stride(from: 0, to: bytes.count, by: record)
      let wrong = starts.first { start in limits.indices.contains { Int(bytes[start + $0]) > limits[$0] } }
      if let wrong {
        let labels = limits.indices.map { String(bytes[wrong + $0]) }
        let range = limits.map { "0 to \($0)" }.joined(separator: ", ")
        let found = ImagingError.unreadable(
          path: source.path,
          reason:
            "the label \(labels.joined(separator: ", ")) of record \(wrong / record + 1) is out of CIFAR's range, "
            + range, remedy: "name the files of CIFAR-10 or CIFAR-100 as they were released")
        // Where a size suits both kinds, the first one speaks.
        refusal = refusal ?? found
        continue
      }
      return LabelledArray(
        path: source.path, format: labelBytes == 1 ? "CIFAR-10" : "CIFAR-100",
        size: ImageSize(height: side, width: side), channels: 3, bytes: bytes,
        layout: .init(start: labelBytes, image: record, row: side, column: 1, channel: side * side),
        labels: starts.map { Int(bytes[$0 + labelBytes - 1]) })
    }
    throw refusal
      ?? .unreadable(
        path: source.path, reason: "it is not whole records of CIFAR", remedy: "copy or download the file again")
  }
}
