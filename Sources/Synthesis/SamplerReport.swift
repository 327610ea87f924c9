import Foundation
import Geometry
import Recipes

/// What is worth knowing of the chains of one class.
public struct SamplerReport: Codable, Sendable, Equatable {
  public var className: String
  public var mode: String
  public var chains: Int
  /// Transitions of each chain, leapfrog steps of a transition (the mean number), and their length.
  public var steps: Int
  public var leapfrogSteps: Int
  public var stepSize: Double
  public var centroids: Int
  public var rho: Double
  public var lambda: Double
  public var tau: Double
  /// Mean acceptance probability over all transitions, in [0, 1].
  public var acceptance: Double
  public var divergences: Int
  /// Mean number of accepted jumps between islands for each chain.
  public var crossings: Double
  /// Median distance from a chain's start to its end, in latent units.
  public var medianDisplacement: Double
  /// The share of chains that end nearest to another centroid than they began.
  public var changedCentroidShare: Double
  /// Median distance of the chains' ends from the origin, and the largest one of a centroid.
  public var medianRadius: Double
  public var dataRadius: Double
  /// Whether mixing would take more steps than the mode allows itself.
  public var isShortOfSteps: Bool
  /// How well longer chains mix; nil when no diagnostic run was asked for.
  public var diagnosis: ChainDiagnosis?
  /// What the user should know, in plain words; empty when all is well.
  public var warnings: [String]
  /// Distance moved by each chain.
  public var displacements: [Double]
  /// Log volume density at each chain's end, up to a constant.
  public var logDensities: [Double]

  init(
    className: String, mode: SamplerMode, metric: RiemannianMetric, samples: ManifoldSamples, diagnosis: ChainDiagnosis?
  ) {
    let run = samples.run
    let count = Double(max(run.positions.rows, 1))
    func median(_ values: [Double]) -> Double { values.isEmpty ? 0 : values.sorted()[values.count / 2] }
    self.className = className
    self.mode = mode.rawValue
    chains = run.positions.rows
    (steps, leapfrogSteps, stepSize) = (samples.steps, samples.kernel.leapfrogSteps, samples.kernel.stepSize)
    centroids = metric.centroids.rows
    (rho, lambda, tau) = (metric.rho, metric.lambda, metric.tau)
    acceptance = run.acceptance.reduce(0, +) / count
    divergences = run.divergences.reduce(0, +)
    crossings = Double(run.crossings.reduce(0, +)) / count
    medianDisplacement = median(run.displacement)
    changedCentroidShare = Double(zip(samples.nearestAtStart, samples.nearestAtEnd).count { $0 != $1 }) / count
    medianRadius = median(
      (0..<run.positions.rows).map { run.positions.row($0).reduce(0) { $0 + $1 * $1 }.squareRoot() })
    dataRadius = metric.dataRadius
    isShortOfSteps = samples.pilot?.isShortOfSteps ?? false
    self.diagnosis = diagnosis
    displacements = run.displacement
    logDensities = run.logDensity
    warnings = []
    warnings = Self.warnings(of: self)
  }

  private static func warnings(of report: SamplerReport) -> [String] {
    var found: [String] = []
    func add(_ format: String, _ values: CVarArg...) {
      found.append("class '\(report.className)': " + String(format: format, arguments: values))
    }
    if report.mode == SamplerMode.publishedCode.rawValue {
      add(
        "the mode published-code samples another density than the paper's; it is there for comparison, take calibrated "
          + "or paper for images that you use")
    }
    if report.acceptance < 0.3 {
      add(
        "the chains hardly move (acceptance %.3f), so its images are nearly copies of decoded training images; train "
          + "longer, or take a smaller sampler.step-size", report.acceptance)
    }
    if report.divergences > 0 {
      add(
        "%d transitions diverged, so the sharpest places of the metric are sampled badly; train longer, or take a smaller "
          + "sampler.step-size", report.divergences)
    }
    if report.medianRadius > 1.5 * report.dataRadius {
      add(
        "the chains left the data (median distance from the origin %.1f, farthest code %.1f); take a smaller "
          + "metric.lambda, or metric.tau auto with the mode calibrated", report.medianRadius, report.dataRadius)
    }
    if report.isShortOfSteps {
      add("mixing would take more than %d steps; set sampler.steps to a larger number", report.steps)
    }
    for warning in report.diagnosis?.warnings ?? [] { add("%@", warning) }
    if report.diagnosis.map({ !$0.isFrozen && ($0.largestRHat ?? .infinity) >= 1.01 }) ?? false
      && report.changedCentroidShare < 0.5
    {
      add(
        "%.0f %% of the chains end nearest to the centroid they started from: the islands around the codes hardly "
          + "overlap, and images are spread over them as the starts are; let sampler.crossing be islands, so that chains jump",
        100 * (1 - report.changedCentroidShare))
    }
    return found
  }

  /// One line for the screen, and one more after a diagnostic run.
  public var summary: String {
    var text = String(
      format: "%@: %d chains of %d steps on %d centroids (%@), acceptance %.3f, moved %.2f (%.2f rho), %.0f %% changed "
        + "centroid, |z| %.1f of %.1f",
      className, chains, steps, centroids, mode, acceptance, medianDisplacement, medianDisplacement / rho,
      100 * changedCentroidShare, medianRadius, dataRadius)
    if divergences > 0 { text += ", \(divergences) divergences" }
    if let diagnosis {
      func told(_ format: String, _ value: Double?) -> String {
        value.map { String(format: format, $0) } ?? "cannot be told"
      }
      text +=
        "\n  \(diagnosis.chains) x \(diagnosis.draws) draws: R-hat \(diagnosis.rHatText), effective samples "
        + "\(told("%.0f", diagnosis.bulkEffectiveSamples)) bulk and \(told("%.0f", diagnosis.tailEffectiveSamples)) tail, "
        + "E-BFMI \(told("%.2f", diagnosis.energyFraction)), acceptance \(told("%.3f", diagnosis.acceptance))"
    }
    return text
  }
}
