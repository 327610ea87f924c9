import Foundation
import ImageFiles
import ImageSets
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
/// | `stored_at` | float64, `[image, 2]` | the numbers that the prepared intensities 0 and 1 are stored as |
package struct TrainingArchive {
  /// Images of one class, real or synthetic.
  package struct Part {
    package var className: String
    package var isSynthetic: Bool
    /// `[height, width, channel]` each, prepared, from 0 to 1.
    package var images: TensorRows
    package var files: [String]
    /// What became 0 and 1 of the original of each, whose light the image is to have; nil if that is not known.
    package var limits: [SIMD2<Float>]?

    package init(
      className: String, isSynthetic: Bool, images: TensorRows, files: [String], limits: [SIMD2<Float>]? = nil
    ) {
      self.className = className
      self.isSynthetic = isSynthetic
      self.images = images
      self.files = files
      self.limits = limits
    }
  }

  private static let imagesAtOnce = 256
  private let preprocessing: Preprocessing
  private let kind: SyntheticStorage
  private var parts: [Part] = []

  package init(preprocessing: Preprocessing, kind: SyntheticStorage) {
    (self.preprocessing, self.kind) = (preprocessing, kind)
  }

  package mutating func add(_ part: Part) {
    precondition(
      part.images.count == part.files.count, "\(part.files.count) names of \(part.images.count) images")
    if !part.files.isEmpty { parts.append(part) }
  }

  /// - Parameter classes: the names that labels count.
  /// - Throws: `ImagingError.unwritable`.
  package func write(to url: URL, classes: [String]) throws {
    let classes = classes.sorted()
    guard let shape = parts.first?.images.rowShape else { return }
    let count = parts.reduce(0) { $0 + $1.files.count }
    let axes = [count] + (shape[2] == 1 ? Array(shape[0...1]) : shape)
    let windows = parts.flatMap { part in
      part.files.indices.map { index in
        kind.window(preprocessing, limits: part.limits.flatMap { $0.indices.contains(index) ? $0[index] : nil })
          ?? preprocessing.writtenWindow(channels: shape[2]) ?? (0, 1)
      }
    }
    // Images are taken from where they lie, a piece at a time.
    var pieces: [(part: Int, rows: Range<Int>, first: Int)] = []
    var first = 0
    for (index, part) in parts.enumerated() {
      for start in stride(from: 0, to: part.files.count, by: Self.imagesAtOnce) {
        let rows = start..<min(start + Self.imagesAtOnce, part.files.count)
        pieces.append((index, rows, first + start))
      }
      first += part.files.count
    }
    let length = shape.reduce(1, *)
    func values<Value>(_ index: Int, _ value: (Float) -> Value) -> [Value] {
      let piece = pieces[index]
      let images = parts[piece.part].images.rows(piece.rows)
      // The buffer is valid while the tensor lives.
      return withExtendedLifetime(images) {
        images.buffer.enumerated().map { place, intensity in
          let (low, high) = windows[piece.first + place / length]
          return value(Float(low + Double(intensity) * (high - low)))
        }
      }
    }
    var archive = NumPyArchive()
    let storage = kind.storage
    func whole(_ value: Float) -> Float { min(Float(storage.largest), max(0, value.rounded())) }
    if storage.isFloat {
      archive.add("train_images", shape: axes, pieces: pieces.count) { values($0) { $0 } }
    } else if storage.bits == 16 {
      archive.add("train_images", shape: axes, pieces: pieces.count) { values($0) { UInt16(whole($0)) } }
    } else {
      archive.add("train_images", shape: axes, pieces: pieces.count) { values($0) { UInt8(whole($0)) } }
    }
    func each<Value>(_ value: (Part) -> Value) -> [Value] {
      parts.flatMap { [Value](repeating: value($0), count: $0.files.count) }
    }
    archive.add(
      "train_labels", each { part in Int64(classes.firstIndex(of: part.className) ?? -1) }, shape: [count])
    archive.add("synthetic", each(\.isSynthetic), shape: [count])
    archive.add("class_names", classes)
    archive.add("files", parts.flatMap(\.files))
    archive.add("stored_at", windows.flatMap { [$0.low, $0.high] }, shape: [count, 2])
    try archive.write(to: url)
  }
}
