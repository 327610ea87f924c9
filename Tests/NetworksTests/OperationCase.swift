import Networks
import Randomness
import Tensors

/// One differentiable operation with inputs on which to check it.
struct OperationCase: Sendable, CustomStringConvertible {
  var description: String
  var shapes: [[Int]]
  /// The inputs are drawn uniformly from here; away from kinks and poles.
  var domain: ClosedRange<Double> = -1...1
  var hasSecondDerivative = true
  var apply: @Sendable ([Variable]) -> Variable

  func inputs(seed: UInt64) -> [Tensor] {
    shapes.enumerated().map { index, shape in
      var stream = RandomStream(seed: seed, purpose: "inputs", index: index)
      return Tensor(shape) { target in
        for position in target.indices {
          target[position] = Float(stream.uniform(domain.lowerBound, domain.upperBound))
        }
      }
    }
  }
}

extension OperationCase {
  private static let wide = ConvolutionGeometry(kernel: Extent(3, 2), stride: Extent(2, 1), padding: Extent(1, 0))
  private static let five = ConvolutionGeometry(kernel: Extent(5), stride: Extent(2), padding: Extent(2))
  private static let paper = ConvolutionGeometry(kernel: Extent(5), stride: Extent(3, 2), padding: Extent(1, 0))

  /// A symmetric positive definite matrix of any one.
  private static func definite(_ matrices: Variable) -> Variable {
    let identity = Variable.identities(matrices.shape[0], matrices.shape[1])
    return matrices.matrixProducts(matrices, otherTransposed: true) + Variable(identity)
  }

