import Assessment
import Foundation
import Generators
import Runs
import Samplers

/// What a comparison came to: a line for each size, model and method, with the setting that the validation images chose.
package struct ModelRanking: Sendable {
  /// A mean over trainings.
  package struct Estimate: Codable, Sendable, Equatable {
    package let mean: Double
    /// 95 %, by Student's t; nil for one training.
    package let interval: Interval?

    /// - Parameters:
    ///   - values: at least one.
    ///   - least: what no mean can lie below; nil for nothing.
    package init(_ values: [Double], atLeast least: Double? = nil) {
      let moments = SampleMoments(values)
      mean = moments.mean!
      interval = moments.standardDeviation.map { deviation in
        let count = Double(values.count)
        let reach =
          StudentDistribution(degreesOfFreedom: count - 1).quantile(0.975) * deviation / count.squareRoot()
        return Interval(lower: max(least ?? -.infinity, moments.mean! - reach), upper: moments.mean! + reach)
      }
    }
  }

  /// A model and a way of drawing from it, trained on so many images.
  package struct Line: Codable, Sendable, Equatable {
    package var size: String
    package var trainingImages: Int
    package var model: ModelKind
    package var method: SyntheticMethod
    /// The chosen setting, from 1, its values, and how many were tried.
    package var setting: Int
    package var settingName: String
    package var settingsTried: Int
    package var seeds: [Int]
    /// Of the chosen setting from the validation images, by which it was chosen.
    package var validationDistance: Double
    /// From the test images; less is better.
    package var distance: Estimate
    /// In the order of the seeds.
    package var distances: [Double]
    /// Means over the seeds; more is better.
    package var recall: Double
    package var precision: Double
    /// Of the chosen setting's reconstructions of test images, from these.
    package var reconstruction: Estimate?

    var name: String { ModelRanking.name(model, method) }
    var shares: String { ComparisonScore(frechetDistance: 0, recall: recall, precision: precision).shares }
  }

  /// A model that a method cannot draw from, or that came to nothing.
  package struct Gap: Codable, Sendable, Equatable {
    package var model: ModelKind
    package var method: SyntheticMethod
    package var reason: String
  }

  /// Real training images, as many as are drawn at most, against the same test images.
  package struct Yardstick: Codable, Sendable, Equatable {
    package var images: Int
    package var score: ComparisonScore

    package init(images: Int, score: ComparisonScore) {
      (self.images, self.score) = (images, score)
    }
  }

  /// What the features are, and whether they are Inception's.
  package let features: String
  package let isInception: Bool
  /// By size, then in the paper's order.
  package let lines: [Line]
  /// What the model and method's needs rule out.
  package let refused: [Gap]
  /// What went wrong.
  package let failed: [Gap]
  package let yardstick: Yardstick?
  package let testImages: Int

  /// - Parameter records: every training.
  package init(
    _ records: [ComparisonRecord], models: [ModelKind], methods: [SyntheticMethod], features: String, isInception: Bool,
    yardstick: Yardstick? = nil, testImages: Int = 0
  ) {
    (self.features, self.isInception, self.yardstick) = (features, isInception, yardstick)
    self.testImages = testImages
    let pairs = models.flatMap { model in methods.map { (model: model, method: $0) } }
      .sorted { first, second in
        PublishedResults.place(first.model, first.method)
          .lexicographicallyPrecedes(PublishedResults.place(second.model, second.method))
      }
    refused = pairs.compactMap { pair in
      pair.method.refusal(of: pair.model).map { Gap(model: pair.model, method: pair.method, reason: $0) }
    }
    let sizes = records.map(\.size).distinct
    let drawn = pairs.filter { $0.method.refusal(of: $0.model) == nil }
    lines = sizes.flatMap { size in
      drawn.compactMap { Self.line(records.filter { $0.size == size }, $0.model, $0.method) }
    }
    failed = drawn.compactMap { pair in
      let reasons = records.filter { $0.model == pair.model }
        .compactMap { $0.failures[pair.method.rawValue] ?? $0.failures[""] }
      return reasons.first.map { Gap(model: pair.model, method: pair.method, reason: $0) }
    }
  }

  /// The line of the setting with the least mean distance from the validation images; nil when none has images of all
  /// seeds.
  private static func line(_ records: [ComparisonRecord], _ model: ModelKind, _ method: SyntheticMethod) -> Line? {
    let own = records.filter { $0.model == model }
    let settings = Set(own.map(\.setting)).sorted()
    let candidates = settings.compactMap { setting -> (records: [ComparisonRecord], distance: Double)? in
      let found = own.filter { $0.setting == setting }.sorted { $0.seed < $1.seed }
      let distances = found.compactMap { $0.score(method.rawValue, .validation)?.frechetDistance }
      guard distances.count == found.count, !found.isEmpty else { return nil }
      return (found, distances.reduce(0, +) / Double(distances.count))
    }
    guard let chosen = candidates.min(by: { $0.distance < $1.distance }) else { return nil }
    let scores = chosen.records.compactMap { $0.score(method.rawValue, .test) }
    guard scores.count == chosen.records.count else { return nil }
    let reconstructions = chosen.records.compactMap {
      $0.score(ComparisonRecord.reconstruction, .test)?.frechetDistance
    }
    let count = Double(scores.count)
    let first = chosen.records[0]
    return Line(
      size: first.size, trainingImages: first.trainingImages, model: model, method: method, setting: first.setting,
      settingName: first.settingName, settingsTried: settings.count, seeds: chosen.records.map(\.seed),
      validationDistance: chosen.distance, distance: Estimate(scores.map(\.frechetDistance), atLeast: 0),
      distances: scores.map(\.frechetDistance), recall: scores.reduce(0) { $0 + $1.recall } / count,
      precision: scores.reduce(0) { $0 + $1.precision } / count,
      reconstruction: reconstructions.isEmpty ? nil : Estimate(reconstructions, atLeast: 0))
  }

  /// Such as `VAE - manifold`.
  static func name(_ model: ModelKind, _ method: SyntheticMethod) -> String {
    "\(model.rawValue.uppercased()) - \(method.rawValue)"
  }

  package var sizes: [String] { lines.map(\.size).distinct }

  /// The lines of the largest training set, which the table shows.
  package var shown: [Line] { lines.filter { $0.size == sizes.last } }

  /// How many trainings the lines rest on.
  package var seeds: Int { lines.map(\.seeds.count).max() ?? 0 }
}
