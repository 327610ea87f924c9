/// The generative models, by the names that recipes give them.
public enum ModelKind: String, Codable, Sendable, CaseIterable {
  case vae, ae, rae
  case raeL2 = "rae-l2"
  case raeGP = "rae-gp"
  case raeSN = "rae-sn"
  case wae, vamp, iwae
  case vaeNF = "vae-nf"
  case vaeIAF = "vae-iaf"
  case hvae, rhvae, aae, vaegan
  case twoStage = "two-stage"

  /// The row of the table below.
  public var description: ModelDescription { Self.table[self]! }

  private static let table: [ModelKind: ModelDescription] = [
    .vae: .init(
      "variational autoencoder", posterior: .gaussian, lossIsSumOverImages: true),
    .ae: .init(
      "autoencoder without any regularisation", posterior: .none, lossIsSumOverImages: true),
    .rae: .init(
      "autoencoder with a penalty on the codes' length", posterior: .none,
      lossIsSumOverImages: true),
    .raeL2: .init(
      "rae with a penalty on the decoder's weights", posterior: .none,
      lossIsSumOverImages: true),
    .raeGP: .init(
      "rae with a penalty on the decoder's gradient by the code", posterior: .none,
      lossIsSumOverImages: true),
    .raeSN: .init(
      "rae with spectral normalisation of the decoder's layers", posterior: .none,
      lossIsSumOverImages: true),
    .wae: .init(
      "Wasserstein autoencoder: codes held to N(0, I) by the maximum mean discrepancy",
      posterior: .none, lossIsSumOverImages: false),
    .vamp: .init(
      "variational autoencoder with a prior of learned pseudo-inputs",
      posterior: .gaussian, lossIsSumOverImages: true),
    .iwae: .init(
      "importance weighted autoencoder", posterior: .gaussian, lossIsSumOverImages: true),
    .vaeNF: .init(
      "variational autoencoder with planar and radial flows of the posterior",
      posterior: .transformed, lossIsSumOverImages: true),
    .vaeIAF: .init(
      "variational autoencoder with inverse autoregressive flows of the posterior",
      posterior: .transformed, lossIsSumOverImages: true),
    .hvae: .init(
      "Hamiltonian variational autoencoder", posterior: .gaussian,
      lossIsSumOverImages: true),
    .rhvae: .init(
      "Riemannian Hamiltonian variational autoencoder with a learned metric",
      posterior: .gaussian, lossIsSumOverImages: false),
    .aae: .init(
      "adversarial autoencoder", posterior: .gaussian, lossIsSumOverImages: true),
    .vaegan: .init(
      "variational autoencoder with a discriminator's features for pixels",
      posterior: .gaussian, lossIsSumOverImages: true),
    .twoStage: .init(
      "variational autoencoder with a second one of its codes", posterior: .gaussian,
      lossIsSumOverImages: true),
  ]
}

/// What is known of a kind of model without training one.
public struct ModelDescription: Sendable {
  /// In a few words.
  public let meaning: String
  public let posterior: Posterior
  /// Whether the loss is a sum over images, so that a batch can be worked off in parts.
  public let lossIsSumOverImages: Bool

  /// What the encoder says of a code.
  public enum Posterior: Sendable {
    /// A point.
    case none
    /// A mean and a variance of each coordinate, of what the decoder reads.
    case gaussian
    /// A Gaussian that flows transform; the decoder reads what they make of it.
    case transformed
  }

  package init(
    _ meaning: String, posterior: Posterior, lossIsSumOverImages: Bool
  ) {
    self.meaning = meaning
    self.posterior = posterior
    self.lossIsSumOverImages = lossIsSumOverImages
  }
}
