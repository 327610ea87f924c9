import Networks
import Randomness

/// The size of images and of their codes, and the networks between them.
public struct ModelShape: Codable, Sendable, Equatable {
  public var architecture: VAEArchitecture.Name
  /// Of the images, in pixels.
  public var height: Int
  public var width: Int
  /// 1 for grey, 3 for colour.
  public var channels: Int
  public var latentDimensions: Int

  public init(
    _ architecture: VAEArchitecture.Name, height: Int, width: Int, channels: Int = 1, latentDimensions: Int
  ) {
    self.architecture = architecture
    self.height = height
    self.width = width
    self.channels = channels
    self.latentDimensions = latentDimensions
  }

  /// The layers of encoder and decoder.
  ///
  /// - Throws: `GeneratorError.unsupportedSize`.
  public var layers: VAEArchitecture {
    get throws { try VAEArchitecture(architecture, height: height, width: width, channels: channels) }
  }
}

extension ModelKind {
  /// A model with its first weights.
  ///
  /// - Parameters:
  ///   - shape: the architecture, the size of the images and of the codes.
  ///   - settings: what single kinds of models have beside beta; each kind reads its own.
  ///   - beta: the weight of the divergence against the squared error; twice the variance of a Gaussian decoder.
  ///   - stream: where the first weights come from.
  /// - Throws: `GeneratorError` if the architecture does not take images of this size, or the model not this
  ///   architecture.
  public func model(
    _ shape: ModelShape, _ settings: ModelSettings, beta: Double, stream: RandomStream
  ) throws -> any GenerativeModel {
    let layers = try shape.layers
    let networks = try CoderNetworks(shape, layers, hasVariances: description.posterior != .none, stream: stream)
    let parts = Parts(
      encoder: layers.encoder, metric: [.flatten, .linear(outputs: 400, activation: .relu)],
      latentDiscriminator: [.linear(outputs: 256, activation: .relu), .linear(outputs: 1, activation: .identity)],
      secondStage: [.linear(outputs: 256, activation: .relu), .linear(outputs: 256, activation: .relu)])
    do {
      return try model(networks, parts, settings, beta: beta, stream: stream)
    } catch NoSuchLayer.number(let number, let count) {
      throw GeneratorError.noSuchLayer(number: number, count: count, architecture: shape.architecture)
    }
  }

  /// The layers of what single models have beside encoder and decoder.
  package struct Parts {
    /// The encoder's, from which a discriminator of images is made.
    package var encoder: [LayerDescription]
    package var metric: [LayerDescription]
    package var latentDiscriminator: [LayerDescription]
    package var secondStage: [LayerDescription]

    package init(
      encoder: [LayerDescription], metric: [LayerDescription], latentDiscriminator: [LayerDescription],
      secondStage: [LayerDescription]
    ) {
      (self.encoder, self.metric) = (encoder, metric)
      (self.latentDiscriminator, self.secondStage) = (latentDiscriminator, secondStage)
    }
  }

  private enum NoSuchLayer: Error { case number(Int, count: Int) }

