import Generators
import Networks
import Randomness
import Tensors
import Testing

/// Every model's loss, terms and gradients against numbers restated from the papers in float64.
///
/// Where a reference is in nats, SSE / (2 variance) + ..., ours is the same times 2 variance.
@Suite struct ModelReferenceTests {
  private let reference: ModelReference
  private let pass = CoderNetworks.Pass(training: true)
  private let stream = RandomStream(seed: 1, purpose: "replaced")

  init() throws { reference = try ModelReference() }

  @Test func theInputsAreTheReferences() throws {
    reference.expect(reference.table(1, [5, 12], 0.5).values.prefix(4).map(Double.init), "probe/E1[0..3]")
    reference.expect(reference.images.values.prefix(4).map(Double.init), "probe/x[0..3]")
    reference.expect(reference.codeNoise(1).values.prefix(4).map(Double.init), "probe/noise1[0..3]")
    let codes = try reference.networks().codes(of: TensorRows(reference.images))
    reference.expect(codes.means.row(0), "probe/mean[0]")
    reference.expect(codes.logVariances!.row(0), "probe/log_variance[0]")
  }

  private func regularised(
    _ kind: ModelKind, _ smoothing: RegularisedAutoencoder.Smoothing
  ) throws -> RegularisedAutoencoder {
    RegularisedAutoencoder(
      kind, try reference.networks(hasVariances: false),
      embeddingWeight: kind == .ae ? 0 : reference.setting("embedding_weight"), smoothing: smoothing, stream: stream)
  }

  private func check(
    _ model: any GenerativeModel, _ noise: [Tensor], _ path: String, factor: Double = 1,
    groups: [String: [Variable]] = [:]
  ) throws -> ModelLoss {
    let loss = try model.loss(reference.images, noise: noise, pass)
    reference.expect(loss.objectives[0], "\(path)/loss", factor: factor)
    try reference.expectGradients(
      of: loss.objectives[0], model.networks.groups.merging(groups) { $1 }, "\(path)/gradient_norm", factor: factor)
    return loss
  }

  private let perBatch = 1 / Double(ModelReference.batch)

  @Test func autoencoder() throws {
    _ = try check(regularised(.ae, .none), [], "ae")
  }

  @Test func regularisedAutoencoders() throws {
    let base = try check(regularised(.rae, .none), [], "rae")
    reference.expect([base.reconstruction * perBatch], "rae/reconstruction")
    reference.expect(
      [base.regularisation * perBatch / reference.setting("embedding_weight")], "rae/embedding")
    let decay = try regularised(.raeL2, .weights(reference.setting("decoder_weight")))
    _ = try check(decay, [], "rae_l2")
    func squares(_ rank: Int) -> Double {
      decay.networks.decoder.layerWeights.filter { $0.shape.count == rank }
        .reduce(0) { $0 + $1.value.values.reduce(0) { $0 + Double($1) * Double($1) } }
    }
    reference.expect([squares(2)], "rae_l2/kernels_squared")
    reference.expect([squares(1)], "rae_l2/biases_squared")
  }

  @Test(arguments: RegularisedAutoencoder.GradientPenalty.allCases)
  func gradientPenalties(_ penalty: RegularisedAutoencoder.GradientPenalty) throws {
    let weight = reference.setting("gradient_weight")
    let model = try regularised(.raeGP, .gradient(weight, penalty))
    let direction = reference.noise(8, [ModelReference.batch, ModelReference.pixels])
    let loss = try check(model, penalty == .projected ? [direction] : [], "rae_gp/\(penalty.rawValue)")
    let embedding = reference.setting("embedding_weight") * reference.numbers("rae/embedding")[0]
    let found = (loss.regularisation * perBatch - embedding) / weight
    let expected = reference.numbers("rae_gp/\(penalty.rawValue)/penalty")[0]
    #expect(abs(found - expected) < 1e-4 * expected + 1e-6, "\(penalty): \(found), not \(expected)")
  }

