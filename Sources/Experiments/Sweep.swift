import Assessment
import Evaluations
import Figures
import Forecasts
import Foundation
import Recipes
import Reports
import Runs

/// The same evaluation for several values of one setting, each in a run folder of its own, and the curve of what came of
/// it. Runs that are done are not done again.
public struct Sweep: Sendable {
  public let recipe: Recipe
  public let progress: ProgressReporter
  private let key: SweepSettings.Key
  /// Bytes that are free on the disk of a folder; nil where nobody knows.
  package var freeDisk: @Sendable (URL) -> Int? = FreeDisk.bytes

  /// What a sweep came to.
  public struct Outcome: Sendable {
    public let report: URL
    /// A table of the balanced accuracies and the answer.
    public let text: String
    /// The same for programs; `sweep.json` holds it.
    public let json: String
  }

  private typealias Point = (value: Int, outcome: Experiment.Outcome)

  private struct Document: Encodable {
    struct Point: Encodable {
      let value: Int
      let statistics: EvaluationStatistics?
    }

    let answer: String
    let key: String
    let points: [Point]
  }

  /// Nil when the recipe varies nothing.
  ///
  /// - Throws: `ExperimentsError` if the recipe does not hold.
  public init?(_ recipe: Recipe, progress: ProgressReporter) throws {
    guard let key = recipe.sweep.key else { return nil }
    try recipe.check()
    self.recipe = recipe
    self.progress = progress
    self.key = key
  }

  /// The recipe of one value's run.
  package func recipe(for value: String) throws -> Recipe {
    var part = try recipe.setting(key.rawValue, to: value)
    part.sweep = SweepSettings()
    part.name = "\(recipe.name)-\(value)"
    part.out = recipe.runFolder.appending(path: value, directoryHint: .isDirectory).path
    return part
  }

  /// Runs what is not done yet and writes `sweep.csv`, `sweep.json` and `report.html`.
  public func run() throws -> Outcome {
    let (_, forecast) = try lookAhead(.silent)
    if !forecast.stages.isEmpty { progress.note("All values together. \(forecast.sentence)") }
    return try run { value in try Experiment(recipe(for: value), progress: progress).evaluate() }
  }

  /// - Parameter evaluate: makes or gathers the run of one value.
  package func run(_ evaluate: (String) throws -> Experiment.Outcome) throws -> Outcome {
    let run = try RunFolder(recipe.runFolder, recipe: recipe, versions: Manikin.versions)
    defer { withExtendedLifetime(run) {} }
    let folder = run.url
    var points: [Point] = []
    for value in recipe.sweep.values {
      progress.note("\(key.rawValue) = \(value)")
      points.append((Int(value)!, try evaluate(value)))
    }
    try AtomicFile.write(csv(points), to: folder.appending(path: "sweep.csv"))
    let document = Document(
      answer: answer(points), key: key.rawValue,
      points: points.map { .init(value: $0.value, statistics: $0.outcome.statistics) })
    let json = folder.appending(path: "sweep.json")
    try RunFolder.write(document, to: json)
    let report = folder.appending(path: "report.html")
    try AtomicFile.write(HTMLReport.render(content(points)), to: report)
    return Outcome(
      report: report, text: text(points), json: String(decoding: try Data(contentsOf: json), as: UTF8.self))
  }

  /// What `run` would do for each value, and what all of it takes, in a line; writes nothing.
  public func plan() throws -> (outlines: [RunOutline], sum: String) {
    let (outlines, forecast) = try lookAhead(progress)
    return (outlines, "All values together. \(forecast.sentence)")
  }

