import Foundation
import Generators
import Networks
import Randomness
import Tensors
import Testing

/// Discrepancies, spectral norms and gradient penalties against brute force.
@Suite struct RegularisationTests {
  private let stream = RandomStream(seed: 9, purpose: "regularisation")

  private func normal(_ purpose: String, _ shape: [Int], _ scale: Float = 1) -> Tensor {
    var random = stream.substream(purpose)
    return Tensor(shape) { random.fillNormal($0) }.map { scale * $0 }
  }

  private func bruteForce(_ x: [[Double]], _ y: [[Double]], _ kernel: (Double) -> Double, unbiased: Bool) -> Double {
    func square(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } }
    let n = x.count
    var (within, between) = (0.0, 0.0)
    for i in 0..<n {
      for j in 0..<n {
        if i != j || !unbiased { within += kernel(square(x[i], x[j])) + kernel(square(y[i], y[j])) }
        between += kernel(square(x[i], y[j]))
      }
    }
    return within / Double(unbiased ? n * (n - 1) : n * n) - 2 * between / Double(n * n)
  }

  private func rows(_ tensor: Tensor) -> [[Double]] {
    (0..<tensor.shape[0]).map { tensor.rows([$0]).values.map(Double.init) }
  }

  @Test func theDiscrepancyMeetsBruteForceAndIsUnbiased() throws {
    let (x, y) = (normal("x", [7, 3], 1.5), normal("y", [7, 3]))
    let base = 2 * 3 * 0.8 * 0.8
    let multiquadratics = MaximumMeanDiscrepancy(bandwidth: 0.8)
    let gaussian = MaximumMeanDiscrepancy(kernel: .gaussian, bandwidth: 0.8)
    func expected(_ kernel: (Double) -> Double, unbiased: Bool = true) -> Double {
      bruteForce(rows(x), rows(y), kernel, unbiased: unbiased)
    }
    func sum(_ square: Double) -> Double {
      MaximumMeanDiscrepancy.usualScales.reduce(0) { $0 + $1 * base / ($1 * base + square) }
    }
    let found = Double(try multiquadratics(Variable(x), Variable(y)).value.item)
    #expect(abs(found - expected(sum)) < 1e-5)
    // The diagonal, left in, would show.
    #expect(abs(found - expected(sum, unbiased: false)) > 0.1)
    #expect(abs(Double(try gaussian(Variable(x), Variable(y)).value.item) - expected { exp(-$0 / base) }) < 1e-6)

    // Two samples of one distribution: 0 on average.
    let means = try (0..<400).map { trial in
      Double(
        try gaussian(Variable(normal("a\(trial)", [5, 3])), Variable(normal("b\(trial)", [5, 3]))).value.item)
    }
    let mean = means.reduce(0, +) / 400
    let deviation = (means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 400 / 400).squareRoot()
    #expect(abs(mean) < 4 * deviation, "\(mean) +- \(deviation)")
  }

  @Test func aBatchOfOneIsRefused() throws {
    let lone = Variable(normal("lone", [1, 3]))
    #expect(throws: GeneratorError.self) { try MaximumMeanDiscrepancy()(lone, lone) }
    let networks = try CoderNetworks(
      itemShape: [4], encoder: [.linear(outputs: 3, activation: .tanh)], latentDimensions: 2,
      logVarianceActivation: nil, decoder: [.linear(outputs: 4, activation: .sigmoid)], stream: stream)
    let model = WassersteinAutoencoder(networks, discrepancy: .init(), weight: 1)
    let item = Tensor([1, 4], repeating: 0.5)
    #expect(throws: GeneratorError.self) {
      try model.loss(item, noise: [Tensor.zeros([1, 2])], .init(training: true))
    }
    // On its own at the end of a validation set it counts by its error.
    #expect(try model.loss(item, noise: [Tensor.zeros([1, 2])], .init(training: false)).total.isFinite)
  }

  @Test func powerIterationFindsTheLargestSingularValue() throws {
    let network = try Network(
      name: "decoder", inputShape: [4],
      layers: [
        .linear(outputs: 27, activation: .identity), .unflatten(Extent(3), channels: 3),
        .transposedConvolution(
          channels: 2, ConvolutionGeometry(kernel: Extent(3)), outputPadding: Extent(0), activation: .sigmoid),
      ], stream: stream)
    let normalisation = SpectralNormalisation(network, iterations: 200, stream: stream)
    normalisation.iterate()
    let weights = network.parameters.map(\.variable).filter { $0.shape.count > 1 }
    for (variable, norm) in zip(weights, normalisation.norms) {
      let (count, columns) = (variable.shape[0], variable.value.count / variable.shape[0])
      let values = variable.value.values.map(Double.init)
      let singular = SingularValues.of((0..<count).map { Array(values[$0 * columns..<($0 + 1) * columns]) })
      #expect(abs(norm - singular[0]) < 1e-4 * norm)
      // The second one would show.
      #expect(abs(norm - singular[1]) > 1e-3 * norm)
      // What the network uses has norm 1; the raw weights do not.
      let effective = normalisation.applied(to: variable).value
      #expect(abs(Double(effective.buffer[0]) * norm - values[0]) < 1e-5)
      #expect(abs(norm - 1) > 1e-2)
    }
  }

  /// The projected penalty has the Frobenius norm as its mean over directions.
  @Test func projectionsAverageToTheWholeGradient() throws {
    let networks = try CoderNetworks(
      itemShape: [6], encoder: [.linear(outputs: 5, activation: .tanh)], latentDimensions: 3,
      logVarianceActivation: nil,
      decoder: [.linear(outputs: 5, activation: .tanh), .linear(outputs: 6, activation: .sigmoid)], stream: stream)
    let pass = CoderNetworks.Pass(training: true, differentiatesTwice: true)
    let codes = Variable.parameter(normal("codes", [4, 3]))
    func penalty(_ kind: RegularisedAutoencoder.GradientPenalty, _ direction: Tensor? = nil) throws -> Double {
      Double(
        try RegularisedAutoencoder.penalty(
          kind, networks.decode(codes, pass), codes, direction: direction
        ).value.item)
    }
    let whole = try penalty(.frobenius)
    let jacobians = try Jacobian.of(networks.decode(codes, pass), by: codes)
    let expected = jacobians.reduce(0.0) { $0 + $1.reduce(0.0) { $0 + $1.reduce(0.0) { $0 + $1 * $1 } } } / 4
    #expect(abs(whole - expected) < 1e-4 * expected)
    let trials = try (0..<600).map { try penalty(.projected, normal("v\($0)", [4, 6])) }
    let mean = trials.reduce(0, +) / 600
    let error = (trials.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 600 / 600).squareRoot()
    #expect(abs(mean - whole) < 4 * error, "\(mean) +- \(error), not \(whole)")
    #expect(abs(try penalty(.authors) - whole) > 10 * error)
  }
}

/// Singular values by one-sided Jacobi rotations.
enum SingularValues {
  /// - Parameter matrix: rows of one length.
  /// - Returns: as many as the shorter side is long, the largest first.
  static func of(_ matrix: [[Double]]) -> [Double] {
    func product(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    let isTall = matrix.count > matrix[0].count
    var rows = isTall ? matrix[0].indices.map { column in matrix.map { $0[column] } } : matrix
    var isTurning = true
    while isTurning {
      isTurning = false
      for first in rows.indices {
        for second in rows.indices where second > first {
          let (a, b) = (product(rows[first], rows[first]), product(rows[second], rows[second]))
          let c = product(rows[first], rows[second])
          guard abs(c) > 1e-13 * (a * b).squareRoot() else { continue }
          isTurning = true
          let angle = 0.5 * atan2(2 * c, a - b)
          let (cosine, sine) = (cos(angle), sin(angle))
          let turned = zip(rows[first], rows[second]).map { (cosine * $0 + sine * $1, cosine * $1 - sine * $0) }
          (rows[first], rows[second]) = (turned.map(\.0), turned.map(\.1))
        }
      }
    }
    return rows.map { product($0, $0).squareRoot() }.sorted(by: >)
  }
}
