import Foundation
import Geometry
import Networks
import Randomness
import Tensors

/// A dense variational autoencoder of codes with a learned variance of its output.
///
/// Heads read the input beside the last hidden layer. The loss is the mean over the batch of
/// KL(q(u|z) | N(0, I)) + sum_j ((z_j - z'_j)^2 / (2 gamma^2) + log gamma + log(2 pi) / 2).
///
/// Source: Dai and Wipf, "Diagnosing and enhancing VAE models", ICLR 2019, section 4 and its published networks.
public final class SecondStage: Sendable {
  private let encoder: Network
  private let mean: Network
  /// The logarithm of the deviation, half that of the variance.
  private let logDeviation: Network
  private let decoder: Network
  private let output: Network
  package let logGamma: Variable
  private let table: ParameterTable
  private let dimensions: Int
  private let start: [[Tensor]]

  /// - Parameters:
  ///   - dimensions: of the codes, and of this stage's own.
  ///   - hidden: layers of encoder and decoder.
  ///   - stream: where the first weights come from.
  /// - Throws: `NetworkError`.
  package init(dimensions: Int, hidden: [LayerDescription], stream: RandomStream) throws {
    self.dimensions = dimensions
    func body(_ name: String) throws -> Network {
      try Network(name: name, inputShape: [dimensions], layers: hidden, stream: stream)
    }
    let encoder = try body("encoder2")
    self.encoder = encoder
    decoder = try body("decoder2")
    let width = dimensions + encoder.outputShape[0]
    func head(_ name: String) throws -> Network {
      try Network(
        name: name, numbered: false, inputShape: [width],
        layers: [.linear(outputs: dimensions, activation: .identity)], stream: stream)
    }
    mean = try head("mean2")
    logDeviation = try head("log_deviation2")
    output = try head("output2")
    logGamma = .parameter(Tensor.zeros([1]))
    table = ParameterTable(parameters: [("log_gamma", logGamma)])
    let stores: [any WeightStore] = [encoder, mean, logDeviation, decoder, output, table]
    start = stores.map { $0.snapshot() }
  }

  package var stores: [any WeightStore] { [encoder, mean, logDeviation, decoder, output, table] }
  package var encoderParameters: [Variable] { [encoder, mean, logDeviation].flatMap(\.trained) }
  package var decoderParameters: [Variable] { [decoder, output].flatMap(\.trained) }

  /// Puts the first weights back.
  package func restart() { for (store, part) in zip(stores, start) { store.restore(part) } }

  /// - Parameters:
  ///   - codes: of the first stage, `[batch, dimension]`.
  ///   - noise: as many standard normal numbers.
  /// - Returns: the divergence and the negative log-likelihood, means over the batch.
  package func loss(_ codes: Tensor, noise: Tensor) -> (divergence: Variable, reconstruction: Variable) {
    let input = Variable(codes)
    let features = input.joined(encoder(input, training: true))
    let mean = mean(features, training: true)
    let logDeviation = logDeviation(features, training: true)
    let code = mean + logDeviation.exponential() * Variable(noise)
    let share = 1 / Float(codes.shape[0])
    let errors = decoded(code).sumOfSquaredErrors(from: input)
    let constant = Float(dimensions) * Float(0.5 * log(2 * Double.pi))
    let precision = (-2 * logGamma).exponential().reshaped([])
    let likelihood =
      (0.5 * share * errors).scaled(by: precision)
      + Float(dimensions) * logGamma.reshaped([]) + Variable(Tensor(scalar: constant))
    return (share * mean.gaussianDivergence(logVariance: 2 * logDeviation), likelihood)
  }

  private func decoded(_ codes: Variable) -> Variable {
    output(codes.joined(decoder(codes, training: true)), training: true)
  }

  /// Trains with Adam, batches of up to 100, at a rate that falls to a tenth over the last third.
  ///
  /// - Throws: `GeneratorError.diverged`.
  package func train(on codes: Codes, steps: Int, stream: RandomStream) throws {
    let parameters = stores.flatMap(\.trained)
    let rate: Float = 1e-3
    let optimiser = Adam(parameters, learningRate: rate)
    let deviations = try codes.variances(for: "the second stage of 'two-stage'")
    let (count, batch) = (codes.means.rows, min(100, codes.means.rows))
    for step in 0..<steps {
      var random = stream.substream("second stage", index: step)
      let rows = (0..<batch).map { _ in random.index(below: count) }
      let sample = Tensor([batch, dimensions]) { target in
        for (place, row) in rows.enumerated() {
          for column in 0..<dimensions {
            target[place * dimensions + column] = Float(
              codes.means[row, column] + deviations[row, column].squareRoot() * random.normal())
          }
        }
      }
      let noise = Tensor([batch, dimensions]) { random.fillNormal($0) }
      optimiser.learningRate = step * 3 < steps * 2 ? rate : rate / 10
      let (divergence, reconstruction) = loss(sample, noise: noise)
      let total = divergence + reconstruction
      guard total.value.item.isFinite else {
        throw GeneratorError.diverged(epoch: step + 1, learningRate: Double(optimiser.learningRate), kind: .twoStage)
      }
      try optimiser.step(down: total)
    }
  }

  /// Codes of the first stage drawn through this one: u from N(0, I), then z' + gamma times a standard normal.
  ///
  /// - Parameter points: `[count, dimension]` standard normal, and as many more for the output's noise.
  package func codes(from points: Matrix, noise: Matrix) -> Matrix {
    Recording.off {
      let input = Tensor([points.rows, dimensions], values: points.values.map { Float($0) })
      let gamma = exp(Double(logGamma.value.item))
      let means = decoded(Variable(input)).value.values
      return Matrix(
        rows: points.rows, columns: dimensions, values: zip(means, noise.values).map { Double($0) + gamma * $1 })
    }
  }
}
