import Networks
import Tensors

extension LinearClassifier {
  /// The classifier as one linear map of the pixels: `weight` `[class, pixel]` and `bias` `[class]`, whose softmax are the
  /// probabilities. Pixels are in the order of an image `[height, width, channel]`.
  ///
  /// With whitened means m_c and points L^-1 z, -|L^-1 z - m_c|^2 / 2 differs between classes by z^T L^-T m_c - |m_c|^2 / 2, and
  /// z = A (x - centre) for the first axes A.
  ///
  /// What float32 leaves of the numbers is in `weight.rest` and `bias.rest`: large weights of opposite signs cancel.
  package var entries: [(name: String, entry: SafeTensors.Entry)] {
    let (lower, means) = (discriminant.factor.lower, discriminant.means)
    let pixels = components.axes.columns
    var weights: [Double] = []
    var biases: [Double] = []
    for label in 0..<classes {
      // L^T w = m_c, from the last row up.
      var solved = [Double](repeating: 0, count: count)
      for row in stride(from: count - 1, through: 0, by: -1) {
        var rest = means[label, row]
        for later in (row + 1)..<max(row + 1, count) { rest -= lower[later, row] * solved[later] }
        solved[row] = rest / lower[row, row]
      }
      var map = [Double](repeating: 0, count: pixels)
      for axis in 0..<count {
        for pixel in 0..<pixels { map[pixel] += solved[axis] * components.axes[axis, pixel] }
      }
      let length = (0..<count).reduce(0.0) { $0 + means[label, $1] * means[label, $1] }
      biases.append(-length / 2 - zip(map, components.centre).reduce(0.0) { $0 + $1.0 * $1.1 })
      weights += map
    }
    func entry(_ shape: [Int], _ values: [Double], _ part: (Double) -> Float) -> SafeTensors.Entry {
      .float32(Tensor(shape, values: values.map(part)))
    }
    func rest(_ value: Double) -> Float { Float(value - Double(Float(value))) }
    return [
      ("weight", entry([classes, pixels], weights, Float.init)), ("bias", entry([classes], biases, Float.init)),
      ("weight.rest", entry([classes, pixels], weights, rest)), ("bias.rest", entry([classes], biases, rest)),
    ]
  }
}
