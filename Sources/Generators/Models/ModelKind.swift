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
      "variational autoencoder", source: "Kingma and Welling 2014", posterior: .gaussian, lossIsSumOverImages: true),
    .ae: .init(
      "autoencoder without any regularisation", source: "paper, Table 1", posterior: .none, lossIsSumOverImages: true),
    .rae: .init(
      "autoencoder with a penalty on the codes' length", source: "Ghosh et al. 2020", posterior: .none,
      lossIsSumOverImages: true),
    .raeL2: .init(
      "rae with a penalty on the decoder's weights", source: "Ghosh et al. 2020", posterior: .none,
      lossIsSumOverImages: true),
    .raeGP: .init(
      "rae with a penalty on the decoder's gradient by the code", source: "Ghosh et al. 2020", posterior: .none,
      lossIsSumOverImages: true, differentiatesTwice: true),
    .raeSN: .init(
      "rae with spectral normalisation of the decoder's layers", source: "Ghosh et al. 2020", posterior: .none,
      lossIsSumOverImages: true),
    .wae: .init(
      "Wasserstein autoencoder: codes held to N(0, I) by the maximum mean discrepancy",
      source: "Tolstikhin et al. 2018", posterior: .none, lossIsSumOverImages: false),
    .vamp: .init(
      "variational autoencoder with a prior of learned pseudo-inputs", source: "Tomczak and Welling 2018",
      posterior: .gaussian, lossIsSumOverImages: true),
    .iwae: .init(
      "importance weighted autoencoder", source: "Burda et al. 2016", posterior: .gaussian, lossIsSumOverImages: true),
    .vaeNF: .init(
      "variational autoencoder with planar and radial flows of the posterior", source: "Rezende and Mohamed 2015",
      posterior: .transformed, lossIsSumOverImages: true),
    .vaeIAF: .init(
      "variational autoencoder with inverse autoregressive flows of the posterior", source: "Kingma et al. 2016",
      posterior: .transformed, lossIsSumOverImages: true),
    .hvae: .init(
      "Hamiltonian variational autoencoder", source: "Caterini et al. 2018", posterior: .gaussian,
      lossIsSumOverImages: true, differentiatesTwice: true),
    .rhvae: .init(
      "Riemannian Hamiltonian variational autoencoder with a learned metric", source: "Chadebec et al. 2020",
      posterior: .gaussian, lossIsSumOverImages: false, differentiatesTwice: true),
    .aae: .init(
      "adversarial autoencoder", source: "Makhzani et al. 2015", posterior: .gaussian, lossIsSumOverImages: true),
    .vaegan: .init(
      "variational autoencoder with a discriminator's features for pixels", source: "Larsen et al. 2016",
      posterior: .gaussian, lossIsSumOverImages: true),
    .twoStage: .init(
      "variational autoencoder with a second one of its codes", source: "Dai and Wipf 2019", posterior: .gaussian,
      lossIsSumOverImages: true),
  ]
}

/// What is known of a kind of model without training one.
public struct ModelDescription: Sendable {
  /// In a few words.
  public let meaning: String
  public let source: String
  public let posterior: Posterior
  /// Whether the loss is a sum over images, so that a batch can be worked off in parts.
  public let lossIsSumOverImages: Bool
  /// Whether training takes second derivatives.
  public let differentiatesTwice: Bool

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
    _ meaning: String, source: String, posterior: Posterior, lossIsSumOverImages: Bool,
    differentiatesTwice: Bool = false
  ) {
    self.meaning = meaning
    self.source = source
    self.posterior = posterior
    self.lossIsSumOverImages = lossIsSumOverImages
    self.differentiatesTwice = differentiatesTwice
  }
}
