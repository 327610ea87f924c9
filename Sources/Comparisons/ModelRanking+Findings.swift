import Assessment
import Foundation
import Runs
import Samplers

extension ModelRanking {
  /// What the lines say, a sentence each, with what they do not say.
  package var findings: [String] {
    [caveat, winner] + orders + [publishedOrder] + [reconstructionSentence].compactMap { $0 }
  }

  private var caveat: String {
    isInception
      ? "The Fréchet distance is the FID of the weights that you brought; it compares with others by the same weights, the "
        + "same test images and as many samples."
      : "The Fréchet distances are of Manikin's own image features, standardised by the real images; they are not the "
        + "paper's FID, which is of Inception's, and compare with nothing but each other."
  }

  /// The first sentence of a report.
  package var headline: String {
    guard let best else { return "Nothing could be drawn" }
    return "\(best.name) comes nearest to the test images"
  }

  var best: Line? { shown.min { $0.distance.mean < $1.distance.mean } }

  private var winner: String {
    guard let best else { return "No model gave images that could be compared." }
    let rest = shown.filter { $0 != best }
    guard let second = rest.min(by: { $0.distance.mean < $1.distance.mean }) else {
      return "There is one line only: nothing beats anything."
    }
    let beaten = rest.filter { gain(of: best, over: $0).interval.map { $0.lower > 0 } ?? false }
    let count =
      seeds > 1
      ? " Its interval against \(beaten.count) of the \(rest.count) others, not corrected for their number, is above 0."
      : ""
    return clause(best, second) + ", the second." + count
  }

  /// By how much the distance of one line is below another's, paired by seed where both have the same.
  func gain(of line: Line, over other: Line) -> Estimate {
    guard line.seeds == other.seeds else { return Estimate([other.distance.mean - line.distance.mean]) }
    return Estimate(zip(other.distances, line.distances).map { $0 - $1 })
  }

  private func clause(_ line: Line, _ other: Line) -> String {
    let gain = gain(of: line, over: other)
    let amount =
      "\(line.name): a distance of \(Self.figure(line.distance.mean)), \(Self.figure(abs(gain.mean))) "
      + "\(gain.mean < 0 ? "more" : "less") than \(other.name)"
    guard let interval = gain.interval else { return amount + " (one seed: no interval)" }
    return amount + " (95 % interval of what it gains \(Self.figure(interval.lower)) to "
      + "\(Self.figure(interval.upper)) over \(line.seeds.count) seeds)"
  }

  /// Whether the paper's order holds in each model that has its three ways of drawing.
  private var orders: [String] {
    shown.map(\.model).distinct.compactMap { model in
      func line(_ method: SyntheticMethod) -> Line? { shown.first { $0.model == model && $0.method == method } }
      guard let manifold = line(.manifold), let mixture = line(.gmm), let prior = line(.prior) else { return nil }
      let means = [manifold, mixture, prior].map(\.distance.mean)
      let holds = means[0] < means[1] && means[1] < means[2]
      let figures = zip(["manifold", "gmm", "prior"], means).map { "\($0) \(Self.figure($1))" }.joined(separator: ", ")
      let name = model.rawValue.uppercased()
      let verdict =
        holds
        ? "The paper's order, manifold below gmm below prior, holds for \(name): \(figures)."
        : "The paper's order, manifold below gmm below prior, does not hold for \(name): \(figures)."
      return seeds > 1 ? "\(verdict) \(clause(manifold, mixture)). \(clause(manifold, prior))." : verdict
    }
  }

  /// The rank correlation of the rows that the paper has too; nil with fewer than 4.
  package var publishedCorrelation: (rows: Int, value: Double)? {
    let pairs = shown.compactMap { line in
      PublishedResults.mnist(line.model, line.method).map { (line.distance.mean, $0) }
    }
    guard pairs.count >= 4 else { return nil }
    return RankCorrelation.spearman(pairs.map(\.0), pairs.map(\.1)).map { (pairs.count, $0) }
  }

  private var publishedOrder: String {
    guard let (rows, value) = publishedCorrelation else {
      return "Fewer than 4 rows are in the paper's tables of MNIST: no rank correlation."
    }
    return String(
      format: "Spearman's rank correlation with the paper's order on MNIST, over the %d rows in common, is %.2f.", rows,
      value)
  }

  private var reconstructionSentence: String? {
    let parts = shown.map(\.model).distinct.compactMap { model -> String? in
      let found = shown.lazy.filter { $0.model == model }.compactMap(\.reconstruction).first
      return found.map { "\(model.rawValue) \(Self.figure($0.mean))" }
    }
    guard !parts.isEmpty else { return nil }
    return "Test images that go through encoder and decoder (recon.) are at " + parts.joined(separator: ", ") + "."
  }

  /// Why some rows are missing, in one sentence for each reason; nil when none are.
  package var gaps: String? {
    var parts: [String] = []
    for method in SyntheticMethod.allCases {
      let models = refused.filter { $0.method == method }.map(\.model)
      guard !models.isEmpty else { continue }
      let names = models.map(\.rawValue).distinct
        .joined(separator: ", ")
      let needs = method.description.needs.map { need in
        switch need {
        case .gaussianPosterior: "needs posterior variances of codes, which \(names) lack"
        case .ownPrior(let owner): "draws from what \(owner.rawValue) alone learns, not \(names)"
        case .otherClasses: "needs classes"
        }
      }
      parts.append("\(method.rawValue) \(needs.joined(separator: " and "))")
    }
    return parts.isEmpty ? nil : "Left out: " + parts.joined(separator: "; ") + "."
  }

  /// What went wrong, a sentence each.
  package var failures: [String] {
    failed.map { "\(Self.name($0.model, $0.method)) failed with a setting or a seed: \($0.reason)" }
  }

  /// A distance with three digits, in plain letters.
  static func figure(_ value: Double) -> String {
    guard value.isFinite else { return "-" }
    let size = abs(value)
    return String(format: size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f", value)
  }
}

/// How alike two orders are.
package enum RankCorrelation {
  /// Spearman's: the correlation of ranks, ties sharing the mean of theirs, in [-1, 1]; nil where all of one are equal.
  ///
  /// Source: Spearman, "The proof and measurement of association between two things", 1904.
  package static func spearman(_ first: [Double], _ second: [Double]) -> Double? {
    precondition(first.count == second.count, "\(first.count) and \(second.count) values")
    func centredRanks(_ values: [Double]) -> [Double] {
      values.map { value in
        let below = Double(values.count { $0 < value })
        let equal = Double(values.count { $0 == value })
        return below + (equal + 1) / 2 - Double(values.count + 1) / 2
      }
    }
    let (x, y) = (centredRanks(first), centredRanks(second))
    func product(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    let spread = (product(x, x) * product(y, y)).squareRoot()
    return spread > 0 ? product(x, y) / spread : nil
  }
}
