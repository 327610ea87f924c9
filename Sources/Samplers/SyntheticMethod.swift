import Generators
import Geometry
import Randomness

/// The ways of drawing synthetic images, by the names that recipes give them.
///
/// A new way is a file with a `LatentSampler`, a case here, and a row of the table below.
public enum SyntheticMethod: String, CaseIterable, Sendable, Codable {
  case manifold, interpolation, prior, gmm, posterior, smote, transfer, vamp, rhvae
  case twoStage = "two-stage"
  case deformation

  /// What is known of a way of drawing without drawing.
  public struct Description: Sendable {
    /// In the words of the recipe's help, after the name.
    public let meaning: String
    /// What a classifier that is trained on the images is trained on.
    public let summary: String
    public let needs: [Need]
    /// The part of the random stream that points are drawn from, below the method's own; nil for all of it.
    let purpose: String?
    /// Nil for a way that draws no codes.
    let make: (@Sendable (SamplerContext) throws -> any LatentSampler)?
  }

  /// What a way of drawing cannot do without.
  public enum Need: Sendable, Equatable {
    /// A mean and a variance of what the decoder reads, for each training image.
    case gaussianPosterior
    /// A prior that only this kind of model learns.
    case ownPrior(ModelKind)
    /// Codes of other classes in the same latent space.
    case otherClasses
  }

  public var description: Description { Self.table[self]! }

  private static let table: [SyntheticMethod: Description] = [
    .manifold: .init(
      meaning: "samples uniformly on the learned manifold",
      summary: "synthetic images drawn uniformly on the learned Riemannian manifold", needs: [.gaussianPosterior],
      purpose: "chains"
    ) {
      try UniformSampler($0.codes, metric: $0.metric, sampler: $0.sampler, stream: $0.stream.substream("centroids"))
    },
    .interpolation: .init(
      meaning: "takes a point between two codes of a class and lets the sampler move it a little",
      summary: "synthetic images between two training images of a class", needs: [.gaussianPosterior],
      purpose: "points"
    ) {
      try InterpolationSampler(
        $0.codes, metric: $0.metric, path: $0.path, steps: $0.interpolationSteps,
        leapfrogSteps: $0.interpolationLeapfrogSteps, stepSize: $0.interpolationStepSize,
        stream: $0.stream.substream("centroids"))
    },
    .prior: .init(
      meaning: "a standard normal", summary: "synthetic images drawn from N(0, I)", needs: [], purpose: nil
    ) { PriorSampler(latentDimensions: $0.codes.means.columns) },
    .gmm: .init(
      meaning: "a Gaussian mixture fitted to the codes",
      summary: "synthetic images drawn from a Gaussian mixture on the codes", needs: [], purpose: "draw"
    ) { try MixtureSampler($0.codes.means, components: $0.mixtureComponents, stream: $0.stream.substream("fit")) },
    .posterior: .init(
      meaning: "a training image's own code with its noise",
      summary: "synthetic images: a training image's own posterior, the control for mere jitter",
      needs: [.gaussianPosterior], purpose: nil
    ) { try PosteriorSampler($0.codes) },
    .smote: .init(
      meaning: "a point between a training image's code and one of its 5 nearest neighbours'",
      summary: "synthetic images between the codes of neighbouring training images", needs: [], purpose: nil
    ) { SMOTESampler(codes: $0.codes.means) },
    .transfer: .init(
      meaning: "a training image's code moved as images of another class differ among themselves (needs 'share: all')",
      summary: "synthetic images: training images changed as those of another class differ among themselves",
      needs: [.otherClasses], purpose: nil
    ) { TransferSampler(codes: $0.codes.means, others: $0.others) },
    .vamp: .init(
      meaning: "the prior that the model vamp learned", summary: "synthetic images drawn from the VampPrior",
      needs: [.ownPrior(.vamp)], purpose: nil
    ) { context in
      guard let model = context.model as? VampPriorVAE else { preconditionFailure("no model of pseudo-inputs") }
      return try VampPriorSampler(model.priorComponents, codes: context.codes.means, others: context.others)
    },
    .rhvae: .init(
      meaning: "the inverse volume of the metric that the model rhvae learned",
      summary: "synthetic images drawn by the metric that an RHVAE learned", needs: [.ownPrior(.rhvae)],
      purpose: "chains"
    ) { try RHVAESampler($0.codes, settings: $0.settings, sampler: $0.sampler) },
    .twoStage: .init(
      meaning: "the second autoencoder of the model two-stage",
      summary: "synthetic images drawn through a second autoencoder of codes", needs: [.ownPrior(.twoStage)],
      purpose: nil
    ) { context in
      guard let model = context.model as? TwoStageVAE else { preconditionFailure("no model of two stages") }
      return SecondStageSampler(model.secondStage, latentDimensions: context.codes.means.columns)
    },
    .deformation: .init(
      meaning: "without a network, a training image whose shape is changed by the difference between the shapes of two "
        + "images of the largest class ('render' plays no part; such an image is nearly that person's)",
      summary: "synthetic images: training images in shapes that differ as those of the largest class do", needs: [],
      purpose: nil, make: nil),
  ]

