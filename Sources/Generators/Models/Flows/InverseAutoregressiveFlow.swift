import Networks
import Randomness
import Tensors

/// A block of an inverse autoregressive flow: every coordinate is scaled and shifted by what a masked network (MADE) makes of
/// the coordinates before it.
///
/// Source: Kingma et al., "Improved variational inference with inverse autoregressive flow", NeurIPS 2016, Eqs. 10 and 14;
/// masks of Germain et al., "MADE", ICML 2015.
package struct InverseAutoregressiveFlow: Flow {
  /// `[hidden, latent dimension]`, `[hidden]`, `[2 latent dimension, hidden]`, `[2 latent dimension]`.
  package let hiddenWeights: Variable
  package let hiddenBias: Variable
  package let outputWeights: Variable
  package let outputBias: Variable
  /// `[hidden, feature]`; of the gated form.
  package let contextWeights: Variable?
  package let form: ModelSettings.FlowForm
  /// Whether coordinates come in reversed order, as they do in every block but the first.
  package let reverses: Bool
  private let name: String
  /// Whether the network is masked. False is for a test that must fail.
  package var isMasked = true

  package init(
    name: String, form: ModelSettings.FlowForm, reverses: Bool, hiddenWeights: Variable, hiddenBias: Variable,
    outputWeights: Variable,
    outputBias: Variable, contextWeights: Variable?
  ) {
    self.name = name
    self.form = form
    self.reverses = reverses
    (self.hiddenWeights, self.hiddenBias) = (hiddenWeights, hiddenBias)
    (self.outputWeights, self.outputBias, self.contextWeights) = (outputWeights, outputBias, contextWeights)
  }

  /// A map near the identity (exponential), or near sigmoid(2) z (gated), from small random weights.
  ///
  /// - Parameters:
  ///   - hidden: units of the masked network.
  ///   - features: how many the encoder has.
  package init(
    name: String, form: ModelSettings.FlowForm, reverses: Bool, dimensions: Int, hidden: Int, features: Int,
    stream: RandomStream
  ) {
    func weights(_ part: String, _ shape: [Int], _ scale: Double = 1) -> Variable {
      .uniformParameter(
        shape, bound: scale / Double(shape[1]).squareRoot(), name: "\(name).\(part)", stream: stream)
    }
    // The forget gate starts open, as Kingma et al. advise.
    let start: Float = form == .gated ? 2 : 0
    let bias = Tensor([2 * dimensions]) { target in
      for index in target.indices { target[index] = index < dimensions ? 0 : start }
    }
    self.init(
      name: name, form: form, reverses: reverses, hiddenWeights: weights("hidden.weight", [hidden, dimensions]),
      hiddenBias: .parameter(Tensor.zeros([hidden])),
      outputWeights: weights("output.weight", [2 * dimensions, hidden], 0.1), outputBias: .parameter(bias),
      contextWeights: form == .gated ? weights("context.weight", [hidden, features], 0.1) : nil)
  }

  package var parameters: [(name: String, variable: Variable)] {
    [
      ("\(name).hidden.weight", hiddenWeights), ("\(name).hidden.bias", hiddenBias),
      ("\(name).output.weight", outputWeights), ("\(name).output.bias", outputBias),
    ] + (contextWeights.map { [("\(name).context.weight", $0)] } ?? [])
  }

  /// Which coordinates a hidden unit may see, `[hidden, dimension]`: unit i those up to i mod (dimensions - 1).
  package static func hiddenMask(_ hidden: Int, _ dimensions: Int) -> Tensor {
    Tensor([hidden, dimensions]) { target in
      for index in target.indices {
        target[index] = degree(index / dimensions, dimensions) >= index % dimensions ? 1 : 0
      }
    }
  }

  /// Which hidden units an output may see, `[2 dimension, hidden]`: only those that see nothing but coordinates before it.
  package static func outputMask(_ hidden: Int, _ dimensions: Int) -> Tensor {
    Tensor([2 * dimensions, hidden]) { target in
      for index in target.indices {
        target[index] = index / hidden % dimensions > degree(index % hidden, dimensions) ? 1 : 0
      }
    }
  }

  private static func degree(_ unit: Int, _ dimensions: Int) -> Int { unit % max(1, dimensions - 1) }

  package func callAsFunction(_ codes: Variable, context: Variable) -> (codes: Variable, logDeterminant: Variable) {
    let (dimensions, hidden) = (codes.shape[1], hiddenBias.shape[0])
    let codes = reverses ? codes.columns((0..<dimensions).reversed()) : codes
    func masked(_ weights: Variable, _ mask: Tensor) -> Variable { isMasked ? weights * Variable(mask) : weights }
    var units = codes.linear(weights: masked(hiddenWeights, Self.hiddenMask(hidden, dimensions)), bias: hiddenBias)
    if let contextWeights { units = units + context.product(contextWeights, otherTransposed: true) }
    let outputs = units.activated(.relu).linear(
      weights: masked(outputWeights, Self.outputMask(hidden, dimensions)), bias: outputBias)
    let shift = outputs.columns(Array(0..<dimensions))
    let scale = outputs.columns(Array(dimensions..<2 * dimensions))
    switch form {
    case .exponential: return (codes * scale.exponential() + shift, scale.sumOverColumns())
    case .gated:
      let gate = scale.activated(.sigmoid)
      // log sigmoid(s) = -softplus(-s).
      return (gate * codes + (1 - gate) * shift, -(-scale).softplus().sumOverColumns())
    }
  }
}
