/// The numbers of single models. Weights stand against the squared error summed over an image's values.
public struct ModelSettings: Codable, Sendable, Equatable {
  /// rae: the weight of |z|^2 / 2, at least 0.
  public var embeddingWeight = 0.01
  /// rae-l2: the weight of the squared weights and biases of the decoder, at least 0.
  public var decoderWeight = 0.001
  /// rae-gp: the weight of the squared gradient, at least 0.
  public var gradientWeight = 0.001
  public var gradientPenalty = RegularisedAutoencoder.GradientPenalty.projected
  /// rae-sn: steps of power iteration before each training step, at least 1.
  public var powerIterations = 1
  /// wae.
  public var kernel = Kernel.multiquadratics
  /// wae: in units of a standard normal code, above 0.
  public var bandwidth = 1.0
  /// wae: the weight of the discrepancy, at least 0.
  public var discrepancyWeight = 10.0
  /// vamp: at least 1.
  public var pseudoInputs = 50
  /// iwae: at least 1.
  public var importanceSamples = 5
  /// vae-nf: planar and radial flows in turn; vae-iaf: blocks; at least 1.
  public var flowLength = 4
  /// vae-iaf: units of the masked networks, at least 1.
  public var flowUnits = 128
  public var flowForm = FlowForm.gated
  /// hvae, rhvae: at least 1.
  public var leapfrogSteps = 3
  /// hvae, rhvae: above 0.
  public var stepSize = 0.01
  /// hvae, rhvae: sqrt(beta_0) of the tempering, in (0, 1].
  public var rootBetaZero = 0.3
  /// hvae: whether the gradient of the loss takes forces for constants.
  public var stopsForces = false
  /// rhvae: T, in units of a code, above 0.
  public var temperature = 1.5
  /// rhvae: lambda, above 0.
  public var metricRegularisation = 0.01
  /// aae, vaegan: the weight of the adversary, in [0, 1]; of aae against 1 minus it for the squared error, and of vaegan's
  /// decoder against 1 minus it for the features' error.
  public var adversarialWeight = 0.5
  /// vaegan: which layer of the discriminator gives the features, from 1.
  public var reconstructionLayer = 2
  /// two-stage: optimiser steps of the second stage, at least 1.
  public var secondStageSteps = 2000

  /// Of the maximum mean discrepancy.
  public enum Kernel: String, Codable, Sendable, CaseIterable {
    /// The sum of inverse multiquadratic kernels at seven scales.
    case multiquadratics
    /// One inverse multiquadratic kernel.
    case multiquadratic
    case gaussian
  }

  /// What an inverse autoregressive flow does with its network's outputs m and s.
  public enum FlowForm: String, Codable, Sendable, CaseIterable {
    /// z exp(s) + m.
    case exponential
    /// sigmoid(s) z + (1 - sigmoid(s)) m, and the network sees the encoder's features beside the code.
    case gated
  }

  public init() {}

  /// Reads settings of this version or an earlier one: what is missing has its default.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func read<Value: Decodable>(_ key: CodingKeys, _ path: WritableKeyPath<Self, Value>) throws {
      if let value = try values.decodeIfPresent(Value.self, forKey: key) { self[keyPath: path] = value }
    }
    try read(.embeddingWeight, \.embeddingWeight)
    try read(.decoderWeight, \.decoderWeight)
    try read(.gradientWeight, \.gradientWeight)
    try read(.gradientPenalty, \.gradientPenalty)
    try read(.powerIterations, \.powerIterations)
    try read(.kernel, \.kernel)
    try read(.bandwidth, \.bandwidth)
    try read(.discrepancyWeight, \.discrepancyWeight)
    try read(.pseudoInputs, \.pseudoInputs)
    try read(.importanceSamples, \.importanceSamples)
    try read(.flowLength, \.flowLength)
    try read(.flowUnits, \.flowUnits)
    try read(.flowForm, \.flowForm)
    try read(.leapfrogSteps, \.leapfrogSteps)
    try read(.stepSize, \.stepSize)
    try read(.rootBetaZero, \.rootBetaZero)
    try read(.stopsForces, \.stopsForces)
    try read(.temperature, \.temperature)
    try read(.metricRegularisation, \.metricRegularisation)
    try read(.adversarialWeight, \.adversarialWeight)
    try read(.reconstructionLayer, \.reconstructionLayer)
    try read(.secondStageSteps, \.secondStageSteps)
  }
}
