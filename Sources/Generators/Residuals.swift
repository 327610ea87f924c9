/// What a decoder leaves out of an image, given to another image that it decoded.
public enum Residuals {
  /// min(1, max(0, decoded + (image - mean))) for each value.
  ///
  /// - Parameters:
  ///   - decoded: the decoded image that is changed.
  ///   - image: an image in [0, 1], as many values as `decoded`.
  ///   - mean: what the decoder made of `image`.
  public static func added(to decoded: [Float], image: [Float], mean: [Float]) -> [Float] {
    precondition(image.count == decoded.count && mean.count == decoded.count, "images of one size")
    return decoded.indices.map { min(1, max(0, decoded[$0] + (image[$0] - mean[$0]))) }
  }
}
