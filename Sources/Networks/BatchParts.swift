/// A batch cut into parts of nearly one size, so that no more than so many images are in memory at once.
public struct BatchParts: Sendable, Equatable {
  /// The rows of each part, in order; together all of the batch.
  public let ranges: [Range<Int>]

  /// - Parameters:
  ///   - count: images in the batch, at least 1.
  ///   - most: images in a part, at least 1; nil for one part.
  public init(count: Int, most: Int?) {
    precondition(count > 0 && (most ?? 1) > 0, "\(count) images in parts of \(most ?? count)")
    let parts = (count + (most ?? count) - 1) / (most ?? count)
    ranges = (0..<parts).map { count * $0 / parts..<count * ($0 + 1) / parts }
  }
}
