import Networks

extension ModelKind {
  /// How much memory training takes.
  ///
  /// A force of `hvae` and `rhvae`, or a penalty's gradient, is a pass through the decoder and back that is kept whole.
  ///
  /// - Throws: `GeneratorError.unsupportedSize`.
  public func footprint(
    _ shape: ModelShape, _ settings: ModelSettings = ModelSettings(), precision: Precision = .float32
  ) throws -> TrainingFootprint {
    let layers = try shape.layers
    let item = [shape.height, shape.width, shape.channels]
    var footprint = TrainingFootprint(input: item, precision: precision)
    let features = footprint.append(layers.encoder, input: item)
    for _ in 0..<2 {
      footprint.append([.linear(outputs: shape.latentDimensions, activation: .tanh)], input: features)
    }
    let code = [shape.latentDimensions]
    let backAndForth = 2.0
    switch self {
    case .vae, .ae, .rae, .raeL2, .raeSN, .wae, .vaeNF, .twoStage, .aae:
      footprint.append(layers.decoder, input: code)
    case .vaeIAF:
      let width = shape.latentDimensions + (settings.flowForm == .gated ? features[0] : 0)
      for _ in 0..<settings.flowLength {
        footprint.append([.linear(outputs: settings.flowUnits, activation: .relu)], input: [width])
      }
      footprint.append(layers.decoder, input: code)
    case .vamp:
      footprint.append(layers.encoder, input: item, passes: 1, images: settings.pseudoInputs)
      footprint.append(layers.decoder, input: code)
    case .iwae:
      footprint.append(layers.decoder, input: code, passes: Double(settings.importanceSamples))
    case .raeGP:
      let derivatives = settings.gradientPenalty == .frobenius ? 1 + shape.latentDimensions : 1
      footprint.append(layers.decoder, input: code, passes: 1 + backAndForth * Double(derivatives))
    case .hvae where settings.stopsForces:
      // The last pass stays for the loss while no other does.
      footprint.append(layers.decoder, input: code, passes: backAndForth)
    case .hvae:
      footprint.append(layers.decoder, input: code, passes: backAndForth * Double(settings.leapfrogSteps + 1))
    case .rhvae:
      footprint.append(layers.decoder, input: code, passes: backAndForth * Double(settings.leapfrogSteps + 1))
      footprint.append([.flatten, .linear(outputs: 400, activation: .relu)], input: item)
    case .vaegan:
      footprint.append(layers.decoder, input: code, passes: 2)
      footprint.append(layers.encoder, input: item, passes: 3)
    }
    return footprint
  }
}
