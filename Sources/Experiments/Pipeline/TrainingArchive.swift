import Foundation
import Imaging
import Tensors

/// One `.npz` file with the real training images and the synthetic ones, prepared alike.
///
/// | array | type | what |
/// |---|---|---|
/// | `train_images` | uint8, uint16 or float32, `[image, height, width]` or `[image, height, width, 3]` | as the files have them |
/// | `train_labels` | int64 | numbers into `class_names` |
/// | `synthetic` | bool | whether the image was drawn |
/// | `class_names` | text | sorted |
/// | `files` | text | the path among the training images, or in the folder of synthetic ones |
/// | `stored_at` | float64, 2 | the numbers that the prepared intensities 0 and 1 are stored as |
struct TrainingArchive {
  /// Images of one class, real or synthetic.
  struct Part {
    var className: String
    var isSynthetic: Bool
    /// `[image, height, width, channel]`, prepared, from 0 to 1.
    var images: Tensor
    var files: [String]
  }

  private let preprocessing: Preprocessing
  private let storage: ImageStorage
  private var parts: [Part] = []

  init(preprocessing: Preprocessing, storage: ImageStorage) {
    (self.preprocessing, self.storage) = (preprocessing, storage)
  }

  mutating func add(_ part: Part) {
    precondition(
      part.images.shape[0] == part.files.count, "\(part.files.count) names of \(part.images.shape[0]) images")
    if !part.files.isEmpty { parts.append(part) }
  }

  /// - Parameter classes: the names that labels count.
  /// - Throws: `ImagingError.unwritable`.
  func write(to url: URL, classes: [String]) throws {
    let classes = classes.sorted()
    guard let shape = parts.first?.images.shape else { return }
    let count = parts.reduce(0) { $0 + $1.files.count }
    let axes = [count] + (shape[3] == 1 ? Array(shape[1...2]) : Array(shape[1...3]))
    let values = parts.flatMap { preprocessing.written(Array($0.images.buffer), channels: shape[3], storage: storage) }
    var archive = NumPyArchive()
    func whole(_ value: Float) -> Float { min(Float(storage.largest), max(0, value.rounded())) }
    if !storage.kind.isPicture {
      archive.add("train_images", values, shape: axes)
    } else if storage.bits == 16 {
      archive.add("train_images", values.map { UInt16(whole($0)) }, shape: axes)
    } else {
      archive.add("train_images", values.map { UInt8(whole($0)) }, shape: axes)
    }
    func each<Value>(_ value: (Part) -> Value) -> [Value] {
      parts.flatMap { [Value](repeating: value($0), count: $0.files.count) }
    }
    archive.add(
      "train_labels", each { part in Int64(classes.firstIndex(of: part.className) ?? -1) }, shape: [count])
    archive.add("synthetic", each(\.isSynthetic), shape: [count])
    archive.add("class_names", classes)
    archive.add("files", parts.flatMap(\.files))
    let (low, high) = preprocessing.writtenWindow(channels: shape[3], storage: storage) ?? (0, 1)
    archive.add("stored_at", [low, high], shape: [2])
    try archive.write(to: url)
  }
}
