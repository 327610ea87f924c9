import Foundation
import Generators
import Geometry
import Networks
import Randomness
import Tensors
import Testing

@Suite struct GeneratorTrainingTests {
  private let stream = RandomStream(seed: 7, purpose: "vae")

  private func model(latentDimensions: Int = 4) throws -> VariationalAutoencoder {
    try VariationalAutoencoder(
      .compact, height: 16, width: 16, latentDimensions: latentDimensions, stream: stream.substream("weights"))
  }

  private func configuration(epochs: Int) -> GeneratorConfiguration {
    var configuration = GeneratorConfiguration()
    configuration.epochs = epochs
    configuration.plateauPatience = 1000
    return configuration
  }

  @Test func trainingReconstructsAlikeEveryTime() throws {
    let (images, unseen) = (ToyDiscs.images(60, seed: 1), ToyDiscs.images(20, seed: 2))
    var decoded: [[Float]] = []
    for _ in 0..<2 {
      let model = try model()
      let history = try GeneratorTraining(configuration(epochs: 60)).train(
        model, on: images, validation: nil, stream: stream)
      #expect(history.count == 60 && history.last!.trainingLoss < 0.3 * history[0].trainingLoss)
      #expect(history.allSatisfy { $0.validationLoss == nil && $0.divergence >= 0 && $0.reconstruction > 0 })
      let reconstructed = model.decode(model.encode(unseen).means)
      let mean = Tensor([20, 16, 16, 1]) { target in
        for index in target.indices {
          target[index] = (0..<60).reduce(Float(0)) { $0 + images.buffer[$1 * 256 + index % 256] } / 60
        }
      }
      // Better by far than the mean training image, the best that a model without a code can do.
      #expect(reconstructed.sumOfSquaredDifferences(unseen) < 0.3 * mean.sumOfSquaredDifferences(unseen))
      decoded.append(reconstructed.values)
    }
    #expect(decoded[0] == decoded[1])
    #expect(decoded[0].allSatisfy { $0 > 0 && $0 < 1 })
  }

  /// Training in bfloat16 comes to where float32 does, as far as seeds differ; the model is applied in float32 in either case.
  @Test func bfloat16TrainsAsFloat32Does() throws {
    let images = ToyDiscs.images(60, seed: 1)
    var ends: [[Double]] = [[], []]
    for seed in 1...5 {
      for (index, precision) in Precision.allCases.enumerated() {
        var configuration = configuration(epochs: 40)
        configuration.precision = precision
        let model = try VariationalAutoencoder(
          .compact, height: 16, width: 16, latentDimensions: 4, stream: RandomStream(seed: UInt64(seed), purpose: "vae")
        )
        let history = try GeneratorTraining(configuration).train(
          model, on: images, validation: nil, stream: RandomStream(seed: UInt64(seed), purpose: "training"))
        ends[index].append(history.suffix(5).map(\.trainingLoss).reduce(0, +) / 5)
        #expect(model.encode(images).means.values.allSatisfy { $0.isFinite })
      }
    }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    let differences = zip(ends[0], ends[1]).map { $1 - $0 }
    let spread = ends[0].map { ($0 - mean(ends[0])) * ($0 - mean(ends[0])) }.reduce(0, +) / 4
    #expect(differences.contains { $0 != 0 })
    #expect(abs(mean(differences)) < 2 * spread.squareRoot(), "\(ends)")
  }

  /// Rows of a larger set train as a set of these images alone does, to the byte.
  @Test func rowsTrainAsACopyOfThem() throws {
    let all = ToyDiscs.images(50, seed: 1)
    let (rows, others) = ((0..<50).filter { $0 % 3 != 1 }, (0..<50).filter { $0 % 3 == 1 })
    let (one, other) = (try model(), try model())
    let training = GeneratorTraining(configuration(epochs: 3))
    let first = try training.train(one, on: all.rows(rows), validation: all.rows(others), stream: stream)
    let second = try training.train(
      other, on: TensorRows(all, rows: rows), validation: TensorRows(all, rows: others), stream: stream)
    #expect(first.map(\.trainingLoss) == second.map(\.trainingLoss))
    #expect(first.map(\.validationLoss) == second.map(\.validationLoss))
    let codes = one.encode(all.rows(rows))
    #expect(codes == other.encode(TensorRows(all, rows: rows)))
    let decoded = one.decode(codes.means)
    let streamed = ResidualSpectrum(of: TensorRows(all, rows: rows)) { range in
      one.decode(codes.means.selectingRows(Array(range)))
    }
    #expect(ResidualSpectrum(of: all.rows(rows), less: decoded) == streamed)
  }

  /// The loss is the squared error plus beta times the divergence.
  @Test func theLossIsMadeOfItsParts() throws {
    var configuration = configuration(epochs: 2)
    for beta in [nil, 0.25] {
      configuration.beta = beta
      configuration.latentDimensions = 4
      let history = try GeneratorTraining(configuration).train(
        configuration.model(height: 16, width: 16, stream: stream), on: ToyDiscs.images(30, seed: 1), validation: nil,
        stream: stream)
      for epoch in history {
        let expected = epoch.reconstruction + (beta ?? 256.0 / 36_608) * epoch.divergence
        #expect(abs(epoch.trainingLoss - expected) < 1e-4 * expected)
      }
    }
    #expect(GeneratorConfiguration().resolvedBeta(height: 208, width: 176) == 1)
  }

