import Foundation
import Geometry
import Randomness

/// Whether generated images carry a mark of their class that real ones do not, such as the blur of that class's decoder:
/// a classifier learns such a mark in place of what is to be diagnosed.
///
/// For every pair of classes, each of the `LeakStatistics`, and a logistic regression on all of them, is asked how well it
/// tells the generated images of one class from those of the other: the area under the ROC curve, or one less it, whichever
/// is larger. The same on real images says how much of that is the classes' own. A class without generated images, as
/// when only the small class is filled up, is represented by its real ones: that is what a classifier would see.
public struct LeakCheck: Codable, Sendable, Equatable {
  /// Areas under the ROC curve, all in [0.5, 1].
  public struct Statistic: Codable, Sendable, Equatable {
    public var name: String
    public var generated: Double
    public var real: Double
    /// Two standard errors of the difference, from the numbers of images that there are different ones of.
    public var uncertainty: Double

    /// How much better generated images are told apart than real ones.
    public var excess: Double { generated - real }
  }

  /// How generated images of two classes are told apart.
  public struct ClassPair: Codable, Sendable, Equatable {
    public var first: String
    public var second: String
    /// One for each of the statistics, then the regression on all of them.
    public var statistics: [Statistic]
  }

  /// How generated images of a class are told from real ones of the class.
  public struct Realism: Codable, Sendable, Equatable {
    public var className: String
    /// By statistic, as in `ClassPair`.
    public var areas: [String: Double]
    public var largest: String { areas.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? "" }
  }

  /// The images of a class.
  public struct Images: Sendable {
    public var className: String
    public var real: FeatureTable
    /// Nil when none were generated.
    public var generated: FeatureTable?
    /// The training image that each generated one is like; images of one count as one when uncertainty is judged.
    public var origins: [Int]

    public init(className: String, real: FeatureTable, generated: FeatureTable?, origins: [Int]) {
      precondition(generated?.values.rows ?? 0 == origins.count, "an origin for each generated image")
      (self.className, self.real, self.generated, self.origins) = (className, real, generated, origins)
    }

    fileprivate func rows(generated isGenerated: Bool) -> (rows: [[Double]], groups: [Int]) {
      if isGenerated, let generated { return ((0..<generated.values.rows).map(generated.values.row), origins) }
      return ((0..<real.values.rows).map(real.values.row), Array(0..<real.values.rows))
    }
  }

  public enum Verdict: String, Codable, Sendable {
    /// No statistic tells generated classes apart better than real ones by more than `tolerance`.
    case none
    /// One does, but by no more than so few images leave open.
    case uncertain
    case leak
  }

  public var pairs: [ClassPair]
  public var realism: [Realism]
  public var verdict: Verdict
  /// The verdict in plain words.
  public var sentence: String

  /// How much better generated classes may be told apart than real ones.
  public static let tolerance = 0.05
  /// The name of the regression among the statistics.
  public static let allTogether = "all together"

  /// - Parameters:
  ///   - classes: at least two, at least one with generated images.
  ///   - stream: the folds of the regression.
  public init(_ classes: [Images], stream: RandomStream) {
    pairs = classes.enumerated().flatMap { index, first -> [ClassPair] in
      let others = classes[(index + 1)...].filter { first.generated != nil || $0.generated != nil }
      return others.map { Self.pair(first, $0, stream: stream.substream("\(first.className)/\($0.className)")) }
    }
    realism = classes.filter { $0.generated != nil }.map { images in
      let (made, real) = (images.rows(generated: true), images.rows(generated: false))
      let areas = Self.areas(
        made, real, sharesGroups: true, stream: stream.substream("realism/\(images.className)"))
      return Realism(
        className: images.className,
        areas: Dictionary(uniqueKeysWithValues: zip(images.real.names + [Self.allTogether], areas)))
    }
    let all = pairs.flatMap { pair in pair.statistics.map { (pair, $0) } }
    let worst = all.max { $0.1.excess < $1.1.excess }
    let certain = all.filter { _, found in found.excess > max(Self.tolerance, found.uncertainty) }
      .max { $0.1.excess < $1.1.excess }
    verdict = certain != nil ? .leak : (worst?.1.excess ?? 0) > Self.tolerance ? .uncertain : .none
    sentence = Self.sentence(verdict, certain ?? worst)
  }

  private static func pair(_ first: Images, _ second: Images, stream: RandomStream) -> ClassPair {
    let generated = (first.rows(generated: true), second.rows(generated: true))
    let real = (first.rows(generated: false), second.rows(generated: false))
    let (made, own) = (
      areas(generated.0, generated.1, sharesGroups: false, stream: stream),
      areas(real.0, real.1, sharesGroups: false, stream: stream)
    )
    let names = first.real.names + [allTogether]
    return ClassPair(
      first: first.className, second: second.className,
      statistics: names.indices.map { index in
        func error(_ area: Double, _ sets: ((rows: [[Double]], groups: [Int]), (rows: [[Double]], groups: [Int])))
          -> Double
        { AreaUnderCurve.standardError(area, Set(sets.0.groups).count, Set(sets.1.groups).count) }
        let (a, b) = (error(made[index], generated), error(own[index], real))
        return Statistic(
          name: names[index], generated: made[index], real: own[index], uncertainty: 2 * (a * a + b * b).squareRoot())
      })
  }

  /// One area for each statistic, and one for all together.
  private static func areas(
    _ first: (rows: [[Double]], groups: [Int]), _ second: (rows: [[Double]], groups: [Int]), sharesGroups: Bool,
    stream: RandomStream
  ) -> [Double] {
    let single = (first.rows.first ?? []).indices.map { column in
      AreaUnderCurve.of(first.rows.map { $0[column] }, second.rows.map { $0[column] })
    }
    let together = RidgeLogistic.crossValidatedArea(
      first.rows, groups: first.groups, second.rows, groups: second.groups, sharesGroups: sharesGroups, stream: stream)
    // A regression that guesses worse than chance on unseen rows has learned nothing.
    return single.map { max($0, 1 - $0) } + [max(together, 0.5)]
  }

  private static func sentence(_ verdict: Verdict, _ worst: (pair: ClassPair, statistic: Statistic)?) -> String {
    guard let (pair, statistic) = worst else { return "There are no generated images of two classes to compare." }
    let name = statistic.name == allTogether ? "simple statistics all together" : "the statistic '\(statistic.name)'"
    let figures = String(
      format: "AUC %.2f, on real images %.2f", statistic.generated, statistic.real)
    switch verdict {
    case .none:
      return
        "No leak found: no simple statistic tells generated \(pair.first) from \(pair.second) better than real ones "
        + "by more than \(tolerance) (at most \(name): \(figures))."
    case .uncertain:
      return
        "No clear leak: \(name) tells generated \(pair.first) from \(pair.second) with \(figures), a difference that "
        + String(format: "so few images leave open (up to %.2f by chance).", statistic.uncertainty)
    case .leak:
      return
        "Leak: \(name) tells generated \(pair.first) from \(pair.second) with \(figures), so a classifier can learn "
        + "how the images were made in place of what they show."
    }
  }
}
