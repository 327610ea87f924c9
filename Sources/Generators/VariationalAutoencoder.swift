import Geometry
import Networks
import Randomness
import Tensors

/// A variational autoencoder with a Gaussian posterior of diagonal covariance.
///
/// Source: Kingma and Welling, "Auto-encoding variational Bayes", ICLR 2014; architectures from the paper.
public final class VariationalAutoencoder: Sendable {
  public let architecture: VAEArchitecture.Name
  public let height: Int
  public let width: Int
  /// Of the images: 1 for grey, 3 for colour.
  public let channels: Int
  public let latentDimensions: Int
  private let encoder: Network
  private let mean: Network
  private let logVariance: Network
  private let decoder: Network
  /// Images that are encoded or decoded together: 50, or as many as make no more than 64 MiB in one layer.
  let imagesAtOnce: Int

  /// What the encoder says of images: the posterior of each.
  public struct Codes: Sendable, Equatable {
    /// Posterior means, `[image, latent dimension]`.
    public let means: Matrix
    /// Posterior log-variances, `[image, latent dimension]`.
    public let logVariances: Matrix

    public init(means: Matrix, logVariances: Matrix) {
      precondition(
        means.rows == logVariances.rows && means.columns == logVariances.columns, "one log-variance for each mean")
      self.means = means
      self.logVariances = logVariances
    }
  }

  /// The loss of a batch and its two parts, each a sum over the batch.
  struct Loss {
    let total: Variable
    let reconstruction: Double
    let divergence: Double
  }

  /// - Parameters:
  ///   - height: of the images, in pixels.
  ///   - width: of the images, in pixels.
  ///   - channels: of the images, at least 1.
  ///   - stream: where the first weights come from.
  /// - Throws: `GeneratorError.unsupportedSize`.
  public init(
    _ architecture: VAEArchitecture.Name, height: Int, width: Int, channels: Int = 1, latentDimensions: Int,
    stream: RandomStream
  ) throws {
    let layers = try VAEArchitecture(architecture, height: height, width: width, channels: channels)
    encoder = try Network(
      name: "encoder", inputShape: [height, width, channels], layers: layers.encoder, stream: stream)
    mean = try Network(
      name: "mean", numbered: false, inputShape: encoder.outputShape,
      layers: [.linear(outputs: latentDimensions, activation: .identity)], stream: stream)
    logVariance = try Network(
      name: "log_variance", numbered: false, inputShape: encoder.outputShape,
      layers: [.linear(outputs: latentDimensions, activation: layers.logVarianceActivation)], stream: stream)
    decoder = try Network(name: "decoder", inputShape: [latentDimensions], layers: layers.decoder, stream: stream)
    precondition(decoder.outputShape == [height, width, channels], "the decoder gives \(decoder.outputShape)")
    imagesAtOnce = max(1, min(50, (1 << 24) / max(encoder.largestOutput, decoder.largestOutput)))
    self.architecture = architecture
    self.height = height
    self.width = width
    self.channels = channels
    self.latentDimensions = latentDimensions
  }

  /// How much memory training takes.
  ///
  /// - Throws: `GeneratorError.unsupportedSize`.
  public static func footprint(
    _ architecture: VAEArchitecture.Name, height: Int, width: Int, channels: Int = 1, latentDimensions: Int,
    precision: Precision = .float32
  ) throws -> TrainingFootprint {
    let layers = try VAEArchitecture(architecture, height: height, width: width, channels: channels)
    var footprint = TrainingFootprint(input: [height, width, channels], precision: precision)
    let features = footprint.append(layers.encoder, input: [height, width, channels])
    for _ in 0..<2 { footprint.append([.linear(outputs: latentDimensions, activation: .tanh)], input: features) }
    footprint.append(layers.decoder, input: [latentDimensions])
    return footprint
  }

  private var networks: [Network] { [encoder, mean, logVariance, decoder] }

  /// All trained parameters, in a fixed order.
  var parameters: [Variable] { networks.flatMap { $0.parameters.map(\.variable) } }

