import ImageFiles

/// One synthetic image to be written, with how it came about.
public struct SyntheticImage: Sendable {
  public var className: String
  /// Pixels as they go to the file, and the frame of the training images.
  public var slice: Slice
  /// What made it: a model's name or path.
  public var model: String
  public var seed: UInt64
  /// The number of the Markov chain it ended; nil for a sampler without chains.
  public var chain: Int?
  /// The share of the chain's proposals that were accepted, 0 to 1; nil for a sampler without chains.
  public var acceptance: Double?
  /// The path of the training image that is most like it.
  public var nearestTrainingImage: String?
  public var nearestDistance: Double?
  /// Values of the folder's further columns, in their order.
  public var furtherValues: [String]

  public init(
    className: String, slice: Slice, model: String, seed: UInt64, chain: Int? = nil, acceptance: Double? = nil,
    nearestTrainingImage: String? = nil, nearestDistance: Double? = nil, furtherValues: [String] = []
  ) {
    self.className = className
    self.slice = slice
    self.model = model
    self.seed = seed
    self.chain = chain
    self.acceptance = acceptance
    self.nearestTrainingImage = nearestTrainingImage
    self.nearestDistance = nearestDistance
    self.furtherValues = furtherValues
  }
}

/// The text of `manifest.csv`: one line for each image, missing values `n/a`, quotes as in RFC 4180.
struct Manifest {
  static let fileName = "manifest.csv"
  static let columns = [
    "file", "class", "model", "seed", "chain", "acceptance", "nearest_training_image", "nearest_distance",
  ]

  private(set) var text: String

  init(furtherColumns: [String]) {
    text = Self.line(Self.columns + furtherColumns)
  }

  mutating func append(file: String, image: SyntheticImage) {
    text += Self.line([file] + Self.values(of: image))
  }

  /// A line for a real image beside the synthetic ones: its class, its path among the training images, and that it is
  /// real, in the columns of these names.
  mutating func append(realFile file: String, className: String, source: String, columns: [String]) {
    text += Self.line(
      [file]
        + columns.dropFirst().map { column in
          switch column {
          case "class": className
          case "source_training_image": source
          case Self.originColumn: Self.realOrigin
          default: "n/a"
          }
        })
  }

  /// The column that tells real images from synthetic ones in a folder that holds both.
  static let originColumn = "origin"
  static let realOrigin = "real"
  static let syntheticOrigin = "synthetic"

  /// The values of the columns after the first.
  static func values(of image: SyntheticImage) -> [String] {
    [
      image.className, image.model, "\(image.seed)", image.chain.map { "\($0)" } ?? "n/a",
      image.acceptance.map { "\($0)" } ?? "n/a", image.nearestTrainingImage ?? "n/a",
      image.nearestDistance.map { "\($0)" } ?? "n/a",
    ] + image.furtherValues
  }

  private static func line(_ fields: [String]) -> String {
    fields.map { field in
      field.contains { $0 == "," || $0 == "\"" || $0.isNewline }
        ? "\"" + field.replacing("\"", with: "\"\"") + "\"" : field
    }.joined(separator: ",") + "\n"
  }
}
