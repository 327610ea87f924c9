import Foundation
import Generators
import Geometry
import Networks
import Randomness
import Samplers
import Tensors
import Testing

/// Every model on two-dimensional data of a known density: what it draws comes nearer to fresh data than what it drew before
/// it was trained, by the maximum mean discrepancy.
@Suite struct ModelDensityTests {
  private static let stream = RandomStream(seed: 21, purpose: "densities")

  enum Data: CaseIterable { case ring, grid }

  /// Points in the unit square: a ring with a little noise, or nine narrow Gaussians.
  private static func points(_ data: Data, _ count: Int, _ purpose: String) -> Tensor {
    var random = stream.substream(purpose)
    return Tensor([count, 2]) { target in
      for point in 0..<count {
        let (x, y): (Double, Double)
        switch data {
        case .ring:
          let (angle, radius) = (2 * Double.pi * random.uniform(), 0.35 + 0.02 * random.normal())
          (x, y) = (0.5 + radius * cos(angle), 0.5 + radius * sin(angle))
        case .grid:
          let cell = random.index(below: 9)
          (x, y) = (
            0.2 + 0.3 * Double(cell % 3) + 0.02 * random.normal(), 0.2 + 0.3 * Double(cell / 3) + 0.02 * random.normal()
          )
        }
        (target[2 * point], target[2 * point + 1]) = (Float(x), Float(y))
      }
    }
  }

  private static func model(_ kind: ModelKind) throws -> (model: any GenerativeModel, settings: ModelSettings) {
    let encoder: [LayerDescription] = [
      .linear(outputs: 48, activation: .tanh), .linear(outputs: 48, activation: .tanh),
    ]
    let networks = try CoderNetworks(
      itemShape: [2], encoder: encoder, latentDimensions: 2,
      logVarianceActivation: kind.description.posterior == .none ? nil : .identity,
      decoder: [
        .linear(outputs: 48, activation: .tanh), .linear(outputs: 48, activation: .tanh),
        .linear(outputs: 2, activation: .sigmoid),
      ], stream: stream.substream("weights"))
    var settings = ModelSettings()
    // In units of squared errors of two coordinates, not of thousands of pixels.
    settings.embeddingWeight = 1e-4
    settings.decoderWeight = 1e-6
    settings.gradientWeight = 1e-5
    settings.discrepancyWeight = 0.01
    settings.adversarialWeight = kind == .aae ? 0.02 : 0.1
    settings.reconstructionLayer = 1
    settings.pseudoInputs = 30
    settings.secondStageSteps = 1200
    let model = try kind.model(
      networks,
      .init(
        encoder: encoder, metric: [.linear(outputs: 24, activation: .tanh)],
        latentDiscriminator: [.linear(outputs: 32, activation: .relu), .linear(outputs: 1, activation: .identity)],
        secondStage: [.linear(outputs: 48, activation: .relu)]), settings, beta: 0.004,
      stream: stream.substream("weights"))
    return (model, settings)
  }

  /// 400 draws by the model's best way: its own prior where it has one, a mixture where its codes are points.
  private static func drawn(_ model: any GenerativeModel, _ settings: ModelSettings, _ training: Tensor) throws
    -> Tensor
  {
    let own: [ModelKind: SyntheticMethod] = [.vamp: .vamp, .rhvae: .rhvae, .twoStage: .twoStage]
    let method = own[model.kind] ?? (model.kind.description.posterior == .none ? .gmm : .prior)
    let context = SamplerContext(
      model: model, settings: settings, codes: model.codes(of: TensorRows(training)), others: [],
      metric: MetricConfiguration(),
      sampler: HMCConfiguration(mode: .paper, steps: 30, leapfrogSteps: 5, stepSize: 0.05),
      path: .straight, interpolationSteps: 0, interpolationLeapfrogSteps: 1, interpolationStepSize: 0.01,
      mixtureComponents: 10, stream: stream.substream("draw"))
    let (sampler, stream) = try method.sampler(context)!
    return model.decode(try sampler.draw(400, stream: stream).points)
  }

  @Test(arguments: ModelKind.allCases, Data.allCases)
  func trainingBringsDrawsNearer(kind: ModelKind, data: Data) throws {
    let training = Self.points(data, 500, "training")
    let fresh = Variable(Self.points(data, 400, "fresh"))
    let (model, settings) = try Self.model(kind)
    let discrepancy = MaximumMeanDiscrepancy(
      kernel: .inverseMultiquadratic(scales: [0.2, 1, 5]), bandwidth: 0.1)
    func distance() throws -> Double {
      Double(try discrepancy(Variable(Self.drawn(model, settings, training)), fresh).value.item)
    }
    let before = try distance()
    var configuration = GeneratorConfiguration()
    configuration.kind = kind
    configuration.epochs = 60
    configuration.batchSize = 50
    configuration.learningRate = 4e-3
    configuration.plateauPatience = 15
    try GeneratorTraining(configuration).train(model, on: training, validation: nil, stream: Self.stream)
    try model.finish(on: TensorRows(training), stream: Self.stream.substream("finish"))
    let after = try distance()
    #expect(after < before / 5, "\(kind), \(data): \(after) after, \(before) before")
  }
}
