import Classification
import Generators
import Geometry
import Networks
import Randomness
import Tensors

/// Training steps and decoding.
enum ModelCases {
  static let all: [BenchmarkCase] = [
    vaeStep("vae-oasis", .oasis, batch: 20, height: 208, width: 176),
    vaeStep("vae-oasis-bfloat16", .oasis, batch: 20, height: 208, width: 176, precision: .bfloat16),
    vaeStep("vae-compact", .compact, batch: 100, height: 104, width: 88),
    vaeStep("vae-compact-bfloat16", .compact, batch: 100, height: 104, width: 88, precision: .bfloat16),
    vaeStep("vae-celeba", .celeba, batch: 20, height: 64, width: 64, channels: 3),
    vaeStep("vae-celeba-bfloat16", .celeba, batch: 20, height: 64, width: 64, channels: 3, precision: .bfloat16),
    vaeStep("vae-resnet", .resnet, batch: 100, height: 64, width: 64, channels: 3),
    vaeStep("vae-svhn", .svhn, batch: 100, height: 32, width: 32, channels: 3),
    classifierStep,
    decode,
  ]

  private static let latentDimensions = 16

  static func images(_ count: Int, _ height: Int, _ width: Int, _ channels: Int = 1) -> Tensor {
    var stream = RandomStream(seed: 1, purpose: "benchmark images")
    return Tensor([count, height, width, channels]) { target in
      for index in target.indices { target[index] = Float(stream.uniform()) }
    }
  }

  private static func vae(
    _ name: VAEArchitecture.Name, _ height: Int, _ width: Int, _ channels: Int = 1
  ) throws -> VariationalAutoencoder {
    try VariationalAutoencoder(
      name, height: height, width: width, channels: channels, latentDimensions: latentDimensions,
      stream: RandomStream(seed: 1, purpose: "benchmark weights"))
  }

  private static func arithmetic(
    _ name: VAEArchitecture.Name, _ height: Int, _ width: Int, _ channels: Int
  ) -> LayerArithmetic.Count {
    guard let layers = try? VAEArchitecture(name, height: height, width: width, channels: channels) else {
      preconditionFailure("\(name) does not take \(height) x \(width)")
    }
    return LayerArithmetic.count(
      .init(input: [height, width, channels], encoder: layers.encoder, decoder: layers.decoder),
      latentDimensions: latentDimensions)
  }

  private static func vaeStep(
    _ name: String, _ architecture: VAEArchitecture.Name, batch: Int, height: Int, width: Int, channels: Int = 1,
    precision: Precision = .float32
  ) -> BenchmarkCase {
    BenchmarkCase(
      name,
      "one training step of '\(architecture.rawValue)', \(batch) images of \(height) x \(width)"
        + (channels == 1 ? "" : " x \(channels)")
        + (precision == .bfloat16 ? ", in bfloat16" : ""), images: batch,
      load: .arithmetic(
        Double(batch) * arithmetic(architecture, height, width, channels).training,
        precision == .bfloat16 ? .bfloat16 : .float32)
    ) {
      let model = try vae(architecture, height, width, channels)
      let step = GeneratorTrainingStep(model, learningRate: 1e-4, precision: precision)
      let images = Self.images(batch, height, width, channels)
      var noise = RandomStream(seed: 1, purpose: "benchmark noise")
      return { _ = try step(images, random: &noise) }
    }
  }

  private static let classifierSize = (batch: 200, height: 208, width: 176)

  private static var classifierArithmetic: Double {
    let (_, height, width) = classifierSize
    let layers = ClassifierArchitecture(height: height, width: width, classes: 2).layers
    return LayerArithmetic.count(layers, input: [height, width, 1], inputNeedsGradient: false).0.training
  }

  private static func classifier() throws -> Classifier {
    try Classifier(
      height: classifierSize.height, width: classifierSize.width, classes: 2,
      stream: RandomStream(seed: 1, purpose: "benchmark weights"))
  }

  private static func labelled() -> LabelledImages {
    let (batch, height, width) = classifierSize
    return LabelledImages(images: images(batch, height, width), labels: (0..<batch).map { $0 % 2 })
  }

  private static let classifierStep = BenchmarkCase(
    "classifier", "one training step of the paper's Table 5, 200 images of 208 x 176", images: classifierSize.batch,
    load: .arithmetic(Double(classifierSize.batch) * classifierArithmetic, .float32)
  ) {
    let step = try classifier().trainingStep(ClassifierConfiguration())
    let set = labelled()
    return { _ = try step(set, rows: set.rows) }
  }

  /// How an experiment runs its repeats.
  static let classifierRepeats = BenchmarkCase(
    "classifier-repeats", "20 classifiers trained for one step each, side by side, one to a thread", images: 20 * 200,
    load: .arithmetic(20 * Double(classifierSize.batch) * classifierArithmetic, .float32)
  ) {
    let set = labelled()
    let workers = ComputeThreads.current
    return {
      try ComputeThreads.sideBySide(jobs: 20, workers: workers) { _ in
        _ = try classifier().trainingStep(ClassifierConfiguration())(set, rows: set.rows)
      }
    }
  }

  private static let decode = BenchmarkCase(
    "decode-compact", "1,000 images of 104 x 88 decoded by 'compact'", images: 1000,
    load: .arithmetic(1000 * decodeArithmetic, .float32)
  ) {
    let model = try vae(.compact, 104, 88)
    let points = Self.points(1000)
    return { _ = model.decode(points) }
  }

  static func points(_ count: Int) -> Matrix {
    var stream = RandomStream(seed: 1, purpose: "benchmark points")
    return Matrix(
      rows: count, columns: latentDimensions, values: (0..<count * latentDimensions).map { _ in stream.normal() })
  }

  static func compact() throws -> VariationalAutoencoder { try vae(.compact, 104, 88) }

  private static var decodeArithmetic: Double {
    guard let layers = try? VAEArchitecture(.compact, height: 104, width: 88) else {
      preconditionFailure("'compact' does not take 104 x 88")
    }
    return LayerArithmetic.count(layers.decoder, input: [latentDimensions], inputNeedsGradient: false).0.forward
  }
}
