/// On what features synthetic images are compared with real ones.
public struct FidelitySettings: Sendable, Equatable {
  public enum Features: String, CaseIterable, Sendable {
    /// Manikin's own: of images, and of a classifier that it trains.
    case own
    /// Inception v3's, with weights that the user brings.
    case inception
  }

  public var features: [Features] = [.own]
  /// A safetensors file, as an absolute path.
  public var inceptionWeights: String?

  public init() {}

  static let section = RecipeSection(
    name: "fidelity", meaning: "on what features synthetic images are compared with real ones",
    settings: [
      .choices(
        "fidelity.features", \.fidelity.features,
        "own are 33 image features and the last hidden layer of a classifier of real images; inception are the 2048 of "
          + "Inception v3's last pooling, for a Fréchet distance as others measure it (FID)."),
      .text(
        "fidelity.inception-weights", \.fidelity.inceptionWeights, as: .path,
        "Inception v3's weights, a safetensors file in float32 with torchvision's names. Compare distances only if "
          + "they use the same weights.", source: "Heusel et al. 2017"),
    ])
}
