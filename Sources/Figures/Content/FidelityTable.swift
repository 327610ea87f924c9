/// How like real images those of each method are, in one space of features, against one set of real images.
public struct FidelityTable: Sendable, Equatable {
  /// The figures of one set of images of one class; nil where a figure is not defined.
  public struct Row: Sendable, Equatable {
    /// A method, or which real images.
    public var name: String
    public var className: String
    /// Whether these are real images, to compare the others with.
    public var isReal: Bool
    public var images: Int
    /// The next four and the two of the curve in [0, 1], but density, which is about 1 for sets that are alike.
    public var precision: Double?
    public var recall: Double?
    public var density: Double?
    public var coverage: Double?
    public var curvePrecision: Double?
    public var curveRecall: Double?
    /// Not below 0.
    public var frechetDistance: Double?
    public var kernelDistance: Double?

    /// Takes every value as given.
    public init(
      name: String, className: String, isReal: Bool, images: Int, precision: Double?, recall: Double?, density: Double?,
      coverage: Double?, curvePrecision: Double?, curveRecall: Double?, frechetDistance: Double?,
      kernelDistance: Double?
    ) {
      (self.name, self.className, self.isReal, self.images) = (name, className, isReal, images)
      (self.precision, self.recall, self.density, self.coverage) = (precision, recall, density, coverage)
      (self.curvePrecision, self.curveRecall) = (curvePrecision, curveRecall)
      (self.frechetDistance, self.kernelDistance) = (frechetDistance, kernelDistance)
    }
  }

  /// The features and the reference, such as `Image features, against test images`.
  public var title: String
  /// Whether the table is shown only when it is asked for.
  public var isFolded: Bool
  public var rows: [Row]
  /// What the figures say, a sentence for each class.
  public var findings: [String]
  /// What makes them doubtful, each a sentence.
  public var cautions: [String]

  /// Takes every value as given.
  public init(title: String, isFolded: Bool = false, rows: [Row], findings: [String] = [], cautions: [String] = []) {
    (self.title, self.isFolded, self.rows) = (title, isFolded, rows)
    (self.findings, self.cautions) = (findings, cautions)
  }
}
