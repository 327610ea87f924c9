import Files

/// What a phantom cohort is made of.
///
/// The defaults follow the OASIS-1 cohort as the paper uses it: 416 subjects, 100 of them with Alzheimer's disease (AD),
/// 316 cognitively normal (CN), slices of 208 x 176 pixels. Source: Marcus et al., Journal of Cognitive Neuroscience
/// 19(9), 2007.
public struct PhantomConfiguration: Codable, Sendable, Equatable {
  /// Number of subjects of both classes together, at least 1.
  public var subjects: Int
  /// Number of subjects of class AD, at most `subjects`.
  public var minority: Int
  /// Rows of a slice, at least 32. The anatomy scales with the image.
  public var height: Int
  /// Columns of a slice, at least 32.
  public var width: Int
  /// Where all random numbers come from.
  public var seed: UInt64

  public init(
    subjects: Int = 416, minority: Int = 100, height: Int = 208, width: Int = 176, seed: UInt64 = 0
  ) {
    self.subjects = subjects
    self.minority = minority
    self.height = height
    self.width = width
    self.seed = seed
  }

  /// The smallest height and width.
  public static let smallestSide = 32
  /// The largest height and width.
  public static let largestSide = 2048
  /// The field of view that must fit into a slice, in millimetres.
  static let fieldOfView = (height: 208.0, width: 176.0)

  /// The side of a pixel in millimetres: the whole field of view fits into the slice.
  public var spacingMillimetres: Double {
    max(Self.fieldOfView.height / Double(height), Self.fieldOfView.width / Double(width))
  }
}

extension PhantomConfiguration {
  /// - Throws: `ImagingError.invalid` with the first value that is out of its range.
  public func validate() throws {
    guard subjects >= 1 else {
      throw ImagingError.invalid(
        what: "a phantom cohort cannot have \(subjects) subjects", remedy: "give a number of subjects of at least 1")
    }
    guard (0...subjects).contains(minority) else {
      throw ImagingError.invalid(
        what: "a phantom cohort of \(subjects) subjects cannot have \(minority) in its minority class",
        remedy: "give a minority from 0 to \(subjects)")
    }
    for (name, side) in [("height", height), ("width", width)] {
      guard (Self.smallestSide...Self.largestSide).contains(side) else {
        throw ImagingError.invalid(
          what: "a phantom slice cannot have a \(name) of \(side) pixels",
          remedy: "give a \(name) from \(Self.smallestSide) to \(Self.largestSide)")
      }
    }
  }
}
