import ImageSets

/// What is done to every image of every class before anything learns from it.
public struct PreprocessingSettings: Sendable, Equatable {
  /// How many channels every image gets.
  public var colour = Preprocessing.Colour.auto
  public var intensity = Preprocessing.Intensity.minMax
  /// What becomes 0 and 1 by min-max.
  public var range = IntensityLimits.extremes
  /// Pixels; nil: as the images are.
  public var height: Int?
  /// Pixels; nil: as the images are.
  public var width: Int?
  public var fit = Preprocessing.Fit.cropOrPad

  public init() {}

  static let section = RecipeSection(
    name: "preprocessing", meaning: "what is done to every image of every class",
    settings: [
      .choice(
        "preprocessing.colour", \.preprocessing.colour,
        "auto reads three channels (red, green, blue) if any image of the cohort is in colour, and repeats the grey "
          + "ones, or else one; grey reads one, the luminance of colours; rgb reads three."),
      .choice(
        "preprocessing.intensity", \.preprocessing.intensity,
        "min-max scales each image from 'range' to [0, 1], the channels of a colour image together; none takes "
          + "intensities as they are.",
        source: "paper, Appendix D: min-max"),
      Setting(
        "preprocessing.range", .intensities,
        "What becomes 0 and 1, the rest clipped: the minimum and maximum of each image, percentiles of each image, "
          + "or a window of the stored units, the same for all images, such as Hounsfield units of a CT.",
        source: "paper, Appendix D: minimum and maximum",
        read: { .text($0.preprocessing.range.description) },
        write: {
          if case .text(let text) = $1, let limits = IntensityLimits(text) { $0.preprocessing.range = limits }
        }),
      .integer(
        "preprocessing.height", \.preprocessing.height, 16...2048, or: "as-is",
        "Rows that every image gets; as-is needs images of one size."),
      .integer(
        "preprocessing.width", \.preprocessing.width, 16...2048, or: "as-is", "Columns that every image gets."),
      .choice(
        "preprocessing.fit", \.preprocessing.fit,
        "How an image comes to that size: cut or filled around its centre, or resampled."),
    ])
}
