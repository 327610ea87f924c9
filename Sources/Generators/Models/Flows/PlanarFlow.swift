import Networks
import Randomness
import Tensors

/// z + u tanh(w.z + b), with u moved along w so that w.u > -1, which keeps the map invertible.
///
/// Source: Rezende and Mohamed, "Variational inference with normalizing flows", ICML 2015, Eqs. 10 to 12 and appendix A.1.
package struct PlanarFlow: Flow {
  /// w and u, `[latent dimension]`, and b, `[1]`.
  package let weights: Variable
  package let directions: Variable
  package let bias: Variable
  private let name: String
  /// Whether u is moved. False is for a test that must fail.
  package var keepsInvertible = true

  package init(name: String, weights: Variable, directions: Variable, bias: Variable) {
    self.name = name
    (self.weights, self.directions, self.bias) = (weights, directions, bias)
  }

  /// A map near the identity.
  package init(name: String, dimensions: Int, stream: RandomStream) {
    let bound = 1 / Double(dimensions).squareRoot()
    self.init(
      name: name, weights: .uniformParameter([dimensions], bound: bound, name: "\(name).w", stream: stream),
      directions: .uniformParameter([dimensions], bound: 0.1 * bound, name: "\(name).u", stream: stream),
      bias: .parameter(Tensor.zeros([1])))
  }

  package var parameters: [(name: String, variable: Variable)] {
    [("\(name).w", weights), ("\(name).u", directions), ("\(name).b", bias)]
  }

  package func callAsFunction(_ codes: Variable, context: Variable) -> (codes: Variable, logDeterminant: Variable) {
    let (batch, dimensions) = (codes.shape[0], codes.shape[1])
    let dot = (weights * directions).sum()
    // w.u' = softplus(w.u) - 1.
    let shift = dot.softplus() - Variable(Tensor(scalar: 1)) - dot
    let directions =
      keepsInvertible
      ? self.directions + weights.scaled(by: shift).scaled(by: weights.squared().sum().reciprocal()) : self.directions
    let argument =
      codes.product(weights.reshaped([dimensions, 1])).reshaped([batch])
      + bias.spread(to: [batch])
    let activation = argument.activated(.tanh)
    let slope = (1 - activation) * (1 + activation)
    let moved = codes + activation.repeated(columns: dimensions) * directions.repeated(rows: batch)
    return (moved, slope.scaled(by: (weights * directions).sum()).logarithmOfOnePlus())
  }
}
