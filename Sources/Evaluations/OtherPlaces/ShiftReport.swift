import Assessment
import Cohorts
import Foundation
import ImageSets
import Randomness

/// How the images of one place differ from those of another: in what their files say, in the shares of the classes, and in
/// what a classifier sees of them.
///
/// Two sets are told apart within each class, so that other shares of the classes count as nothing else: areas under the
/// ROC curve are means over the classes.
public struct ShiftReport: Codable, Sendable, Equatable {
  /// One property of the files, as the two places have it.
  public struct Trait: Codable, Sendable, Equatable {
    public var name: String
    /// The commonest values with the numbers of images that have them.
    public var first: String
    public var second: String
    public var differs: Bool
  }

  /// The share of a class among the images, from 0 to 1.
  public struct Share: Codable, Sendable, Equatable {
    public var className: String
    public var first: Double
    public var second: Double
    public var differs: Bool
  }

  /// How well one number of an image tells the places apart.
  public struct Area: Codable, Sendable, Equatable {
    public var name: String
    /// From 0.5 (not at all) to 1, or from 0 where a regression that was tried on unseen images guesses worse than chance.
    public var area: Double
    /// Two standard errors where the places are the same.
    public var uncertainty: Double

    public var differs: Bool { area - 0.5 > max(uncertainty, ShiftReport.tolerance) }
  }

  /// What is compared.
  public struct Place: Sendable {
    public var name: String
    public var images: [CohortImage]
    public var traits: [ImageTraits]
    /// Of the images in their order, after preprocessing; nil where they are not of one size.
    public var features: FeatureTable?

    public init(name: String, images: [CohortImage], traits: [ImageTraits], features: FeatureTable?) {
      (self.name, self.images, self.traits, self.features) = (name, images, traits, features)
    }
  }

  public let first: String
  public let second: String
  public let traits: [Trait]
  public let shares: [Share]
  /// Those of single features, the largest first; empty where there are none to compare.
  public let features: [Area]
  /// Of a logistic regression on all features, tried on subjects that were left out; nil where there are none.
  public let together: Area?

  /// Areas this near to 0.5 are no difference that matters.
  static let tolerance = 0.1

  /// Compares two places.
  ///
  /// - Parameters:
  ///   - first: the images of one place, such as those that a model was made from.
  ///   - second: the images of the other.
  ///   - classes: names of the classes, which both places have.
  ///   - stream: the folds of the regression.
  public init(_ first: Place, _ second: Place, classes: [String], stream: RandomStream) {
    (self.first, self.second) = (first.name, second.name)
    let sides = [first, second]
    traits = Self.traits(first, second)
    shares = classes.map { name in
      let counts = sides.map { side in side.images.count { $0.className == name } }
      let totals = sides.map(\.images.count)
      let parts = zip(counts, totals).map { $1 == 0 ? 0 : Double($0) / Double($1) }
      let pooled = Double(counts[0] + counts[1]) / Double(max(1, totals[0] + totals[1]))
      let error = (pooled * (1 - pooled) * totals.reduce(0) { $0 + 1 / Double(max(1, $1)) }).squareRoot()
      let distance = abs(parts[0] - parts[1])
      return Share(className: name, first: parts[0], second: parts[1], differs: distance > max(2 * error, 0.05))
    }
    guard let own = first.features, let other = second.features else {
      (features, together) = ([], nil)
      return
    }
    let rows = classes.map { name in
      (Self.rows(own, first.images, name), Self.rows(other, second.images, name))
    }.filter { Set($0.0.groups).count > 1 && Set($0.1.groups).count > 1 }
    guard !rows.isEmpty else {
      (features, together) = ([], nil)
      return
    }
    let errors = rows.map { AreaUnderCurve.standardError(0.5, Set($0.0.groups).count, Set($0.1.groups).count) }
    let uncertainty = 2 * errors.reduce(0) { $0 + $1 * $1 }.squareRoot() / Double(rows.count)
    func mean(_ area: (((rows: [[Double]], groups: [Int]), (rows: [[Double]], groups: [Int]))) -> Double) -> Double {
      rows.reduce(0) { $0 + area($1) } / Double(rows.count)
    }
    features = own.names.indices.map { column in
      let area = mean { AreaUnderCurve.of($0.0.rows.map { $0[column] }, $0.1.rows.map { $0[column] }) }
      return Area(name: own.names[column], area: max(area, 1 - area), uncertainty: uncertainty)
    }.sorted { ($1.area, $0.name) < ($0.area, $1.name) }
    together = Area(
      name: "all together",
      area: mean {
        RidgeLogistic.crossValidatedArea(
          $0.0.rows, groups: $0.0.groups, $0.1.rows, groups: $0.1.groups, sharesGroups: false, stream: stream)
      }, uncertainty: uncertainty)
  }

  private static func rows(
    _ table: FeatureTable, _ images: [CohortImage], _ name: String
  ) -> (rows: [[Double]], groups: [Int]) {
    let subjects = Dictionary(
      uniqueKeysWithValues: Set(images.map(\.subject)).sorted().enumerated().map { ($1, $0) })
    let own = images.indices.filter { images[$0].className == name }
    return (own.map(table.values.row), own.map { subjects[images[$0].subject]! })
  }

  private static func traits(_ first: Place, _ second: Place) -> [Trait] {
    func trait(_ name: String, _ value: (ImageTraits) -> String) -> Trait {
      let values = [first, second].map { $0.traits.map(value) }
      return Trait(
        name: name, first: tally(values[0]), second: tally(values[1]),
        differs: !values[0].isEmpty && !values[1].isEmpty && distance(values[0], values[1]) > tolerance)
    }
    func intensity(_ name: String, _ value: @escaping (ImageTraits) -> Float?) -> Trait? {
      let values = [first, second].map { $0.traits.compactMap(value).map(Double.init) }
      guard !values[0].isEmpty, !values[1].isEmpty else { return nil }
      let area = AreaUnderCurve.of(values[0], values[1])
      let error = AreaUnderCurve.standardError(0.5, values[0].count, values[1].count)
      func text(_ values: [Double]) -> String {
        let sorted = values.sorted()
        return "median \(number(sorted[sorted.count / 2]))"
      }
      return Trait(
        name: name, first: text(values[0]), second: text(values[1]),
        differs: abs(area - 0.5) > max(2 * error, tolerance))
    }
    return [
      trait("size in pixels", \.size), trait("pixel size in mm") { $0.spacing.isEmpty ? "not said" : $0.spacing },
      trait("orientation", \.orientation), trait("stored as", \.dataType),
      trait("colour") { $0.isColour ? "colour" : "grey" },
      intensity("least intensity as stored") { $0.range?.lowerBound },
      intensity("greatest intensity as stored") { $0.range?.upperBound },
    ].compactMap { $0 }
  }

  /// Half the sum of the differences of the values' shares.
  private static func distance(_ first: [String], _ second: [String]) -> Double {
    Set(first + second).reduce(0.0) { sum, value in
      func share(_ values: [String]) -> Double { Double(values.count { $0 == value }) / Double(values.count) }
      return sum + abs(share(first) - share(second)) / 2
    }
  }

  private static func tally(_ values: [String]) -> String {
    let counts = Dictionary(grouping: values, by: { $0 }).mapValues(\.count)
      .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    guard counts.count > 1 else { return counts.first?.key ?? "-" }
    return counts.prefix(3).map { "\($0.key) (\($0.value))" }.joined(separator: ", ")
      + (counts.count > 3 ? ", \(counts.count - 3) more" : "")
  }

  static func number(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e6 ? "\(Int(value))" : String(format: "%.3g", value)
  }
}
