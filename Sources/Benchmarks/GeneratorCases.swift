import Generators
import Randomness
import Tensors

/// A training step of every generative model on the same networks, for comparison with each other and with other libraries.
enum GeneratorCases {
  static let all: [BenchmarkCase] = ModelKind.allCases.map { step($0) } + [step(.hvae, stopsForces: true)]

  private static let (batch, height, width, latentDimensions) = (100, 104, 88, 16)

  private static func step(_ kind: ModelKind, stopsForces: Bool = false) -> BenchmarkCase {
    BenchmarkCase(
      "models-\(kind.rawValue)\(stopsForces ? "-stopped" : "")",
      "one training step of '\(kind.rawValue)' with 'compact', \(batch) images of \(height) x \(width)"
        + (stopsForces ? ", forces stopped as in pythae" : ""), images: batch,
      load: .mixed
    ) {
      let images = ModelCases.images(batch, height, width)
      var configuration = GeneratorConfiguration()
      configuration.kind = kind
      configuration.latentDimensions = latentDimensions
      configuration.settings.stopsForces = stopsForces
      let model = try configuration.model(
        height: height, width: width, stream: RandomStream(seed: 1, purpose: "benchmark weights"))
      model.begin(on: TensorRows(images))
      let step = GeneratorTrainingStep(model, learningRate: 1e-4)
      var noise = RandomStream(seed: 1, purpose: "benchmark noise")
      return { _ = try step(images, random: &noise) }
    }
  }
}
