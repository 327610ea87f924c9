import Foundation
import Networks
import Randomness
import Tensors

/// z + beta (z - z0) / (alpha + |z - z0|), with alpha = exp(a) and beta = softplus(b) - alpha > -alpha, which keeps the map
/// invertible.
///
/// Source: Rezende and Mohamed, "Variational inference with normalizing flows", ICML 2015, Eq. 14 and appendix A.2.
package struct RadialFlow: Flow {
  /// z0, `[latent dimension]`; a and b, `[1]`.
  package let centre: Variable
  package let logAlpha: Variable
  package let strength: Variable
  private let name: String
  /// Whether beta is kept above -alpha. False is for a test that must fail.
  package var keepsInvertible = true

  package init(name: String, centre: Variable, logAlpha: Variable, strength: Variable) {
    self.name = name
    (self.centre, self.logAlpha, self.strength) = (centre, logAlpha, strength)
  }

  /// The identity: alpha is 1 and beta 0.
  package init(name: String, dimensions: Int, stream: RandomStream) {
    self.init(
      name: name, centre: .uniformParameter([dimensions], bound: 1, name: "\(name).x0", stream: stream),
      logAlpha: .parameter(Tensor.zeros([1])),
      strength: .parameter(Tensor([1], values: [Float(log(M_E - 1))])))
  }

  package var parameters: [(name: String, variable: Variable)] {
    [("\(name).x0", centre), ("\(name).log_alpha", logAlpha), ("\(name).beta", strength)]
  }

  package func callAsFunction(_ codes: Variable, context: Variable) -> (codes: Variable, logDeterminant: Variable) {
    let (batch, dimensions) = (codes.shape[0], codes.shape[1])
    let alpha = logAlpha.exponential()
    let beta = (keepsInvertible ? strength.softplus() - alpha : strength).spread(to: [batch])
    let offset = codes - centre.repeated(rows: batch)
    // A code at the centre itself has no direction; its distance is kept off zero, where the root has no derivative.
    let radius = (1e-30 + offset.squaredLengths()).squareRoot()
    let inverse = (alpha.spread(to: [batch]) + radius).reciprocal()
    let pull = beta * inverse
    let along = (pull - pull * inverse * radius).logarithmOfOnePlus()
    return (
      codes + pull.repeated(columns: dimensions) * offset, Float(dimensions - 1) * pull.logarithmOfOnePlus() + along
    )
  }
}
