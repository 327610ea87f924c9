import Assessment
import Classification
import Files
import Foundation
import Geometry
import Recipes
import Tensors

extension FidelityMeasurement {
  /// By Inception v3's last pooling. Features are taken as they are, not standardised, so that the Fréchet distance is
  /// the FID of these weights.
  ///
  /// - Throws: `InceptionError`, `ImagingError`.
  package func byInceptionFeatures() throws -> [Fidelity.Entry] {
    guard let network = try recipe.fidelity.inception() else { return [] }
    return try entries(standardising: false) { FeatureTable(inception: try network.features($0)) }
  }
}

extension FidelitySettings {
  /// The largest file of weights that is read: 1 GiB, ten times what Inception v3 has.
  private static let largestFile = 1 << 30

  /// Inception's network; nil where its features are not asked for.
  ///
  /// - Throws: `InceptionError` for other weights, `ImagingError` for a file that cannot be read.
  package func inception() throws -> InceptionFeatures? {
    guard features.contains(.inception), let path = inceptionWeights else { return nil }
    let bytes = try RegularFile(path: path, noun: "a safetensors file")
      .allBytes(limit: Self.largestFile, remedy: "name Inception's weights alone")
    return try InceptionFeatures(weights: Data(bytes), path: path)
  }
}

extension FeatureTable {
  /// - Parameter features: of Inception's network, `[image, 2048]`.
  package init(inception features: Tensor) {
    self.init(
      kind: Fidelity.inceptionFeatures,
      values: Matrix(rows: features.shape[0], columns: features.shape[1], values: features.values.map(Double.init)))
  }
}

extension Fidelity {
  package static let inceptionFeatures = "features of Inception v3"
}