  /// The number of trained weights.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.value.count } }

  /// Weights under PyTorch's names: `encoder.N`, `mean`, `log_variance` and `decoder.N`, as modules of a class with
  /// two `nn.Sequential` and two `nn.Linear`.
  public var entries: [(name: String, entry: SafeTensors.Entry)] { networks.flatMap(\.entries) }

  /// Takes weights from a file's entries.
  ///
  /// - Throws: `NetworkError.weights`.
  public func load(_ entries: [String: SafeTensors.Entry], path: String) throws {
    for network in networks { try network.load(entries, path: path) }
  }

  func snapshot() -> [[Tensor]] { networks.map { $0.snapshot() } }

  func restore(_ snapshot: [[Tensor]]) {
    for (network, part) in zip(networks, snapshot) { network.restore(part) }
  }

  /// Squared error over the pixels plus beta times the divergence from N(0, I), at one posterior sample per image,
  /// divided by the number of images.
  ///
  /// - Parameters:
  ///   - images: `[batch, height, width, channel]`, values in [0, 1].
  ///   - noise: `[batch, latent dimension]`, standard normal.
  ///   - precision: of the convolutions.
  ///
  /// Source: the paper, Eq. 2; the Gaussian decoder's variance is absorbed in beta.
  func loss(
    _ images: Tensor, noise: Tensor, beta: Double, training: Bool, precision: Precision = .float32
  ) -> Loss {
    let input = Variable(images)
    let features = encoder(input, training: training, precision: precision)
    let mean = mean(features, training: training)
    let logVariance = logVariance(features, training: training)
    let code = mean + (0.5 * logVariance).exponential() * Variable(noise)
    let share = 1 / Float(images.shape[0])
    let reconstruction = decoder.squaredErrors(
      of: code, from: images, slope: share, training: training, precision: precision)
    let divergence = mean.gaussianDivergence(logVariance: logVariance)
    let total = share * (reconstruction + Float(beta) * divergence)
    return Loss(
      total: total, reconstruction: Double(reconstruction.value.item), divergence: Double(divergence.value.item))
  }

  /// The posterior of each image.
  ///
  /// - Parameter images: `[image, height, width, channel]`, values in [0, 1].
  public func encode(_ images: Tensor) -> Codes { encode(TensorRows(images)) }

  /// The posterior of each image.
  ///
  /// - Parameter images: `[height, width, channel]` each, values in [0, 1].
  public func encode(_ images: TensorRows) -> Codes {
    var means: [Double] = []
    var logVariances: [Double] = []
    Recording.off {
      forBatches(of: images.count) { rows in
        let features = encoder(Variable(images.rows(rows)), training: false)
        means += mean(features, training: false).value.values.map(Double.init)
        logVariances += logVariance(features, training: false).value.values.map(Double.init)
      }
    }
    let count = images.count
    return Codes(
      means: Matrix(rows: count, columns: latentDimensions, values: means),
      logVariances: Matrix(rows: count, columns: latentDimensions, values: logVariances))
  }

  /// The mean image of each latent point.
  ///
  /// - Parameter points: `[image, latent dimension]`.
  /// - Returns: `[image, height, width, channel]`, values in (0, 1).
  public func decode(_ points: Matrix) -> Tensor {
    precondition(points.columns == latentDimensions, "points of \(points.columns) dimensions, not \(latentDimensions)")
    let input = Tensor([points.rows, latentDimensions], values: points.values.map { Float($0) })
    let result = Tensor([points.rows, height, width, channels]) { _ in }
    Recording.off {
      forBatches(of: points.rows) { rows in
        let batch = decoder(Variable(input.rows(rows)), training: false).value
        result.mutate { target in
          (target.baseAddress! + rows[0] * height * width * channels).update(from: batch.pointer, count: batch.count)
        }
      }
    }
    return result
  }

  private func forBatches(of count: Int, _ body: ([Int]) -> Void) {
    for start in stride(from: 0, to: count, by: imagesAtOnce) {
      body(Array(start..<min(start + imagesAtOnce, count)))
    }
  }
}
