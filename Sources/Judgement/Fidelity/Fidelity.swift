import Assessment

/// How like real images a run's synthetic ones are, and how much of their variety they have: `fidelity.json`.
///
/// Every class and method is compared with the class's test images, which no model has seen, and with its training
/// images; real images of the other side are compared in the same way, as a yardstick. As many synthetic images are taken
/// as there are training images of the class (the first ones drawn; all when there are fewer), so that against test images
/// the yardstick has the same number and the same bias.
public struct Fidelity: Codable, Sendable, Equatable {
  /// The real images that others are compared with.
  public enum Reference: String, Codable, Sendable, CaseIterable {
    case test = "test images"
    case training = "training images"

    var other: Reference { self == .test ? .training : .test }
  }

  /// One set of images against one reference, in one space of features.
  public struct Entry: Codable, Sendable, Equatable {
    public var className: String
    /// What the features are.
    public var features: String
    public var reference: Reference
    /// Which synthetic images; nil for the real ones of the other side.
    public var method: String?
    /// Images of the reference.
    public var referenceCount: Int
    /// Images compared with them.
    public var count: Int
    /// The share of these that lie where images of the reference do, in [0, 1]; nil, as the next three, for a handful.
    public var precision: Double?
    /// The share of the reference that lies where these do, in [0, 1].
    public var recall: Double?
    /// About 1 when the sets are alike.
    public var density: Double?
    /// The share of the reference with one of these near it, in [0, 1].
    public var coverage: Double?
    /// The greatest F_1/8 of the precision-recall curve, in [0, 1].
    public var curvePrecision: Double
    /// The greatest F_8 of the precision-recall curve, in [0, 1].
    public var curveRecall: Double
    /// 0 when alike; too large for small samples.
    public var frechetDistance: Double?
    /// About 0 when alike, whatever the size of the samples.
    public var kernelDistance: Double?
    /// What makes these figures doubtful, a sentence each.
    public var warnings: [String]

    init(className: String, reference: Reference, method: String?, report: FidelityReport) {
      (self.className, self.reference, self.method) = (className, reference, method)
      features = report.features
      (referenceCount, count) = (report.realCount, report.syntheticCount)
      precision = report.neighbourhoods?.precision
      recall = report.neighbourhoods?.recall
      density = report.neighbourhoods?.density
      coverage = report.neighbourhoods?.coverage
      (curvePrecision, curveRecall) = (report.curvePrecision, report.curveRecall)
      (frechetDistance, kernelDistance) = (report.frechetDistance, report.kernelDistance)
      warnings = report.warnings.map { warning in
        let text = warning.description.replacing(" real ", with: " \(reference.rawValue.split(separator: " ")[0]) ")
        return method == nil
          ? text.replacing("synthetic", with: "\(reference.other.rawValue.split(separator: " ")[0])") : text
      }
    }
  }

  /// By kind of features, then by class, then by reference: the real images first, then the methods.
  public var entries: [Entry]

  package init(entries: [Entry]) {
    self.entries = entries
  }

  /// What the classifier's features are called.
  static let classifierFeatures = "features of a classifier of real images"
}
