import Foundation
import Generators
import Geometry
import Networks
import Randomness
import Samplers
import Tensors
import Testing

/// What every model must do whatever it is: learn images, alike every time, in the memory that was said, and come back from
/// a file.
@Suite struct ModelTrainingTests {
  private static let stream = RandomStream(seed: 11, purpose: "models")

  private func configuration(_ kind: ModelKind, epochs: Int = 12) -> GeneratorConfiguration {
    var configuration = GeneratorConfiguration()
    configuration.kind = kind
    configuration.latentDimensions = 3
    configuration.epochs = epochs
    configuration.learningRate = 2e-3
    configuration.settings.secondStageSteps = 40
    configuration.settings.pseudoInputs = 6
    return configuration
  }

  private func model(_ configuration: GeneratorConfiguration, _ seed: String = "weights") throws -> any GenerativeModel
  {
    try configuration.model(height: 16, width: 16, stream: Self.stream.substream(seed))
  }

  private static let images = ToyDiscs.images(41, seed: 1)
  private static let unseen = ToyDiscs.images(10, seed: 2)

  @Test(arguments: ModelKind.allCases)
  func everyModelLearnsAlikeEveryTime(kind: ModelKind) throws {
    let configuration = configuration(kind)
    var ends: [[Float]] = []
    for _ in 0..<2 {
      let model = try model(configuration)
      func error() -> Double {
        model.decode(model.encode(Self.unseen).means).sumOfSquaredDifferences(Self.unseen) / 10
      }
      let before = error()
      let history = try GeneratorTraining(configuration).train(
        model, on: Self.images, validation: Self.unseen, stream: Self.stream)
      try model.finish(on: TensorRows(Self.images), stream: Self.stream.substream("finish"))
      #expect(history.count == 12 && history.allSatisfy { $0.validationLoss!.isFinite && $0.reconstruction > 0 })
      #expect(error() < 0.75 * before, "\(kind): \(error()) after, \(before) before")
      ends.append(model.stores.flatMap { $0.snapshot() }.flatMap(\.values))
    }
    #expect(ends[0] == ends[1])
  }

  @Test(arguments: ModelKind.allCases)
  func everyModelComesBackFromAFile(kind: ModelKind) throws {
    let configuration = configuration(kind, epochs: 1)
    let (model, other) = (try model(configuration), try model(configuration, "other"))
    try GeneratorTraining(configuration).train(model, on: Self.images, validation: nil, stream: Self.stream)
    try model.finish(on: TensorRows(Self.images), stream: Self.stream)
    let bytes = try SafeTensors.encode(model.entries)
    let (means, probe) = (model.encode(Self.unseen).means, Matrix([[0.5, -1, 0.2]]))
    #expect(other.decode(probe).values != model.decode(probe).values || other.encode(Self.unseen).means != means)
    try other.load(SafeTensors.decode(bytes, path: "x").entries, path: "x")
    #expect(other.encode(Self.unseen) == model.encode(Self.unseen))
    #expect(other.decode(probe).values == model.decode(probe).values)
    #expect(
      other.stores.flatMap { $0.snapshot() }.flatMap(\.values)
        == model.stores.flatMap { $0.snapshot() }.flatMap(\.values))
    #expect(Set(model.entries.map(\.name)).count == model.entries.count)
  }

  /// A batch in parts gives the step of the whole batch, where the loss is a sum over images.
  @Test(arguments: ModelKind.allCases.filter(\.description.lossIsSumOverImages))
  func partsOfABatchMakeTheSameStep(kind: ModelKind) throws {
    var configuration = configuration(kind, epochs: 1)
    // Power iteration and pseudo-inputs start alike in both.
    configuration.batchSize = 12
    let images = ToyDiscs.images(12, seed: 4)
    func trained(_ atOnce: Int?) throws -> [Float] {
      configuration.imagesAtOnce = atOnce
      let model = try model(configuration)
      try GeneratorTraining(configuration).train(model, on: images, validation: nil, stream: Self.stream)
      return model.stores.flatMap { $0.snapshot() }.flatMap(\.values)
    }
    let (whole, parts) = (try trained(nil), try trained(5))
    let start = try model(configuration).stores.flatMap { $0.snapshot() }.flatMap(\.values)
    let (moved, apart) = (
      zip(whole, start).reduce(0.0) { $0 + Double(abs($1.0 - $1.1)) },
      zip(whole, parts).reduce(0.0) { $0 + Double(abs($1.0 - $1.1)) }
    )
    // Adam's first step has the sign of each gradient: where rounding decides a sign, a weight moves the other way.
    #expect(moved > 0 && apart < 0.02 * moved, "\(kind): \(apart) of \(moved)")
  }

  /// Of the pool that a training step fills, within a factor of 1.5 either way.
  @Test(arguments: ModelKind.allCases)
  func memoryIsPredicted(kind: ModelKind) throws {
    let configuration = configuration(kind)
    let images = Tensor([40, 48, 40, 1], repeating: 0.5)
    let pool = BufferPool()
    try BufferPool.$current.withValue(pool) {
      let model = try configuration.model(height: 48, width: 40, stream: Self.stream)
      let step = GeneratorTrainingStep(model, learningRate: 1e-3)
      var random = Self.stream.substream("noise")
      for _ in 0..<2 { _ = try step(images, random: &random) }
      let footprint = try kind.footprint(
        ModelShape(.compact, height: 48, width: 40, latentDimensions: 3), configuration.settings)
      let predicted = footprint.bytes(images: 40, keepsBest: false, accumulates: false) - footprint.scratch
      let ratio = Double(pool.heldBytes) / Double(predicted)
      #expect(ratio > 1 / 1.5 && ratio < 1.5, "\(kind): held \(pool.heldBytes), predicted \(predicted)")
    }
  }

  @Test func aLastImageAloneJoinsTheBatchBeforeIt() throws {
    var configuration = configuration(.wae, epochs: 1)
    configuration.batchSize = 20
    let model = try model(configuration)
    let history = try GeneratorTraining(configuration).train(
      model, on: Self.images, validation: ToyDiscs.images(51, seed: 3), stream: Self.stream)
    #expect(history[0].trainingLoss.isFinite && history[0].validationLoss!.isFinite)
  }

  @Test func aLayerThatTheDiscriminatorLacksIsRefused() {
    var configuration = configuration(.vaegan)
    configuration.settings.reconstructionLayer = 9
    #expect(throws: GeneratorError.noSuchLayer(number: 9, count: 2, architecture: .compact)) {
      try model(configuration)
    }
  }

  @Test func pairsThatMakeNoSenseAreRefusedByTheTables() {
    for kind in ModelKind.allCases {
      #expect(SyntheticMethod.prior.refusal(of: kind) == nil && SyntheticMethod.gmm.refusal(of: kind) == nil)
      let isGaussian = kind.description.posterior == .gaussian
      for method in [SyntheticMethod.manifold, .posterior, .interpolation] {
        #expect((method.refusal(of: kind) == nil) == isGaussian, "\(method) of \(kind)")
      }
      for (method, owner) in [(SyntheticMethod.vamp, ModelKind.vamp), (.rhvae, .rhvae), (.twoStage, .twoStage)] {
        #expect((method.refusal(of: kind) == nil) == (kind == owner))
      }
    }
    let reason = SyntheticMethod.manifold.refusal(of: .ae)!
    #expect(reason.contains("'manifold'") && reason.contains("'ae'") && reason.contains("take 'gmm'"))
  }
}
