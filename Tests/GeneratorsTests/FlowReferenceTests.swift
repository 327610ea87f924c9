import Generators
import Networks
import Randomness
import Tensors
import Testing

/// Flows and Hamiltonian models against numbers restated from the papers in float64.
@Suite struct FlowReferenceTests {
  private let reference: ModelReference
  private let pass = CoderNetworks.Pass(training: true)
  private let stream = RandomStream(seed: 1, purpose: "replaced")
  private let perBatch = 1 / Double(ModelReference.batch)

  init() throws { reference = try ModelReference() }

  private func parameter(_ number: Int, _ shape: [Int], _ scale: Double) -> Variable {
    .parameter(reference.table(number, shape, scale))
  }

  private func planar(_ number: Int) -> PlanarFlow {
    PlanarFlow(
      name: "planar", weights: parameter(number, [ModelReference.latent], 1),
      directions: parameter(number + 1, [ModelReference.latent], 1.5), bias: parameter(number + 2, [1], 0.3))
  }

  private func radial(_ number: Int) -> RadialFlow {
    RadialFlow(
      name: "radial", centre: parameter(number, [ModelReference.latent], 1), logAlpha: parameter(number + 1, [1], 0.5),
      strength: parameter(number + 2, [1], 1))
  }

  private func autoregressive(
    _ number: Int, _ form: ModelSettings.FlowForm, reverses: Bool = false
  ) -> InverseAutoregressiveFlow {
    let (h, l) = (ModelReference.hidden, ModelReference.latent)
    return InverseAutoregressiveFlow(
      name: "block", form: form, reverses: reverses, hiddenWeights: parameter(number, [h, l], 0.5),
      hiddenBias: parameter(number + 1, [h], 0.1), outputWeights: parameter(number + 2, [2 * l, h], 0.5),
      outputBias: parameter(number + 3, [2 * l], 0.1),
      contextWeights: form == .gated ? parameter(number + 4, [h, h], 0.5) : nil)
  }

  private func context() throws -> Variable {
    try reference.networks().posterior(Variable(reference.images), pass).features
  }

  private func check(_ flow: any Flow, _ path: String) throws {
    let (codes, logDeterminant) = flow(Variable(reference.codeNoise(2)), context: try context())
    reference.expect(codes, "\(path)/out")
    reference.expect(logDeterminant, "\(path)/log_determinant")
  }

  @Test func planarAndRadialFlows() throws {
    for number in [71, 74] {
      let flow = planar(number)
      reference.expect((flow.weights * flow.directions).sum(), "planar_\(number)/w_dot_u")
      try check(flow, "planar_\(number)")
    }
    try check(radial(77), "radial")
  }

  @Test func autoregressiveBlocks() throws {
    try check(autoregressive(31, .exponential), "iaf_block/exponential")
    try check(autoregressive(31, .gated), "iaf_block/gated_with_context")
    let chain = FlowChain(flows: [
      autoregressive(31, .exponential), autoregressive(41, .exponential, reverses: true),
    ])
    let (codes, logDeterminant) = chain(Variable(reference.codeNoise(2)), context: try context())
    reference.expect(codes, "iaf_block/two_exponential_reversed_between/out")
    reference.expect(logDeterminant, "iaf_block/two_exponential_reversed_between/log_determinant")
    let (h, l) = (ModelReference.hidden, ModelReference.latent)
    reference.expect(
      InverseAutoregressiveFlow.hiddenMask(h, l).values.map(Double.init), "iaf_block/mask_hidden")
    reference.expect(
      InverseAutoregressiveFlow.outputMask(h, l).values.prefix(l * h).map(Double.init), "iaf_block/mask_output")
  }

  private func checkModel(_ kind: ModelKind, _ flows: [any Flow], _ path: String) throws {
    let model = FlowVAE(kind, try reference.networks(), beta: reference.beta, flows: flows)
    let loss = model.loss(reference.images, noise: [reference.codeNoise(1)], pass)
    reference.expect(loss.objectives[0], "\(path)/loss", factor: reference.beta)
    reference.expect([loss.reconstruction * perBatch], "\(path)/negative_log_likelihood", factor: reference.beta)
    reference.expect([loss.regularisation * perBatch], "\(path)/divergence")
    try reference.expectGradients(
      of: loss.objectives[0],
      model.networks.groups.merging(["flows": flows.flatMap { $0.parameters.map(\.variable) }]) { $1 },
      "\(path)/gradient_norm", factor: reference.beta)
    let posterior = GaussianPosterior(Variable(reference.images), model.networks, pass)
    let (codes, logDeterminant) = model.chain(posterior.code(reference.codeNoise(1)), context: posterior.features)
    reference.expect(codes, "\(path)/code")
    reference.expect(logDeterminant, "\(path)/log_determinant")
  }