  @Test func spectralNormalisation() throws {
    let (rows, keys) = ([ModelReference.hidden, ModelReference.pixels], [7, 9])
    let start = zip(keys, rows).map { reference.table(60 + $0, [$1], 1) }
    let decoder = try reference.networks(hasVariances: false).decoder
    let normalisation = SpectralNormalisation(decoder, iterations: 1, stream: stream)
    normalisation.start(from: start)
    var found: [[Double]] = []
    for iteration in 1...10 {
      normalisation.iterate()
      if [1, 3, 10].contains(iteration) { found.append(normalisation.norms) }
    }
    for (index, key) in keys.enumerated() {
      reference.expect(found.map { $0[index] }, "rae_sn/matrix_\(key)/sigma_after_1_3_10")
    }
    let model = try regularised(
      .raeSN, .spectralNorm(iterations: Int(reference.setting("power_iterations"))))
    model.spectralNorm!.start(from: start)
    model.beginStep()
    let loss = try check(model, [], "rae_sn/model")
    reference.expect([loss.reconstruction * perBatch], "rae_sn/model/reconstruction")
  }

  @Test(arguments: ["imq", "imq_multi", "rbf"])
  func wasserstein(_ kernel: String) throws {
    let kernels: [String: MaximumMeanDiscrepancy.Kernel] = [
      "imq": .inverseMultiquadratic(scales: [1]),
      "imq_multi": .inverseMultiquadratic(scales: MaximumMeanDiscrepancy.usualScales), "rbf": .gaussian,
    ]
    let model = WassersteinAutoencoder(
      try reference.networks(hasVariances: false),
      discrepancy: .init(kernel: kernels[kernel]!, bandwidth: reference.setting("bandwidth")),
      weight: reference.setting("mmd_weight"))
    let loss = try check(model, [reference.codeNoise(1)], "wae/\(kernel)")
    reference.expect([loss.reconstruction * perBatch], "wae/\(kernel)/reconstruction")
    reference.expect([loss.regularisation * perBatch], "wae/\(kernel)/mmd")
  }

  @Test func variational() throws {
    let model = VariationalAutoencoder(try reference.networks(), beta: reference.setting("beta"))
    let loss = try check(model, [reference.codeNoise(1)], "vae")
    reference.expect([loss.reconstruction * perBatch], "vae/squared_error")
    reference.expect([loss.regularisation * perBatch], "vae/divergence")
  }

  /// The terms of a loss in nats.
  private func expectTerms(_ loss: ModelLoss, _ path: String) {
    reference.expect([loss.reconstruction * perBatch], "\(path)/negative_log_likelihood", factor: reference.beta)
    reference.expect([loss.regularisation * perBatch], "\(path)/divergence")
  }

  @Test func vampPrior() throws {
    let model = VampPriorVAE(try reference.networks(), beta: reference.beta, count: 3, stream: stream)
    model.pseudoInputs.value.copyValues(of: reference.table(51, [3, ModelReference.pixels], 0.8, offset: 0.5))
    let loss = try check(
      model, [reference.codeNoise(1)], "vamp", factor: reference.beta, groups: ["pseudo_inputs": [model.pseudoInputs]])
    expectTerms(loss, "vamp")
    let posterior = GaussianPosterior(Variable(reference.images), model.networks, pass)
    reference.expect(model.logPrior(posterior.code(reference.codeNoise(1)), pass), "vamp/log_prior")
  }

  @Test func importanceWeighted() throws {
    let samples = Int(reference.setting("importance_samples"))
    let model = ImportanceWeightedAutoencoder(try reference.networks(), beta: reference.beta, samples: samples)
    let noise = reference.noise(1, [ModelReference.batch * samples, ModelReference.latent])
    _ = try check(model, [noise], "iwae", factor: reference.beta)
    let (errors, divergences) = model.terms(reference.images, noise, pass)
    reference.expect(-1 / Float(reference.beta) * errors - divergences, "iwae/log_weights")
  }