  /// - Parameter progress: of reading the images of each value.
  /// - Throws: `ExperimentsError` for folders that the sweep could not take up, and when the disk has no room for all values.
  private func lookAhead(_ progress: ProgressReporter) throws -> (outlines: [RunOutline], forecast: RunForecast) {
    // The values' own folders may not exist yet, and lie in this one.
    _ = try RunFolder(lookingAt: recipe.runFolder, recipe: recipe, versions: Manikin.versions, inputs: [])
    let outlines = try recipe.sweep.values.map { value in
      var experiment = try Experiment(recipe(for: value), progress: progress)
      experiment.freeDisk = { _ in nil }
      return try experiment.plan()
    }
    let forecast = RunForecast.sum(zip(recipe.sweep.values, outlines).map { ($0, $1.forecast) })
    try forecast.requireDisk(in: recipe.runFolder, free: freeDisk(recipe.runFolder))
    return (outlines, forecast)
  }

  private func methods(_ points: [Point]) -> [String] {
    points[0].outcome.results.methods
  }

  private func csv(_ points: [Point]) -> String {
    var text = "\(key.rawValue),method,balanced_accuracy,lower,upper\n"
    for (value, outcome) in points {
      for method in methods(points) {
        let estimate = outcome.statistics?.methods[method]?.balancedAccuracy
        let figures = [estimate?.value, estimate?.interval?.lower, estimate?.interval?.upper]
        text += "\(value),\(method)," + figures.map { $0.map { "\($0)" } ?? "NA" }.joined(separator: ",") + "\n"
      }
    }
    return text
  }

  private func text(_ points: [Point]) -> String {
    let width = max(6, methods(points).map(\.count).max() ?? 0)
    func padded(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: max(0, width - text.count))
    }
    var lines = [padded(key.rawValue, width) + points.map { String(format: "%7d", $0.value) }.joined()]
    for method in methods(points) {
      let cells = points.map { point in
        let value = point.outcome.statistics?.methods[method]?.balancedAccuracy.value
        return value.map { String(format: "%7.1f", 100 * $0) } ?? "      -"
      }
      lines.append(padded(method, max(width, key.rawValue.count)) + cells.joined())
    }
    return (lines + ["", "Balanced accuracy in percent.", "", answer(points), ""]).joined(separator: "\n")
  }

  /// What the method of the answer came to at each value, against one baseline.
  private func answer(_ points: [Point]) -> String {
    let subject = methods(points).contains("manifold") ? "manifold" : methods(points).last!
    guard let baseline = points[0].outcome.statistics?.baselines.first else { return "There is nothing to compare." }
    let clauses = points.map { point in
      let clause = point.outcome.statistics?.comparison(of: subject, with: baseline)?.clause ?? "was not compared"
      return "at \(point.value) it \(clause)"
    }
    return "\(subject) against \(baseline) by \(key.meaning): " + clauses.joined(separator: "; ") + "."
  }

  private func content(_ points: [Point]) -> ReportContent {
    let statistics = points[0].outcome.statistics
    let lines = methods(points).map { method in
      SweepCurve.Line(
        name: method, isHighlighted: method == "manifold",
        points: points.compactMap { point in
          guard let estimate = point.outcome.statistics?.methods[method]?.balancedAccuracy, let mean = estimate.value
          else { return nil }
          return SweepCurve.Point(
            value: Double(point.value), mean: mean, interval: estimate.interval.map { $0.lower...$0.upper })
        })
    }
    let splits = statistics?.splits ?? 0
    return ReportContent(
      title: "Manikin: \(recipe.name)", answer: answer(points),
      facts: [
        LabelledText("Varied", key.rawValue), LabelledText("Splits", "\(splits)"),
        LabelledText("Trainings on each split", "\(statistics?.runs ?? 0)"),
      ],
      sweep: SweepCurve(
        axis: key.meaning, lines: lines,
        explanation:
          "Mean balanced accuracy; bands are 95 % intervals \(statistics?.intervalMeaning ?? ""). The folders "
          + "of the values hold a full report each."),
      notes: points.flatMap(\.outcome.notes).distinct,
      command: "manikin run recipe.yaml", recipe: recipe.withoutPlaces.yaml(),
      versions: [LabelledText("Manikin", Manikin.version), LabelledText("Seed", "\(recipe.seed)")])
  }
}