  /// Every operation that the engine offers, with each way through its rule.
  static let all: [OperationCase] = [
    .init(description: "addition", shapes: [[2, 3], [2, 3]]) { $0[0] + $0[1] },
    .init(description: "subtraction", shapes: [[2, 3], [2, 3]]) { $0[0] - $0[1] },
    .init(description: "multiplication", shapes: [[2, 3], [2, 3]]) { $0[0] * $0[1] },
    .init(description: "division", shapes: [[2, 3], [2, 3]], domain: 0.5...1.5) { $0[0] / $0[1] },
    .init(description: "scaling and shift", shapes: [[4]]) { 3 + -2 * $0[0] },
    .init(description: "negation", shapes: [[4]]) { -$0[0] },
    .init(description: "scaling by a variable", shapes: [[2, 3], []]) { $0[0].scaled(by: $0[1]) },
    .init(description: "square", shapes: [[5]]) { $0[0].squared() },
    .init(description: "reciprocal", shapes: [[5]], domain: 0.5...1.5) { $0[0].reciprocal() },
    .init(description: "exponential", shapes: [[5]]) { $0[0].exponential() },
    .init(description: "logarithm", shapes: [[5]], domain: 0.5...1.5) { $0[0].logarithm() },
    .init(description: "square root", shapes: [[5]], domain: 0.5...1.5) { $0[0].squareRoot() },
    .init(description: "softplus", shapes: [[5]]) { $0[0].softplus() },
    .init(description: "sigmoid", shapes: [[5]]) { $0[0].activated(.sigmoid) },
    .init(description: "tanh", shapes: [[5]]) { $0[0].activated(.tanh) },
    .init(description: "relu above zero", shapes: [[5]], domain: 0.2...1) { $0[0].activated(.relu) },
    .init(description: "relu below zero", shapes: [[5]], domain: -1...(-0.2)) { $0[0].activated(.relu) },
    .init(description: "leaky relu below zero", shapes: [[5]], domain: -1...(-0.2)) {
      $0[0].activated(.leakyReLU(slope: 0.1))
    },
    .init(description: "sum", shapes: [[2, 3]]) { $0[0].sum() },
    .init(description: "mean of squares", shapes: [[2, 3]]) { $0[0].squared().mean() },
    .init(description: "reshape", shapes: [[2, 6]]) { $0[0].reshaped([3, 4]).squared() },
    .init(description: "sum over rows", shapes: [[3, 4]]) { $0[0].sumOverRows().squared() },
    .init(description: "repeat", shapes: [[4]]) { $0[0].repeated(rows: 3).squared() },
    .init(description: "row sums", shapes: [[3, 4]]) { $0[0].rowSumsSpread().squared() },
    .init(description: "flatten", shapes: [[2, 2, 3, 4]]) { $0[0].flattened().squared() },
    .init(description: "unflatten", shapes: [[2, 24]]) {
      $0[0].unflattened(height: 2, width: 3, channels: 4).squared()
    },
    .init(description: "matrix product", shapes: [[2, 3], [3, 4]]) { $0[0].product($0[1]) },
    .init(description: "matrix product, first transposed", shapes: [[3, 2], [3, 4]]) {
      $0[0].product($0[1], transposed: true)
    },
    .init(description: "matrix product, second transposed", shapes: [[2, 3], [4, 3]]) {
      $0[0].product($0[1], otherTransposed: true)
    },
    .init(description: "matrix product, both transposed", shapes: [[3, 2], [4, 3]]) {
      $0[0].product($0[1], transposed: true, otherTransposed: true)
    },
    .init(description: "linear", shapes: [[2, 3], [4, 3], [4]]) { $0[0].linear(weights: $0[1], bias: $0[2]) },
    .init(description: "convolution", shapes: [[2, 5, 4, 3], [2, 3, 3, 2]]) {
      $0[0].convolution(wide, weights: $0[1])
    },
    .init(description: "convolution, bias, tanh", shapes: [[2, 5, 4, 1], [3, 1, 3, 2], [3]]) {
      $0[0].convolution(wide, weights: $0[1], bias: $0[2], activation: .tanh)
    },
    .init(description: "convolution, 5 x 5, stride 2", shapes: [[1, 7, 6, 2], [3, 2, 5, 5], [3]]) {
      $0[0].convolution(five, weights: $0[1], bias: $0[2])
    },
    .init(description: "convolution, bias, relu", shapes: [[2, 5, 4, 2], [3, 2, 3, 2], [3]], domain: 0.1...1) {
      $0[0].convolution(wide, weights: $0[1], bias: $0[2], activation: .relu)
    },
    .init(description: "transposed convolution", shapes: [[2, 3, 3, 2], [2, 3, 3, 2]]) {
      $0[0].transposedConvolution(wide, weights: $0[1], size: Extent(5, 4))
    },
    .init(description: "transposed convolution, output padding", shapes: [[1, 3, 3, 2], [2, 3, 3, 2]]) {
      $0[0].transposedConvolution(wide, weights: $0[1], size: Extent(6, 4))
    },
    .init(description: "transposed convolution, bias, sigmoid", shapes: [[1, 3, 2, 2], [2, 1, 5, 5], [1]]) {
      $0[0].transposedConvolution(five, weights: $0[1], bias: $0[2], activation: .sigmoid, size: Extent(6, 4))
    },
    .init(description: "transposed convolution, stride (3, 2)", shapes: [[1, 2, 2, 2], [2, 3, 5, 5], [3]]) {
      $0[0].transposedConvolution(paper, weights: $0[1], bias: $0[2], size: Extent(6, 7))
    },
    .init(
      description: "batch normalisation", shapes: [[2, 2, 3, 2], [2], [2]], domain: 0.3...1.5,
      hasSecondDerivative: false
    ) { $0[0].batchNormalised(scale: $0[1], shift: $0[2], epsilon: 1e-5).output },
    .init(description: "normalisation by given statistics", shapes: [[2, 2, 3, 2], [2], [2]]) {
      $0[0].normalised(
        mean: Tensor([2], values: [0.1, -0.2]), variance: Tensor([2], values: [0.5, 2]), scale: $0[1], shift: $0[2],
        epsilon: 1e-5)
    },
    // Wide apart, so that no step changes which value of a window is the largest.
    .init(description: "max pooling", shapes: [[2, 5, 4, 3]], domain: -20...20, hasSecondDerivative: false) {
      $0[0].maxPooled(Extent(2))
    },
    .init(
      description: "batch normalisation and pooling", shapes: [[2, 5, 4, 3], [3], [3]], domain: -20...20,
      hasSecondDerivative: false
    ) { $0[0].pooledNormalised(scale: $0[1], shift: $0[2], epsilon: 1e-5, size: Extent(2), slope: 0.2).output },
    .init(description: "sum over columns", shapes: [[3, 4]]) { $0[0].sumOverColumns().squared() },
    .init(description: "repeat over columns", shapes: [[3]]) { $0[0].repeated(columns: 4).squared() },
    .init(description: "repeat of rows", shapes: [[2, 3]]) { $0[0].repeatingRows(3).squared() },
    .init(description: "sum over groups of rows", shapes: [[6, 2]]) { $0[0].sumOverRows(of: 3).squared() },
    .init(description: "choice of columns", shapes: [[2, 4]]) { $0[0].columns([3, 0]).squared() },
    .init(description: "placing of columns", shapes: [[2, 2]]) { $0[0].scattered(to: [3, 1], of: 4).squared() },
    .init(description: "joined columns", shapes: [[2, 2], [2, 3]]) { $0[0].joined($0[1]).squared() },
    .init(description: "log sum exp", shapes: [[3, 4]]) { $0[0].logSumExp() },
    .init(description: "squared distances", shapes: [[3, 2], [4, 2]]) { $0[0].squaredDistances(to: $0[1]) },
    .init(description: "squared distances among themselves", shapes: [[3, 2]]) { $0[0].squaredDistances(to: $0[0]) },
    .init(description: "clamp inside", shapes: [[5]], domain: 0.1...0.9) { $0[0].clampedToUnit().squared() },
    .init(description: "clamp outside", shapes: [[5]], domain: 1.2...2) { $0[0].clampedToUnit().squared() },
    .init(description: "logarithm of 1 + x", shapes: [[5]], domain: -0.5...1) { $0[0].logarithmOfOnePlus() },
    .init(description: "squared errors of rows", shapes: [[4, 3]]) {
      $0[0].squaredErrorsOfRows(from: Tensor([2, 3], values: [0.1, 0.5, -0.2, 0.3, 0, 1]), times: 2).squared()
    },
    .init(description: "products of matrices", shapes: [[2, 2, 3], [2, 3, 4]]) { $0[0].matrixProducts($0[1]) },
    .init(description: "products of matrices, first transposed", shapes: [[2, 3, 2], [2, 3, 4]]) {
      $0[0].matrixProducts($0[1], transposed: true)
    },
    .init(description: "products of matrices, second transposed", shapes: [[2, 2, 3], [2, 4, 3]]) {
      $0[0].matrixProducts($0[1], otherTransposed: true)
    },
    .init(description: "products of matrices, both transposed", shapes: [[2, 3, 2], [2, 4, 3]]) {
      $0[0].matrixProducts($0[1], transposed: true, otherTransposed: true)
    },
    .init(description: "inverses", shapes: [[2, 3, 3]]) { definite($0[0]).inverses() },
    .init(description: "logarithms of determinants", shapes: [[2, 3, 3]]) { definite($0[0]).logDeterminants() },
    .init(description: "Cholesky factors", shapes: [[2, 3, 3]]) { definite($0[0]).choleskyFactors() },
    .init(description: "batch normalisation, step by step", shapes: [[2, 2, 3, 2], [2], [2]], domain: 0.3...1.5) {
      $0[0].batchNormalisedStepByStep(scale: $0[1], shift: $0[2], epsilon: 1e-2).output
    },
    .init(description: "sum of squared errors", shapes: [[2, 3], [2, 3]]) { $0[0].sumOfSquaredErrors(from: $0[1]) },
    .init(description: "log softmax", shapes: [[3, 4]]) { $0[0].logSoftmax() },
    .init(description: "cross-entropy", shapes: [[3, 4]]) { $0[0].crossEntropy(labels: [2, 0, 3]) },
    .init(description: "divergence of Gaussians", shapes: [[3, 4], [3, 4]]) {
      $0[0].gaussianDivergence(logVariance: $0[1])
    },
  ]
}
