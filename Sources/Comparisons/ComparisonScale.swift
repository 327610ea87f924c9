import Assessment
import Foundation
import Geometry
import ImageFiles
import Judgement
import Randomness
import Recipes
import Tensors

/// How far a set of images is from real ones in one space of features: a smaller distance is better, and both shares are
/// better near 1.
package struct ComparisonScore: Codable, Sendable, Equatable {
  /// 0 when alike; too large for small sets.
  package var frechetDistance: Double
  /// The greatest F_8 of the precision-recall curve, in [0, 1].
  package var recall: Double
  /// The greatest F_1/8 of that curve, in [0, 1].
  package var precision: Double

  package init(frechetDistance: Double, recall: Double, precision: Double) {
    (self.frechetDistance, self.recall, self.precision) = (frechetDistance, recall, precision)
  }

  /// As the paper prints them: F_8 / F_1/8.
  var shares: String { String(format: "%.2f/%.2f", recall, precision) }
}

/// A space of features with real images in it.
///
/// `own` is Manikin's 33 image features, standardised by the real images; a classifier's features have no place here, where
/// there are no classes. `inception` is the last pooling of Inception v3, as it is.
package struct ComparisonScale: Sendable {
  /// What the features are.
  let features: String
  private let standardises: Bool
  private let table: @Sendable (Tensor) throws -> FeatureTable

  /// The first of the recipe's features: that of Inception where it is asked for.
  ///
  /// - Throws: `InceptionError`, `ImagingError`.
  init(_ recipe: Recipe, size: ImageSize, channels: Int) throws {
    if let network = try recipe.fidelity.inception() {
      self.init(Fidelity.inceptionFeatures, standardises: false) {
        try FeatureTable(inception: network.features($0))
      }
    } else {
      self.init(size: size, channels: channels)
    }
  }

  private init(
    _ features: String, standardises: Bool, table: @escaping @Sendable (Tensor) throws -> FeatureTable
  ) {
    (self.features, self.standardises, self.table) = (features, standardises, table)
  }

  /// Manikin's own image features.
  package init(size: ImageSize, channels: Int) {
    let own = ImageFeatures(height: size.height, width: size.width, channels: channels)
    self.init(ImageFeatures.kind, standardises: true) { own.table($0.values) }
  }

  /// Whether the features are Inception's, so that the distance is the FID of its weights.
  var isInception: Bool { !standardises }

  /// Real images that others are compared with.
  package struct Reference: Sendable {
    fileprivate let real: FeatureTable
    fileprivate let points: Matrix
  }

  /// Features of images, which need be computed once only.
  package struct Features: Sendable {
    fileprivate let table: FeatureTable
    /// How many images.
    package var count: Int { table.values.rows }
  }

  /// - Parameter images: `[image, height, width, channel]`, two or more.
  package func reference(_ images: Tensor) throws -> Reference {
    let real = try table(images)
    return Reference(real: real, points: standardises ? real.standardised(by: real).values : real.values)
  }

  /// - Parameter images: `[image, height, width, channel]`, finite values, two or more.
  package func features(_ images: Tensor) throws -> Features { Features(table: try table(images)) }

  /// - Parameter seed: of the clusterings behind the precision-recall curve.
  package func score(_ images: Features, against reference: Reference, seed: Int) -> ComparisonScore {
    let points =
      standardises ? images.table.standardised(by: reference.real).values : images.table.values
    let curve = PrecisionRecallCurve(
      synthetic: points, real: reference.points,
      stream: RandomStream(seed: UInt64(seed), purpose: "precision-recall curve"))
    return ComparisonScore(
      frechetDistance: FrechetDistance.between(reference.points, points), recall: curve.greatestF(beta: 8),
      precision: curve.greatestF(beta: 1 / 8))
  }
}
