import Foundation

/// Finds the step size at which the mean acceptance probability is what is wanted.
///
/// After transition t, with a the acceptance probability seen and delta the one wanted,
///
///     H <- (1 - 1/(t + 10)) H + (delta - a)/(t + 10)
///     log epsilon = mu - sqrt(t)/0.05 H,   log average <- t^-0.75 log epsilon + (1 - t^-0.75) log average
///
/// where mu = log(10 epsilon_0). The average is what is kept.
///
/// Source: Hoffman and Gelman, "The No-U-Turn Sampler", JMLR 2014, section 3.2; constants as in Stan.
struct DualAveraging {
  private let target: Double
  private let centre: Double
  private var count = 0.0
  private var shortfall = 0.0
  private var logAverage = 0.0

  /// The step size to try next.
  private(set) var current: Double

  /// The step size to keep.
  var average: Double { count == 0 ? current : exp(logAverage) }

  init(initial: Double, target: Double) {
    self.target = target
    current = initial
    centre = log(10 * initial)
  }

  mutating func update(acceptance: Double) {
    count += 1
    let weight = 1 / (count + 10)
    shortfall = (1 - weight) * shortfall + weight * (target - acceptance)
    let logCurrent = centre - count.squareRoot() / 0.05 * shortfall
    let forgetting = pow(count, -0.75)
    logAverage = forgetting * logCurrent + (1 - forgetting) * logAverage
    current = exp(logCurrent)
  }
}