  /// The way that suits a model best: the paper's where there are posterior variances, a mixture otherwise.
  public static func usual(for kind: ModelKind) -> SyntheticMethod {
    SyntheticMethod.manifold.refusal(of: kind) == nil ? .manifold : .gmm
  }

  /// Why images cannot be drawn so from such a model, and what would work; nil if they can.
  public func refusal(of kind: ModelKind) -> String? {
    for need in description.needs {
      switch need {
      case .gaussianPosterior where kind.description.posterior != .gaussian:
        let reason =
          kind.description.posterior == .transformed
          ? "whose decoder reads what flows make of a Gaussian posterior" : "whose codes are points"
        return "the method '\(rawValue)' needs the posterior variances of codes, and '\(kind.rawValue)' is a model "
          + "\(reason): take 'gmm', or a model such as 'vae'"
      case .ownPrior(let owner) where owner != kind:
        return "the method '\(rawValue)' draws from what only the model '\(owner.rawValue)' learns, and the model is "
          + "'\(kind.rawValue)': take 'gmm' or 'prior', or that model"
      default: continue
      }
    }
    return nil
  }
}

/// What a sampler is made from.
public struct SamplerContext: Sendable {
  public var model: any GenerativeModel
  public var settings: ModelSettings
  /// Of the training images of the class.
  public var codes: Codes
  /// Of each other class in the same latent space, `[image, latent dimension]`.
  public var others: [Matrix]
  public var metric: MetricConfiguration
  public var sampler: HMCConfiguration
  public var path: InterpolationSampler.Path
  public var interpolationSteps: Int
  public var interpolationLeapfrogSteps: Int
  public var interpolationStepSize: Double
  public var mixtureComponents: Int
  public var stream: RandomStream

  public init(
    model: any GenerativeModel, settings: ModelSettings, codes: Codes, others: [Matrix], metric: MetricConfiguration,
    sampler: HMCConfiguration, path: InterpolationSampler.Path, interpolationSteps: Int,
    interpolationLeapfrogSteps: Int, interpolationStepSize: Double, mixtureComponents: Int, stream: RandomStream
  ) {
    (self.model, self.settings, self.codes, self.others) = (model, settings, codes, others)
    (self.metric, self.sampler, self.path) = (metric, sampler, path)
    self.interpolationSteps = interpolationSteps
    self.interpolationLeapfrogSteps = interpolationLeapfrogSteps
    self.interpolationStepSize = interpolationStepSize
    self.mixtureComponents = mixtureComponents
    self.stream = stream
  }
}

extension SyntheticMethod {
  /// The sampler, and the stream that it is to draw from; nil for a way that draws no codes.
  ///
  /// - Throws: `GeometryError` or `GeneratorError` if it cannot be built from these codes.
  public func sampler(
    _ context: SamplerContext
  ) throws -> (sampler: any LatentSampler, stream: RandomStream)? {
    try description.make.map { make in
      (try make(context), description.purpose.map { context.stream.substream($0) } ?? context.stream)
    }
  }
}
