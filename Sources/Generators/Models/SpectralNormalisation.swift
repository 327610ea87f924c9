import Networks
import Randomness
import Tensors

/// Layers divided by their largest singular value, which power iteration follows while they are trained.
///
/// A layer's weights are a matrix of as many rows as its first axis has: outputs of dense layers and convolutions, inputs of
/// transposed convolutions (Ghosh et al. do the same; PyTorch's `spectral_norm` takes the second axis of these). With u and v
/// from power iteration, constants for the gradient, the layer is W / (u^T W v).
///
/// Source: Miyato et al., "Spectral normalization for generative adversarial networks", ICLR 2018, Algorithm 1.
package final class SpectralNormalisation: WeightStore, Reparametrisation {
  private let iterations: Int
  private let layers: [Layer]

  private struct Layer {
    let name: String
    let weights: Variable
    /// Estimates of the first singular vectors, `[rows]` and `[columns]`, which are kept with the weights.
    let left: Tensor
    let right: Tensor
  }

  /// - Parameters:
  ///   - iterations: of each call of `iterate`, at least 1.
  ///   - stream: where the singular vectors start.
  package init(_ network: Network, iterations: Int, stream: RandomStream) {
    self.iterations = iterations
    layers = network.parameters.filter { $0.variable.shape.count > 1 }.map { name, weights in
      var random = stream.substream("\(name)_u")
      let (rows, columns) = (weights.shape[0], weights.value.count / weights.shape[0])
      let left = Tensor([rows]) { random.fillNormal($0) }
      return Layer(name: name, weights: weights, left: left, right: Tensor.zeros([columns]))
    }
    for layer in layers {
      Self.normalise(layer.left)
      Self.advance(layer, iterations: 1)
    }
  }

  /// Moves the singular vectors towards those of the present weights.
  package func iterate() { for layer in layers { Self.advance(layer, iterations: iterations) } }

  package func applied(to weights: Variable) -> Variable {
    guard let layer = layers.first(where: { $0.weights === weights }) else { return weights }
    let (rows, columns) = (layer.left.count, layer.right.count)
    let product = weights.reshaped([rows, columns]).product(Variable(layer.right.reshaped([columns, 1])))
    let norm = Variable(layer.left.reshaped([1, rows])).product(product).reshaped([])
    return weights.scaled(by: norm.reciprocal())
  }

  /// The estimate u^T W v of each layer's largest singular value.
  package var norms: [Double] {
    layers.map { layer in
      let (rows, columns) = (layer.left.count, layer.right.count)
      let product = layer.weights.value.reshaped([rows, columns]).product(layer.right.reshaped([columns, 1]))
      return zip(product.values, layer.left.values).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
  }

  /// Starts anew from these left vectors, one for each layer.
  package func start(from vectors: [Tensor]) {
    for (layer, vector) in zip(layers, vectors) { layer.left.copyValues(of: vector) }
  }

  private static func advance(_ layer: Layer, iterations: Int) {
    let (rows, columns) = (layer.left.count, layer.right.count)
    let matrix = layer.weights.value.reshaped([rows, columns])
    for _ in 0..<iterations {
      layer.right.copyValues(
        of: matrix.product(layer.left.reshaped([rows, 1]), transposed: true).reshaped([columns]))
      normalise(layer.right)
      layer.left.copyValues(of: matrix.product(layer.right.reshaped([columns, 1])).reshaped([rows]))
      normalise(layer.left)
    }
  }

  private static func normalise(_ vector: Tensor) {
    let length = vector.values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    let scale = Float(1 / max(length, 1e-12))
    vector.mutate { values in for index in values.indices { values[index] *= scale } }
  }

  // MARK: WeightStore

  package var trained: [Variable] { [] }

  private var tensors: [(name: String, tensor: Tensor)] {
    layers.flatMap { [("\($0.name)_u", $0.left), ("\($0.name)_v", $0.right)] }
  }

  package var entries: [(name: String, entry: SafeTensors.Entry)] { tensors.map { ($0.name, .float32($0.tensor)) } }

  package func load(_ entries: [String: SafeTensors.Entry], path: String) throws {
    for (name, target) in tensors { try SafeTensors.fill(target, named: name, from: entries, path: path) }
  }

  package func snapshot() -> [Tensor] { tensors.map { $0.tensor.copy() } }

  package func restore(_ snapshot: [Tensor]) {
    for ((_, target), source) in zip(tensors, snapshot) { target.copyValues(of: source) }
  }
}