  /// A model of these networks.
  package func model(
    _ networks: CoderNetworks, _ parts: Parts, _ settings: ModelSettings, beta: Double, stream: RandomStream
  ) throws -> any GenerativeModel {
    let (itemShape, dimensions) = (networks.itemShape, networks.latentDimensions)
    let tempering = Tempering(rootBetaZero: settings.rootBetaZero, steps: settings.leapfrogSteps)
    func regularised(_ smoothing: RegularisedAutoencoder.Smoothing) -> RegularisedAutoencoder {
      RegularisedAutoencoder(
        self, networks, embeddingWeight: self == .ae ? 0 : settings.embeddingWeight, smoothing: smoothing,
        stream: stream)
    }
    switch self {
    case .vae: return VariationalAutoencoder(networks, beta: beta)
    case .ae, .rae: return regularised(.none)
    case .raeL2: return regularised(.weights(settings.decoderWeight))
    case .raeGP: return regularised(.gradient(settings.gradientWeight, settings.gradientPenalty))
    case .raeSN: return regularised(.spectralNorm(iterations: settings.powerIterations))
    case .wae:
      return WassersteinAutoencoder(networks, discrepancy: settings.discrepancy, weight: settings.discrepancyWeight)
    case .vamp: return VampPriorVAE(networks, beta: beta, count: settings.pseudoInputs, stream: stream)
    case .iwae: return ImportanceWeightedAutoencoder(networks, beta: beta, samples: settings.importanceSamples)
    case .vaeNF, .vaeIAF:
      return FlowVAE(self, networks, beta: beta, flows: flows(networks, settings, stream: stream))
    case .hvae:
      return HamiltonianVAE(
        networks, beta: beta, stepSize: settings.stepSize, tempering: tempering, stopsForces: settings.stopsForces)
    case .rhvae:
      return RiemannianHamiltonianVAE(
        networks,
        metric: try MetricNetwork(
          itemShape: itemShape, layers: parts.metric, dimensions: dimensions, stream: stream),
        beta: beta, stepSize: settings.stepSize, tempering: tempering, temperature: settings.temperature,
        regularisation: settings.metricRegularisation)
    case .aae:
      return AdversarialAutoencoder(
        networks,
        discriminator: try Network(
          name: "discriminator", inputShape: [dimensions], layers: parts.latentDiscriminator, stream: stream),
        adversarialWeight: settings.adversarialWeight)
    case .vaegan:
      let stages = try Self.discriminator(parts.encoder, itemShape: itemShape, stream: stream)
      guard (1..<stages.count).contains(settings.reconstructionLayer) else {
        throw NoSuchLayer.number(settings.reconstructionLayer, count: stages.count - 1)
      }
      return VAEGAN(
        networks, discriminator: stages, reconstructionLayer: settings.reconstructionLayer,
        adversarialWeight: settings.adversarialWeight)
    case .twoStage:
      return TwoStageVAE(
        networks, beta: beta,
        secondStage: try SecondStage(dimensions: dimensions, hidden: parts.secondStage, stream: stream),
        steps: settings.secondStageSteps)
    }
  }

  private func flows(_ networks: CoderNetworks, _ settings: ModelSettings, stream: RandomStream) -> [any Flow] {
    (0..<settings.flowLength).map { number -> any Flow in
      let name = "flows.\(number)"
      let dimensions = networks.latentDimensions
      guard self == .vaeNF else {
        return InverseAutoregressiveFlow(
          name: name, form: settings.flowForm, reverses: number > 0,
          dimensions: dimensions, hidden: settings.flowUnits, features: networks.encoder.outputShape[0],
          stream: stream)
      }
      return number % 2 == 0
        ? PlanarFlow(name: name, dimensions: dimensions, stream: stream)
        : RadialFlow(name: name, dimensions: dimensions, stream: stream)
    }
  }

  /// The encoder's layers with a logit at the end, cut into stages before every layer with weights of its own.
  private static func discriminator(
    _ encoder: [LayerDescription], itemShape: [Int], stream: RandomStream
  ) throws -> [Network] {
    var stages: [[LayerDescription]] = []
    for layer in encoder + [.linear(outputs: 1, activation: .identity)] {
      switch layer {
      case .batchNormalisation, .maxPooling, .activation, .flatten, .unflatten:
        if stages.isEmpty { stages.append([]) }
        stages[stages.count - 1].append(layer)
      default: stages.append([layer])
      }
    }
    var shape = itemShape
    return try stages.enumerated().map { number, layers in
      let stage = try Network(name: "discriminator.\(number)", inputShape: shape, layers: layers, stream: stream)
      shape = stage.outputShape
      return stage
    }
  }
}

extension ModelSettings {
  package var discrepancy: MaximumMeanDiscrepancy {
    switch kernel {
    case .multiquadratics: MaximumMeanDiscrepancy(bandwidth: bandwidth)
    case .multiquadratic: MaximumMeanDiscrepancy(kernel: .inverseMultiquadratic(scales: [1]), bandwidth: bandwidth)
    case .gaussian: MaximumMeanDiscrepancy(kernel: .gaussian, bandwidth: bandwidth)
    }
  }
}