  /// Validation images of another kind make later epochs worse; what is kept must be what a training that stopped at
  /// the best epoch has.
  @Test func theBestEpochOnValidationImagesIsKept() throws {
    let (images, inverted) = (ToyDiscs.images(40, seed: 1), ToyDiscs.images(10, seed: 2, inverted: true))
    let probe = Matrix([[0.5, -1, 0.2, 0], [0, 0, 0, 0]])
    func trained(_ configuration: GeneratorConfiguration, validation: Tensor?) throws -> (
      values: [Float], history: [GeneratorTraining.Epoch]
    ) {
      let model = try model()
      let history = try GeneratorTraining(configuration).train(
        model, on: images, validation: validation, stream: stream)
      return (model.decode(probe).values, history)
    }
    let kept = try trained(configuration(epochs: 8), validation: inverted)
    let losses = kept.history.map { $0.validationLoss! }
    let best = losses.firstIndex(of: losses.min()!)! + 1
    try #require(best < 8, "the test needs a worse last epoch: \(losses)")
    #expect(try kept.values == trained(configuration(epochs: best), validation: nil).values)

    let last = try trained(configuration(epochs: 8), validation: nil).values
    #expect(kept.values != last)
    var keepsLast = configuration(epochs: 8)
    keepsLast.keepsBest = false
    #expect(try trained(keepsLast, validation: inverted).values == last)
  }

  @Test func trainingStopsEarlyWhenValidationGetsNoBetter() throws {
    var configuration = configuration(epochs: 40)
    configuration.earlyStopSteps = 6
    let history = try GeneratorTraining(configuration).train(
      model(), on: ToyDiscs.images(40, seed: 1), validation: ToyDiscs.images(10, seed: 2, inverted: true),
      stream: stream)
    let losses = history.map { $0.validationLoss! }
    #expect(history.count == losses.firstIndex(of: losses.min()!)! + 1 + 3 && history.count < 40)
  }

  @Test(arguments: [(300, 3000, 200), (20, 3000, 3000), (21, 3000, 1500), (1, 5, 5), (50, 1, 1)])
  func stepsBecomeWholeEpochs(images: Int, steps: Int, epochs: Int) {
    var configuration = GeneratorConfiguration()
    configuration.steps = steps
    #expect(GeneratorTraining(configuration).epochs(images: images) == epochs)
    configuration.epochs = 7
    #expect(GeneratorTraining(configuration).epochs(images: images) == 7)
  }

  @Test func aValueThatIsNoNumberIsSaid() throws {
    let images = ToyDiscs.images(20, seed: 1)
    images.mutate { $0[700] = .nan }
    let error = GeneratorError.diverged(epoch: 1, learningRate: Double(Float(1e-3)), kind: .vae)
    #expect(throws: error) {
      try GeneratorTraining(configuration(epochs: 3)).train(model(), on: images, validation: nil, stream: stream)
    }
  }

  @Test(arguments: [VAEArchitecture.Name.compact, .mnist])
  func weightsComeBackFromAFile(name: VAEArchitecture.Name) throws {
    func fresh(_ seed: UInt64) throws -> VariationalAutoencoder {
      try VariationalAutoencoder(
        name, height: 32, width: 32, latentDimensions: 3, stream: RandomStream(seed: seed, purpose: "weights"))
    }
    let (model, other) = (try fresh(1), try fresh(2))
    let probe = Matrix([[0.5, -1, 0.2], [2, 0, 1]])
    let expected = model.decode(probe).values
    #expect(other.decode(probe).values != expected)
    let bytes = try SafeTensors.encode(model.entries)
    try other.load(SafeTensors.decode(bytes, path: "x").entries, path: "x")
    #expect(other.decode(probe).values == expected)
    #expect(other.encode(other.decode(probe)) == model.encode(model.decode(probe)))

    let larger = try VariationalAutoencoder(name, height: 32, width: 32, latentDimensions: 4, stream: stream)
    #expect(throws: NetworkError.self) { try larger.load(SafeTensors.decode(bytes, path: "x").entries, path: "x") }
  }

  /// 120 rows run in batches of 50, 50 and 20; each alone must come out alike.
  @Test func encodingAndDecodingDoNotDependOnBatches() throws {
    let model = try model()
    let images = ToyDiscs.images(120, seed: 3)
    let together = model.encode(images)
    let decoded = model.decode(together.means)
    #expect(decoded.shape == [120, 16, 16, 1])
    for row in [0, 49, 50, 99, 100, 119] {
      let alone = model.encode(images.rows([row]))
      for (a, b) in zip(
        alone.means.values + alone.logVariances!.values, together.means.row(row) + together.logVariances!.row(row))
      {
        #expect(abs(a - b) < 1e-5)
      }
      let image = model.decode(together.means.selectingRows([row]))
      for (a, b) in zip(image.values, decoded.rows([row]).values) { #expect(abs(a - b) < 1e-5) }
    }
    #expect(model.decode(Matrix(rows: 0, columns: 4)).shape == [0, 16, 16, 1])
  }
}
