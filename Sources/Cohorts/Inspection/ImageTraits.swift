import Files
import ImageFiles
import ImageSets

/// What a file says of an image, and how its intensities lie, as stored: for comparing images of two places.
public struct ImageTraits: Sendable, Equatable {
  /// Rows by columns, such as `208 x 176`; of a volume of which no slice was chosen, the sizes in file order.
  public var size: String
  /// In millimetres, in the order of the size; empty if the file does not say.
  public var spacing: String
  /// Such as `RAS`, or `none`.
  public var orientation: String
  /// Such as `float32`, with the bits of a sample where the format has several.
  public var dataType: String
  public var isColour: Bool
  /// The least and the greatest intensity as stored; nil for a volume of which no slice was chosen.
  public var range: ClosedRange<Float>?

  /// Takes every value as given.
  public init(
    size: String, spacing: String, orientation: String, dataType: String, isColour: Bool, range: ClosedRange<Float>?
  ) {
    (self.size, self.spacing, self.orientation) = (size, spacing, orientation)
    (self.dataType, self.isColour, self.range) = (dataType, isColour, range)
  }

  /// Of images that can be read, in their order, several at a time.
  public static func read(_ images: [CohortImage], selection: SliceSelection?) throws -> [ImageTraits] {
    try ParallelMap.map(count: images.count) { index -> ImageTraits? in
      let scan = ImageScan(images[index], selection: selection)
      guard scan.problem == nil else { return nil }
      return ImageTraits(
        size: scan.size, spacing: scan.spacing, orientation: scan.orientation, dataType: scan.dataType,
        isColour: scan.isColour, range: scan.range.flatMap { $0.low <= $0.high ? $0.low...$0.high : nil })
    }.compactMap { $0 }
  }
}
