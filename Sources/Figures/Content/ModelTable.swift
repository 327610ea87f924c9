/// Generative models and ways of drawing from them, compared with real images by a distance.
public struct ModelTable: Sendable, Equatable {
  /// One model and way of drawing.
  public struct Row: Sendable, Equatable {
    public var name: String
    /// Less is better.
    public var distance: Double
    public var interval: ClosedRange<Double>?
    /// Fractions; more is better.
    public var recall: Double
    public var precision: Double
    /// The distance of reconstructions.
    public var reconstruction: Double?
    /// The values of the chosen setting, where several were tried.
    public var setting: String?
    public var isNearest: Bool
    public var hasGreatestRecall: Bool
    /// Drawn images.
    public var pictures: [Picture]

    /// Takes every value as given.
    public init(
      name: String, distance: Double, interval: ClosedRange<Double>? = nil, recall: Double, precision: Double,
      reconstruction: Double? = nil, setting: String? = nil, isNearest: Bool = false, hasGreatestRecall: Bool = false,
      pictures: [Picture] = []
    ) {
      (self.name, self.distance, self.interval) = (name, distance, interval)
      (self.recall, self.precision, self.reconstruction) = (recall, precision, reconstruction)
      (self.setting, self.isNearest, self.hasGreatestRecall) = (setting, isNearest, hasGreatestRecall)
      self.pictures = pictures
    }
  }

  /// The distance of one row by the number of training images.
  public struct Curve: Sendable, Equatable {
    public struct Point: Sendable, Equatable {
      public var images: Int
      public var distance: Double
      public var interval: ClosedRange<Double>?

      public init(images: Int, distance: Double, interval: ClosedRange<Double>? = nil) {
        (self.images, self.distance, self.interval) = (images, distance, interval)
      }
    }

    public var name: String
    /// Whether the page's accent colour marks it.
    public var isHighlighted: Bool
    /// By ascending number of images.
    public var points: [Point]

    public init(name: String, isHighlighted: Bool, points: [Point]) {
      (self.name, self.isHighlighted, self.points) = (name, isHighlighted, points)
    }
  }

  /// One or two sentences: what the columns are.
  public var caption: String
  public var rows: [Row]
  /// Empty for one training set.
  public var curves: [Curve]

  /// Takes every value as given.
  public init(caption: String, rows: [Row], curves: [Curve] = []) {
    (self.caption, self.rows, self.curves) = (caption, rows, curves)
  }
}