  @Test func modelsWithFlows() throws {
    try checkModel(.vaeNF, [planar(71), planar(74), radial(77)], "vae_nf")
    try checkModel(.vaeIAF, [autoregressive(31, .exponential)], "vae_iaf_exponential")
    try checkModel(.vaeIAF, [autoregressive(31, .gated)], "vae_iaf_gated_with_context")
  }

  private var tempering: Tempering {
    Tempering(rootBetaZero: reference.setting("root_beta_zero"), steps: Int(reference.setting("leapfrog_steps")))
  }

  @Test func hamiltonian() throws {
    reference.expect((0...tempering.steps).map(tempering.rootBeta), "hvae/root_betas")
    let model = HamiltonianVAE(
      try reference.networks(), beta: reference.beta, stepSize: reference.setting("step_size"), tempering: tempering)
    let noise = [reference.codeNoise(1), reference.codeNoise(2)]
    let loss = try model.loss(reference.images, noise: noise, pass)
    reference.expect(loss.objectives[0], "hvae/loss", factor: reference.beta)
    try reference.expectGradients(
      of: loss.objectives[0], model.networks.groups, "hvae/gradient_norm", factor: reference.beta)
    let posterior = GaussianPosterior(Variable(reference.images), model.networks, pass)
    let (code, momentum, _) = try model.trajectory(
      from: posterior.code(noise[0]), gamma: Variable(noise[1]), reference.images, pass)
    reference.expect(code, "hvae/code")
    reference.expect(momentum, "hvae/momentum")
    // |gamma|^2 / 2 has the mean d / 2.
    let drawn = 0.5 * noise[1].values.reduce(0.0) { $0 + Double($1) * Double($1) } * perBatch
    let expected = Double(loss.objectives[0].value.item) / reference.beta + drawn - Double(ModelReference.latent) / 2
    reference.expect([expected], "hvae/loss_with_expected_momentum")
    // Without recording, as on validation images, the same number.
    let unrecorded = try Recording.off { try model.loss(reference.images, noise: noise, pass).total }
    #expect(abs(unrecorded - loss.total) < 1e-5 * abs(loss.total))
  }

  /// The reference takes forces as total derivatives, through what the momentum owes to the position.
  @Test func riemannian() throws {
    let (d, h, l) = (ModelReference.pixels, ModelReference.hidden, ModelReference.latent)
    let metric = try MetricNetwork(
      itemShape: [d], layers: [.linear(outputs: h, activation: .tanh)], dimensions: l, stream: stream)
    let entries = [
      reference.layer(21, "metric.0", h, d), reference.layer(23, "metric_diagonal", l, h),
      reference.layer(25, "metric_lower", l * (l - 1) / 2, h),
    ].reduce(into: [:]) { $0.merge($1) { $1 } }
    for network in metric.networks { try network.load(entries, path: "reference") }
    let model = RiemannianHamiltonianVAE(
      try reference.networks(), metric: metric, beta: reference.beta, stepSize: reference.setting("step_size"),
      tempering: tempering, temperature: reference.setting("temperature"),
      regularisation: reference.setting("regularization"), takesTotalForces: true)
    let noise = [reference.codeNoise(1), reference.codeNoise(2)]
    let loss = try model.loss(reference.images, noise: noise, pass)
    reference.expect(loss.objectives[0], "rhvae/loss", factor: reference.beta)
    try reference.expectGradients(
      of: loss.objectives[0],
      model.networks.groups.merging(["metric": metric.networks.flatMap(\.trained)]) { $1 }, "rhvae/gradient_norm",
      factor: reference.beta)
    let posterior = GaussianPosterior(Variable(reference.images), model.networks, pass)
    let path = try model.trajectory(
      from: posterior.code(noise[0]), gamma: Variable(noise[1]), reference.images,
      model.batchMetric(reference.images, centroids: posterior.mean, pass), pass)
    reference.expect(path.inverseMetricAtStart, "rhvae/inverse_metric_at_start")
    reference.expect(-path.inverseMetricAtStart.logDeterminants(), "rhvae/log_determinant_of_metric_at_start")
    reference.expect(path.inverseMetricAtStart.inverses().choleskyFactors(), "rhvae/cholesky_of_metric_at_start")
    reference.expect(path.momentumAtStart, "rhvae/momentum_at_start")
    reference.expect(path.code, "rhvae/code")
    reference.expect(path.momentum, "rhvae/momentum")
    reference.expect(-path.inverseMetricAtEnd.logDeterminants(), "rhvae/log_determinant_of_metric_at_end")
  }
}