  @Test func adversarial() throws {
    let (h, l) = (ModelReference.hidden, ModelReference.latent)
    let discriminator = try Network(
      name: "discriminator", inputShape: [l],
      layers: [.linear(outputs: h, activation: .tanh), .linear(outputs: 1, activation: .identity)], stream: stream)
    let entries = reference.layer(11, "discriminator.0", h, l)
      .merging(reference.layer(13, "discriminator.2", 1, h)) { $1 }
    try discriminator.load(entries, path: "reference")
    let model = AdversarialAutoencoder(
      try reference.networks(), discriminator: discriminator,
      adversarialWeight: reference.setting("adversarial_weight"))
    let loss = try model.loss(reference.images, noise: [reference.codeNoise(1), reference.codeNoise(3)], pass)
    reference.expect([loss.reconstruction * perBatch], "aae/squared_error")
    reference.expect([loss.regularisation * perBatch], "aae/encoder_adversarial")
    reference.expect(loss.objectives[1], "aae/discriminator")
    reference.expect(loss.objectives[0], "aae/balanced_loss")
    try reference.expectGradients(of: loss.objectives[0], model.networks.groups, "aae/gradient_norm_of_balanced_loss")
    try reference.expectGradients(
      of: loss.objectives[1], model.networks.groups.merging(["discriminator": discriminator.trained]) { $1 },
      "aae/gradient_norm_of_discriminator_loss")
    #expect(model.players.map(\.count) == [10, 4])
  }

  @Test(arguments: [1, 2])
  func adversarialFeatures(layer: Int) throws {
    let (d, h) = (ModelReference.pixels, ModelReference.hidden)
    let sizes = [d, h, 4, 1]
    let stages = try (0..<3).map { number in
      let stage = try Network(
        name: "discriminator.\(number)", inputShape: [sizes[number]],
        layers: [.linear(outputs: sizes[number + 1], activation: number < 2 ? .tanh : .identity)], stream: stream)
      try stage.load(
        reference.layer(15 + 2 * number, "discriminator.\(number).0", sizes[number + 1], sizes[number]),
        path: "reference")
      return stage
    }
    let model = VAEGAN(
      try reference.networks(), discriminator: stages, reconstructionLayer: layer,
      adversarialWeight: reference.setting("vaegan_weight"))
    let noise = [reference.codeNoise(1), reference.codeNoise(3)]
    let terms = model.terms(reference.images, noise: noise, pass)
    reference.expect(terms.divergence, "vaegan/divergence")
    reference.expect(terms.real, "vaegan/discriminator_real")
    reference.expect(terms.reconstructed, "vaegan/discriminator_reconstructed")
    reference.expect(terms.generated, "vaegan/discriminator_generated")
    reference.expect(terms.featureError, "vaegan/layer_\(layer)/feature_error")
    let loss = model.loss(reference.images, noise: noise, pass)
    reference.expect(loss.objectives[0], "vaegan/layer_\(layer)/encoder_loss")
    reference.expect(loss.objectives[1], "vaegan/layer_\(layer)/decoder_loss")
    let names = [
      "vaegan/layer_\(layer)/encoder_gradient_norm", "vaegan/layer_\(layer)/decoder_gradient_norm",
      "vaegan/discriminator_gradient_norm",
    ]
    for (name, (objective, player)) in zip(names, zip(loss.objectives, model.players)) {
      try reference.expectGradients(of: objective, [name: player], "")
    }
  }

  @Test func twoStages() throws {
    let (h, l) = (ModelReference.hidden, ModelReference.latent)
    let stage = try SecondStage(
      dimensions: l, hidden: [.linear(outputs: h, activation: .tanh)], stream: stream)
    var entries = [
      reference.layer(81, "encoder2.0", h, l), reference.layer(83, "mean2", l, l + h),
      reference.layer(85, "log_deviation2", l, l + h), reference.layer(87, "decoder2.0", h, l),
      reference.layer(89, "output2", l, l + h),
    ].reduce(into: [:]) { $0.merge($1) { $1 } }
    entries["log_gamma"] = .float32(reference.table(91, [1], 0.7))
    for store in stage.stores { try store.load(entries, path: "reference") }
    reference.expect(stage.logGamma, "two_stage/log_gamma")
    let (divergence, reconstruction) = stage.loss(reference.codeNoise(4), noise: reference.codeNoise(1))
    reference.expect(divergence, "two_stage/divergence")
    reference.expect(reconstruction, "two_stage/reconstruction")
    let loss = divergence + reconstruction
    reference.expect(loss, "two_stage/loss")
    try reference.expectGradients(
      of: loss,
      [
        "encoder2": stage.encoderParameters, "decoder2": stage.decoderParameters, "log_gamma": [stage.logGamma],
      ], "two_stage/gradient_norm")
  }
}
