/// Minimises a smooth function of many variables by the limited-memory BFGS method.
///
/// Source: Nocedal and Wright, "Numerical Optimization", 2006, algorithms 7.4 and 7.5; line search for the weak Wolfe
/// conditions by bisection: Lewis and Overton, "Nonsmooth optimization via quasi-Newton methods", 2013.
struct LBFGS {
  /// Pairs of steps and gradient changes that are kept.
  var memory = 12
  var maximumIterations = 400
  /// The search ends when the decrease that the next step promises is below this.
  var tolerance = 1e-6

  struct Outcome {
    var point: [Double]
    var value: Double
    var iterations: Int
    /// Whether the promised decrease fell below the tolerance.
    var isConverged: Bool
  }

  private struct Pair {
    var step: [Double]
    var change: [Double]
    var inverseProduct: Double
  }

  /// - Parameters:
  ///   - firstStep: the largest change of a variable in the first step.
  ///   - precondition: a symmetric positive definite guess of the inverse Hessian, up to a factor.
  ///   - objective: value and gradient; a value that is not finite is never accepted.
  func minimise(
    _ start: [Double], firstStep: Double, precondition: ([Double]) -> [Double],
    objective: ([Double]) -> (value: Double, gradient: [Double])
  ) -> Outcome {
    var point = start
    var (value, gradient) = objective(point)
    guard value.isFinite else { return Outcome(point: point, value: value, iterations: 0, isConverged: false) }
    var pairs: [Pair] = []
    for iteration in 0..<maximumIterations {
      let direction = direction(gradient, pairs, precondition)
      let slope = Self.dot(gradient, direction)
      if -slope / 2 < tolerance {
        return Outcome(point: point, value: value, iterations: iteration, isConverged: true)
      }
      var length = 1.0
      if pairs.isEmpty { length = min(1, firstStep / max(direction.map(abs).max() ?? 0, .leastNormalMagnitude)) }
      guard slope < 0,
        let next = search(from: point, value: value, slope: slope, along: direction, length, objective)
      else {
        // A direction that leads nowhere: forget the curvature and try the plain one once more.
        guard !pairs.isEmpty else {
          return Outcome(point: point, value: value, iterations: iteration, isConverged: false)
        }
        pairs = []
        continue
      }
      let step = zip(next.point, point).map { $0 - $1 }
      let change = zip(next.gradient, gradient).map { $0 - $1 }
      let product = Self.dot(step, change)
      if product > 0 {
        pairs.append(Pair(step: step, change: change, inverseProduct: 1 / product))
        if pairs.count > memory { pairs.removeFirst() }
      }
      (point, value, gradient) = next
    }
    return Outcome(point: point, value: value, iterations: maximumIterations, isConverged: false)
  }

  /// Minus the inverse Hessian, as far as the pairs know it, times the gradient.
  private func direction(
    _ gradient: [Double], _ pairs: [Pair], _ precondition: ([Double]) -> [Double]
  ) -> [Double] {
    var result = gradient
    var shares: [Double] = []
    for pair in pairs.reversed() {
      let share = pair.inverseProduct * Self.dot(pair.step, result)
      shares.append(share)
      for index in result.indices { result[index] -= share * pair.change[index] }
    }
    result = precondition(result)
    if let last = pairs.last {
      let scale = 1 / (last.inverseProduct * Self.dot(last.change, precondition(last.change)))
      for index in result.indices { result[index] *= scale }
    }
    for (pair, share) in zip(pairs, shares.reversed()) {
      let correction = share - pair.inverseProduct * Self.dot(pair.change, result)
      for index in result.indices { result[index] += correction * pair.step[index] }
    }
    return result.map { -$0 }
  }

  /// A point along the direction that decreases the value enough, where the slope has flattened; nil when there is none.
  private func search(
    from point: [Double], value: Double, slope: Double, along direction: [Double], _ firstLength: Double,
    _ objective: ([Double]) -> (value: Double, gradient: [Double])
  ) -> (point: [Double], value: Double, gradient: [Double])? {
    var (low, high) = (0.0, Double.infinity)
    var length = firstLength
    var best: (point: [Double], value: Double, gradient: [Double])?
    for _ in 0..<40 {
      let candidate = zip(point, direction).map { $0 + length * $1 }
      let (newValue, gradient) = objective(candidate)
      if !(newValue <= value + 1e-4 * length * slope) {
        high = length
      } else {
        best = (candidate, newValue, gradient)
        if Self.dot(gradient, direction) >= 0.9 * slope { return best }
        low = length
      }
      length = high.isFinite ? (low + high) / 2 : 2 * low
      if high - low < 1e-12 * high { break }
    }
    return best
  }

  static func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for index in a.indices { sum += a[index] * b[index] }
    return sum
  }
}
