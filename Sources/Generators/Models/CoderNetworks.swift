import Geometry
import Networks
import Randomness
import Tensors

/// The encoder with its heads and the decoder, which every model here has.
///
/// Weights carry PyTorch's names: `encoder.N`, `mean`, `log_variance` and `decoder.N`, as modules of a class with two
/// `nn.Sequential` and one or two `nn.Linear`.
public final class CoderNetworks: Sendable {
  /// The shape of one item: `[height, width, channel]`, or `[feature]` for networks of dense layers alone.
  public let itemShape: [Int]
  public let latentDimensions: Int
  package let encoder: Network
  package let mean: Network
  /// Nil for models whose codes are points.
  package let logVariance: Network?
  package let decoder: Network
  /// Items that are encoded or decoded together: 50, or as many as make no more than 64 MiB in one layer.
  package let itemsAtOnce: Int

  /// Networks with their first weights.
  ///
  /// - Parameters:
  ///   - itemShape: `[height, width, channel]` or `[feature]`.
  ///   - encoder: from an item to features.
  ///   - latentDimensions: coordinates of a code, at least 1.
  ///   - logVarianceActivation: bounds the log-variances; nil for a model without posterior variances.
  ///   - decoder: from `[latent dimension]` to an item.
  ///   - stream: where the first weights come from.
  /// - Throws: `NetworkError` if a layer does not fit the shape that reaches it.
  public init(
    itemShape: [Int], encoder: [LayerDescription], latentDimensions: Int, logVarianceActivation: Activation?,
    decoder: [LayerDescription], stream: RandomStream
  ) throws {
    self.itemShape = itemShape
    self.latentDimensions = latentDimensions
    self.encoder = try Network(name: "encoder", inputShape: itemShape, layers: encoder, stream: stream)
    let features = self.encoder.outputShape
    func head(_ name: String, _ activation: Activation) throws -> Network {
      try Network(
        name: name, numbered: false, inputShape: features,
        layers: [.linear(outputs: latentDimensions, activation: activation)], stream: stream)
    }
    mean = try head("mean", .identity)
    logVariance = try logVarianceActivation.map { try head("log_variance", $0) }
    self.decoder = try Network(name: "decoder", inputShape: [latentDimensions], layers: decoder, stream: stream)
    precondition(self.decoder.outputShape == itemShape, "the decoder gives \(self.decoder.outputShape)")
    itemsAtOnce = max(1, min(50, (1 << 24) / max(self.encoder.largestOutput, self.decoder.largestOutput)))
  }

  /// Of images, by the layers of an architecture.
  ///
  /// - Parameter hasVariances: whether there is a head of posterior variances.
  /// - Throws: `NetworkError`.
  convenience init(_ shape: ModelShape, _ layers: VAEArchitecture, hasVariances: Bool, stream: RandomStream) throws {
    try self.init(
      itemShape: [shape.height, shape.width, shape.channels], encoder: layers.encoder,
      latentDimensions: shape.latentDimensions,
      logVarianceActivation: hasVariances ? layers.logVarianceActivation : nil, decoder: layers.decoder, stream: stream)
  }

  /// In the order of the weights on disk.
  package var networks: [Network] { [encoder, mean] + [logVariance].compactMap { $0 } + [decoder] }

  package var parameters: [Variable] { networks.flatMap(\.trained) }
  /// Those of the encoder and its heads.
  package var encoderParameters: [Variable] { networks.dropLast().flatMap(\.trained) }

  /// How a pass through the networks is made.
  public struct Pass: Sendable {
    /// Whether batch normalisation uses this batch's statistics and updates the running ones.
    public var training: Bool
    public var precision: Precision
    /// Whether second derivatives are taken: then no kernel is fused that has none.
    public var differentiatesTwice: Bool

    public init(training: Bool, precision: Precision = .float32, differentiatesTwice: Bool = false) {
      (self.training, self.precision, self.differentiatesTwice) = (training, precision, differentiatesTwice)
    }
  }

  /// The posterior mean of each item, and the log-variance where there is one.
  package func posterior(_ items: Variable, _ pass: Pass) -> (
    mean: Variable, logVariance: Variable?, features: Variable
  ) {
    let features = encoder(
      items, training: pass.training, precision: pass.precision, differentiatesTwice: pass.differentiatesTwice)
    return (mean(features, training: pass.training), logVariance?(features, training: pass.training), features)
  }

  /// The mean item of each code, `[code] + itemShape`.
  package func decode(_ codes: Variable, _ pass: Pass) -> Variable {
    decoder(codes, training: pass.training, precision: pass.precision, differentiatesTwice: pass.differentiatesTwice)
  }

  /// The squared errors of what the codes decode to, summed over the batch, of shape `[]`.
  package func squaredErrors(_ codes: Variable, from items: Tensor, _ pass: Pass) -> Variable {
    pass.differentiatesTwice
      ? decode(codes, pass).sumOfSquaredErrors(from: Variable(items))
      : decoder.squaredErrors(
        of: codes, from: items, slope: 1 / Float(items.shape[0]), training: pass.training, precision: pass.precision)
  }

  /// The squared error of each code's item, `[code]`.
  ///
  /// - Parameter times: how many codes that follow each other belong to one item.
  package func squaredErrorsOfRows(_ codes: Variable, from items: Tensor, times: Int = 1, _ pass: Pass) -> Variable {
    decode(codes, pass).squaredErrorsOfRows(from: items, times: times)
  }

  /// What the encoder says of items.
  ///
  /// - Parameter items: `itemShape` each, values in [0, 1].
  package func codes(of items: TensorRows) -> Codes {
    var means: [Double] = []
    var logVariances: [Double] = []
    Recording.off {
      forBatches(of: items.count) { rows in
        let (mean, logVariance, _) = posterior(Variable(items.rows(rows)), Pass(training: false))
        means += mean.value.values.map(Double.init)
        if let logVariance { logVariances += logVariance.value.values.map(Double.init) }
      }
    }
    func matrix(_ values: [Double]) -> Matrix {
      Matrix(rows: items.count, columns: latentDimensions, values: values)
    }
    return Codes(means: matrix(means), logVariances: logVariance == nil ? nil : matrix(logVariances))
  }

  /// The mean item of each latent point.
  ///
  /// - Parameter points: `[item, latent dimension]`.
  /// - Returns: `[item] + itemShape`, values in (0, 1).
  package func items(of points: Matrix) -> Tensor {
    precondition(points.columns == latentDimensions, "points of \(points.columns) dimensions, not \(latentDimensions)")
    let input = Tensor([points.rows, latentDimensions], values: points.values.map { Float($0) })
    let width = itemShape.reduce(1, *)
    let result = Tensor([points.rows] + itemShape) { _ in }
    Recording.off {
      forBatches(of: points.rows) { rows in
        let batch = decode(Variable(input.rows(rows)), Pass(training: false)).value
        result.mutate { target in
          (target.baseAddress! + rows[0] * width).update(from: batch.pointer, count: batch.count)
        }
      }
    }
    return result
  }

  package func forBatches(of count: Int, _ body: ([Int]) -> Void) {
    for start in stride(from: 0, to: count, by: itemsAtOnce) {
      body(Array(start..<min(start + itemsAtOnce, count)))
    }
  }
}
