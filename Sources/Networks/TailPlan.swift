/// How the transposed convolutions at the end of a network are worked off, some images at a time, so that what they make of a
/// whole batch is never in memory. They make most of a decoder's values, and what lies between them and the loss is needed
/// for one image at a time only.
struct TailPlan: Equatable {
  /// How many layers.
  let layers: Int
  /// Images at once, fewer than the batch has.
  let images: Int

  /// One transposed convolution of the end.
  struct Layer {
    /// Values that it makes of one image.
    var values: Int
    var weights: Int
  }

  /// What a part may make: 32 MiB of float32.
  private static let partValues = 1 << 23

  /// - Parameters:
  ///   - end: the transposed convolutions after which nothing comes, in order.
  ///   - batch: images.
  /// - Returns: nil where the batch as a whole makes no more than a part may.
  init?(_ end: [Layer], batch: Int) {
    var (layers, images, sum) = (0, batch, 0)
    for layer in end.reversed() {
      let fitting = min(batch, max(1, Self.partValues / (sum + layer.values)))
      // Every part takes the layer's weights anew, which has to be little beside the images.
      guard layer.weights < fitting * layer.values else { break }
      sum += layer.values
      (layers, images) = (layers + 1, fitting)
    }
    guard layers > 0, images < batch else { return nil }
    self.layers = layers
    self.images = images
  }
}
