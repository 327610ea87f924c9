import Assessment
import Geometry
import Tensors

extension FeatureTable {
  /// Images that features are found of at once. A classifier looks at 200 at a time and Inception's network at 16, and this
  /// is a multiple of both, so that what they say does not depend on it.
  private static let imagesAtOnce = 400

  /// The features of many images, found piece by piece, so that only a piece of them is in memory.
  ///
  /// - Parameter table: the features of a piece, `[image, height, width, channel]`.
  package init(of images: TensorRows, _ table: (Tensor) throws -> FeatureTable) rethrows {
    let first = try table(images.rows(0..<min(images.count, Self.imagesAtOnce)))
    guard images.count > Self.imagesAtOnce else {
      self = first
      return
    }
    var values = first.values.values
    values.reserveCapacity(images.count * first.names.count)
    let rest = images.selecting(Array(Self.imagesAtOnce..<images.count))
    try rest.forPieces(of: Self.imagesAtOnce) { _, piece in values += try table(piece).values.values }
    self.init(
      kind: first.kind, names: first.names,
      values: Matrix(rows: images.count, columns: first.names.count, values: values))
  }
}
