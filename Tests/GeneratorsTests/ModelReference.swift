import Foundation
import Generators
import Networks
import Randomness
import Tensors
import Testing

/// Reference numbers of every model on tiny networks, read from a file, and the weights, images and noise that they belong
/// to, which follow from the file's phases.
///
/// Table k of weights is offset + scale sin(0.37 i + 0.013 i^2 + 1.3 k + s) over its elements i in row-major order; images and
/// noise likewise by t. 4 images of 12 pixels, 5 hidden units, 3 latent dimensions.
struct ModelReference: Sendable {
  static let (batch, pixels, hidden, latent) = (4, 12, 5, 3)

  private let document: Value
  let weightPhase: Double
  let inputPhase: Double

  /// What a JSON document holds.
  private indirect enum Value: Sendable {
    case number(Double)
    case list([Value])
    case object([String: Value])
    case other

    init(_ any: Any) {
      switch any {
      case let number as NSNumber: self = .number(number.doubleValue)
      case let list as [Any]: self = .list(list.map(Value.init))
      case let object as [String: Any]: self = .object(object.mapValues(Value.init))
      default: self = .other
      }
    }

    subscript(key: String) -> Value {
      if case .object(let object) = self, let value = object[key] { value } else { .other }
    }

    var numbers: [Double] {
      switch self {
      case .number(let number): [number]
      case .list(let list): list.flatMap(\.numbers)
      default: []
      }
    }
  }

  init() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/model-reference.json")
    document = Value(try JSONSerialization.jsonObject(with: Data(contentsOf: file)))
    weightPhase = document["weight_phase"].numbers[0]
    inputPhase = document["input_phase"].numbers[0]
  }

  /// The numbers at a path such as "rae_gp/frobenius/penalty", row by row.
  func numbers(_ path: String) -> [Double] {
    path.split(separator: "/").reduce(document) { $0[String($1)] }.numbers
  }

  func setting(_ name: String) -> Double { numbers("settings/\(name)")[0] }

  /// Twice the variance of the Gaussian decoder: what the file's losses in nats are multiplied by to be in units of the
  /// squared error.
  var beta: Double { 2 * setting("variance") }

  // MARK: Weights, images and noise.

  func table(_ number: Int, _ shape: [Int], _ scale: Double, offset: Double = 0) -> Tensor {
    Tensor(shape) { target in
      for index in target.indices {
        let i = Double(index)
        target[index] = Float(offset + scale * sin(0.37 * i + 0.013 * i * i + 1.3 * Double(number) + weightPhase))
      }
    }
  }

  var images: Tensor {
    Tensor([Self.batch, Self.pixels]) { target in
      for index in target.indices { target[index] = Float(0.5 + 0.45 * sin(0.71 * Double(index) + inputPhase)) }
    }
  }

  func noise(_ number: Int, _ shape: [Int]) -> Tensor {
    Tensor(shape) { target in
      for index in target.indices {
        let i = Double(index)
        target[index] = Float(1.2 * cos(0.53 * i + 0.017 * i * i + 0.9 * Double(number) + inputPhase))
      }
    }
  }

  func codeNoise(_ number: Int) -> Tensor { noise(number, [Self.batch, Self.latent]) }

  /// A dense layer's two entries.
  func layer(_ number: Int, _ name: String, _ outputs: Int, _ inputs: Int) -> [String: SafeTensors.Entry] {
    [
      "\(name).weight": .float32(table(number, [outputs, inputs], 0.5)),
      "\(name).bias": .float32(table(number + 1, [outputs], 0.1)),
    ]
  }

  func networks(hasVariances: Bool = true) throws -> CoderNetworks {
    let (d, h, l) = (Self.pixels, Self.hidden, Self.latent)
    let networks = try CoderNetworks(
      itemShape: [d], encoder: [.linear(outputs: h, activation: .tanh)], latentDimensions: l,
      logVarianceActivation: hasVariances ? .identity : nil,
      decoder: [.linear(outputs: h, activation: .tanh), .linear(outputs: d, activation: .sigmoid)],
      stream: RandomStream(seed: 1, purpose: "replaced"))
    let entries = [
      layer(1, "encoder.0", h, d), layer(3, "mean", l, h), layer(5, "log_variance", l, h),
      layer(7, "decoder.0", h, l), layer(9, "decoder.2", d, h),
    ].reduce(into: [:]) { $0.merge($1) { $1 } }
    for network in networks.networks { try network.load(entries, path: "reference") }
    return networks
  }

  // MARK: Checks.

  /// Expects numbers within 1e-4 of the file's, relative to each, or within 1e-6, which is what float32 leaves of a number near 0.
  func expect(
    _ values: [Double], _ path: String, factor: Double = 1, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let expected = numbers(path)
    guard expected.count == values.count, !values.isEmpty else {
      Issue.record("\(path): \(values.count) numbers for \(expected.count)", sourceLocation: sourceLocation)
      return
    }
    for (value, reference) in zip(values, expected) {
      let scaled = value / factor
      #expect(
        abs(scaled - reference) <= 1e-4 * abs(reference) + 1e-6, "\(path): \(scaled), not \(reference)",
        sourceLocation: sourceLocation)
    }
  }

  func expect(
    _ value: Variable, _ path: String, factor: Double = 1, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    expect(value.value.values.map(Double.init), path, factor: factor, sourceLocation: sourceLocation)
  }

  /// Expects the lengths of a loss's gradients by groups of parameters.
  func expectGradients(
    of loss: Variable, _ groups: [String: [Variable]], _ path: String, factor: Double = 1,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    for (name, parameters) in groups {
      let found = try gradients(of: loss, by: parameters, keepsGraph: true)
      let length = found.reduce(0.0) { $0 + $1.value.values.reduce(0.0) { $0 + Double($1) * Double($1) } }.squareRoot()
      expect([length], path.isEmpty ? name : "\(path)/\(name)", factor: factor, sourceLocation: sourceLocation)
    }
  }
}

extension CoderNetworks {
  /// By the names of the reference.
  var groups: [String: [Variable]] { ["encoder": encoderParameters, "decoder": decoder.trained] }
}
