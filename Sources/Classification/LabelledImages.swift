import Tensors

/// Images with their classes, and the order in which a training walks them.
///
/// `rows` may repeat an image, so that resampled and repeated sets share one copy of the pixels.
public struct LabelledImages: Sendable {
  /// `[height, width, channel]` each, values in [0, 1].
  public let images: TensorRows
  /// The class of each image, 0 ..< classes.
  public let labels: [Int]
  /// Which images make up the set, repeats allowed.
  public let rows: [Int]

  /// A set of some of the images.
  ///
  /// - Parameters:
  ///   - images: `[height, width, channel]` each, values in [0, 1].
  ///   - labels: the class of each image, from 0.
  ///   - rows: which images make up the set, repeats allowed; all images once when nil.
  public init(images: TensorRows, labels: [Int], rows: [Int]? = nil) {
    precondition(
      images.rowShape.count == 3 && images.count == labels.count, "one label for each of \(images.count) images")
    self.images = images
    self.labels = labels
    self.rows = rows ?? Array(labels.indices)
    precondition(self.rows.allSatisfy(labels.indices.contains), "a row that is no image")
  }

  /// A set of some of the images of a tensor.
  ///
  /// - Parameters:
  ///   - images: `[image, height, width, channel]`, values in [0, 1].
  ///   - labels: the class of each image, from 0.
  ///   - rows: which images make up the set, repeats allowed; all images once when nil.
  public init(images: Tensor, labels: [Int], rows: [Int]? = nil) {
    self.init(images: TensorRows(images), labels: labels, rows: rows)
  }

  /// The number of images in a pass, repeats counted.
  public var count: Int { rows.count }

  /// The same images in other numbers.
  public func selecting(_ rows: [Int]) -> LabelledImages {
    LabelledImages(images: images, labels: labels, rows: rows)
  }

  /// How many entries of `rows` each class has.
  public func classCounts(_ classes: Int) -> [Int] {
    rows.reduce(into: [Int](repeating: 0, count: classes)) { $0[labels[$1]] += 1 }
  }
}
