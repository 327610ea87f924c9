import Geometry
import Networks
import Randomness
import Tensors

/// A model that learns to make images: networks, the loss that trains them, and the way from an image to a code and back.
///
/// A new model is a file with a class of this protocol, a case of `ModelKind` and a row of `ModelKind.description`.
public protocol GenerativeModel: AnyObject, Sendable {
  var kind: ModelKind { get }
  /// Encoder and decoder.
  var networks: CoderNetworks { get }
  /// Everything with weights on disk, the networks first.
  var stores: [any WeightStore] { get }
  /// The parameters that go down each objective of `loss`, in its order; most models have one.
  var players: [[Variable]] { get }
  /// The shapes of the standard normal numbers that one loss takes.
  ///
  /// - Parameter batch: items in the batch.
  func noiseShapes(_ batch: Int) -> [[Int]]
  /// The loss of a batch.
  ///
  /// - Parameters:
  ///   - items: `[batch] + itemShape`, values in [0, 1].
  ///   - noise: standard normal numbers of the shapes that `noiseShapes` asks for.
  ///   - pass: whether it is a training pass, in which precision, and whether second derivatives are taken.
  /// - Throws: `GeneratorError` if the batch cannot have this loss.
  func loss(_ items: Tensor, noise: [Tensor], _ pass: CoderNetworks.Pass) throws -> ModelLoss
  /// What the encoder says of items, `itemShape` each.
  func codes(of items: TensorRows) -> Codes
  /// Called once before training, with the training items in random order, classes in turn.
  func begin(on items: TensorRows)
  /// Called before each training step.
  func beginStep()
  /// Called once for each class after training, with the class's training items.
  ///
  /// - Throws: `GeneratorError`.
  func finish(on items: TensorRows, stream: RandomStream) throws
}

/// The loss of a batch.
public struct ModelLoss {
  /// What each player goes down, a mean over the batch, of shape `[]`.
  package let objectives: [Variable]
  /// What the best epoch is chosen by, a mean over the batch.
  package let total: Double
  /// The squared error summed over values, and what is weighted against it; sums over the batch.
  package let reconstruction: Double
  package let regularisation: Double

  /// The loss of a model with one player.
  package init(_ objective: Variable, reconstruction: Double, regularisation: Double) {
    self.init([objective], total: Double(objective.value.item), reconstruction, regularisation)
  }

  /// The loss of a model with one player that weighs a divergence: the squared error + `beta` * divergence.
  ///
  /// - Parameters:
  ///   - squaredError: summed over the batch, of shape `[]`.
  ///   - divergence: in nats, summed over the batch, of shape `[]`.
  ///   - batch: images.
  package init(squaredError: Variable, divergence: Variable, beta: Double, batch: Int) {
    self.init(
      1 / Float(batch) * (squaredError + Float(beta) * divergence), reconstruction: Double(squaredError.value.item),
      regularisation: Double(divergence.value.item))
  }

  package init(_ objectives: [Variable], total: Double, _ reconstruction: Double, _ regularisation: Double) {
    self.objectives = objectives
    self.total = total
    self.reconstruction = reconstruction
    self.regularisation = regularisation
  }
}

extension GenerativeModel {
  public var stores: [any WeightStore] { networks.networks }
  public var players: [[Variable]] { [stores.flatMap(\.trained)] }
  public func noiseShapes(_ batch: Int) -> [[Int]] { codeNoise(batch, tables: 1) }
  public func codes(of items: TensorRows) -> Codes { networks.codes(of: items) }
  public func begin(on items: TensorRows) {}
  public func beginStep() {}
  public func finish(on items: TensorRows, stream: RandomStream) throws {}

  public var latentDimensions: Int { networks.latentDimensions }

  /// What the encoder says of each image.
  ///
  /// - Parameter images: `[height, width, channel]` each, values in [0, 1].
  public func encode(_ images: TensorRows) -> Codes { codes(of: images) }

  /// What the encoder says of each image.
  ///
  /// - Parameter images: `[image, height, width, channel]`, values in [0, 1].
  public func encode(_ images: Tensor) -> Codes { codes(of: TensorRows(images)) }

  /// The mean image of each latent point.
  ///
  /// - Parameter points: `[image, latent dimension]`.
  /// - Returns: `[image, height, width, channel]`, values in (0, 1).
  public func decode(_ points: Matrix) -> Tensor { networks.items(of: points) }

  /// The number of trained weights.
  public var parameterCount: Int { stores.reduce(0) { $0 + $1.trained.reduce(0) { $0 + $1.value.count } } }

  /// Weights under PyTorch's names.
  public var entries: [(name: String, entry: SafeTensors.Entry)] { stores.flatMap(\.entries) }

  /// Takes weights from a file's entries.
  ///
  /// - Throws: `NetworkError.weights`.
  public func load(_ entries: [String: SafeTensors.Entry], path: String) throws {
    for store in stores { try store.load(entries, path: path) }
  }

  package func snapshot() -> [[Tensor]] { stores.map { $0.snapshot() } }

  package func restore(_ snapshot: [[Tensor]]) {
    for (store, part) in zip(stores, snapshot) { store.restore(part) }
  }

  /// Shapes of so many tables with a number for each coordinate of each code.
  func codeNoise(_ batch: Int, tables: Int) -> [[Int]] {
    Array(repeating: [batch, networks.latentDimensions], count: tables)
  }

  /// Standard normal numbers for one loss.
  package func noise(_ batch: Int, _ random: inout RandomStream) -> [Tensor] {
    noiseShapes(batch).map { shape in Tensor(shape) { random.fillNormal($0) } }
  }
}
