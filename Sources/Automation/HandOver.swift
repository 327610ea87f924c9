import Assessment
import Datasets
import Experiments
import Foundation
import ImageSets
import Recipes
import Runs

/// Writes what a user gets: recipes, classifier with threshold and calibration, images where they are part of the choice, a page
/// for the methods section, the report and the answer.
struct HandOver {
  /// The procedure on the images that are handed over.
  struct Source {
    let data: ExperimentData
    let procedure: Procedure
    let found: Procedure.Found
    /// Nil where nothing could be chosen.
    let committee: Committee?
  }

  let run: AutoRun
  let data: ExperimentData
  let source: Source
  let gain: ProcedureGain
  let results: [DivisionResult]
  let folder: URL

  private var classes: [String] { data.classes }
  private var choice: Choice? { source.found.choice }
  var chosen: [Way] {
    (choice?.members ?? []).compactMap { name in source.procedure.ways.first { $0.name == name } }
  }

  static let imagesName = "images"

  func write(elapsed time: TimeKeeper) throws -> AutoAnswer {
    var files: [String] = []
    try writeRecipes(&files)
    let curve = choice.flatMap {
      Committee.crossFitted($0, source.found.outcome.evidence, classes: classes.count)
    }.map { CalibrationCurve($0, classes: classes) }
    if let curve {
      try AtomicFile.write(curve.csv, to: folder.appending(path: "calibration.csv"))
      files.append("calibration.csv")
    }
    if let committee = source.committee { try writeClassifier(committee, &files) }
    let images = try writeImages()
    if images != nil { files.append(Self.imagesName + "/") }
    let words = AnswerWords(
      gain: gain, choice: choice, ways: source.procedure.ways, standings: source.found.outcome.standings,
      isPrivate: run.settings.isPrivate, divisions: results.count, withoutChoice: results.count { $0.choice == nil },
      classes: classes.count, imageFolder: images, trainedOn: trainedOn)
    let others = Dictionary(
      grouping: results.flatMap { result in result.others.map { ($0.key, result, $0.value) } }, by: \.0
    )
    .mapValues { entries in
      [ClassificationMetric.balancedAccuracy, .rocArea].map { metric in
        SampleMoments(
          entries.flatMap { _, result, heldOut in
            result.runs(heldOut).map { metric.value(of: $0, classes: classes.count) }
          }
        ).mean
      }
    }
    let beside = AutoAnswer.Beside.all(results, classes: classes.count, seed: UInt64(run.recipe.seed))
    let answer = AutoAnswer(
      verdict: gain.verdict.rawValue, answer: words.answer, numbers: words.numbers, advice: words.advice,
      details: (data.leak.map { [$0] } ?? []) + words.details + beside.flatMap(\.sentences)
        + Self.sentences(on: others),
      gain: gain, chosen: choice, ways: source.found.outcome.standings,
      divisions: try results.map { .init($0, data: try data.division($0.division, run.recipe)) }, beside: beside,
      hindsight: nil, notes: data.notes + run.notesOnSettings(data), others: others, minutes: run.settings.minutes,
      elapsedSeconds: time.elapsed.rounded(), seed: run.recipe.seed, manikin: Manikin.version,
      files: files + ["methods.md", "report.html", "answer.json"])
    removeStale(but: Set(files))
    try AutoPages(run: run, data: data, answer: answer).write(to: folder)
    return answer
  }

  /// How many of the subjects the classifier is trained on, in words that follow "trained on".
  private var trainedOn: String {
    let (all, trained) = (data.set.images.map(\.subject), subjects(.train))
    let (total, kept) = (Set(all).count, subjects(.validation).count)
    guard trained.count < total else { return "all of them" }
    let others = total - trained.count - kept
    return "\(trained.count) of your \(total) subjects"
      + (kept > 0 ? "; \(kept) are kept for validation" : "")
      + (others > 0
        ? "; \(others) are "
          + (data.cameSplit ? "those of the split's test images" : "for test, or left out by the recipe") : "")
  }

  private func subjects(_ side: Split) -> Set<String> {
    Set(source.data.indices(in: side).map { source.data.set.images[$0].subject })
  }

  /// Removes recipes and weights of an earlier choice, which had less time.
  private func removeStale(but files: Set<String>) {
    try? FileManager.default.removeItem(at: folder.appending(path: Hindsight.fileName))
    for part in ["recipes", "classifier"] {
      let place = folder.appending(path: part, directoryHint: .isDirectory)
      for name in (try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? []
      where !files.contains("\(part)/\(name)") {
        try? FileManager.default.removeItem(at: place.appending(component: name))
      }
    }
  }

  private static func sentences(on others: [String: [Double?]]) -> [String] {
    others.filter { $0.key == Way.paperName }.compactMap { name, scores in
      guard let accuracy = scores[0] else { return nil }
      return String(
        format: "The paper's way (%@), on the same test images: %.1f %% balanced accuracy%@.", name, 100 * accuracy,
        scores[1].map { String(format: ", area %.1f %%", 100 * $0) } ?? "")
    }
  }

  // MARK: Recipes

  /// A recipe for each member, which `manikin run` evaluates beside real images alone.
  private func writeRecipes(_ files: inout [String]) throws {
    let target = folder.appending(path: "recipes", directoryHint: .isDirectory)
    for (number, way) in chosen.enumerated() {
      try AtomicFile.makeFolder(target)
      var own = try way.recipe(run.recipe)
      own.name = "\(run.recipe.name)-\(way.name)"
      let name = "\(number + 1)-\(way.name).yaml"
      let text =
        "# A classifier trained \(way.meaning).\n# Chosen by 'manikin auto'. 'manikin run' evaluates it beside real images "
        + "alone.\n" + own.yaml(placedIn: target)
      try AtomicFile.write(text, to: target.appending(component: name))
      files.append("recipes/\(name)")
    }
  }

  // MARK: Classifier

  private func writeClassifier(_ committee: Committee, _ files: inout [String]) throws {
    let card = ClassifierCard(
      recipe: run.recipe, classes: classes, size: data.set.size, channels: data.set.channels)
    let written = try committee.write(
      card, to: folder.appending(path: "classifier", directoryHint: .isDirectory)
    ) { name in source.procedure.ways.first { $0.name == name }?.isLinear ?? false }
    files += written.map { "classifier/\($0)" }
  }

  // MARK: Images

  /// The synthetic images of the first member that draws some, beside the real ones; nil where none does.
  ///
  /// - Returns: the folder's name.
  private func writeImages() throws -> String? {
    guard source.committee != nil, let way = chosen.first(where: { $0.drawing != nil }) else { return nil }
    let target = folder.appending(path: Self.imagesName, directoryHint: .isDirectory)
    guard !FileManager.default.fileExists(atPath: target.path) else { return Self.imagesName }
    var own = try way.recipe(run.recipe)
    own.synthetic.perClass = own.evaluation.syntheticPerClass
    own.synthetic.withReal = run.settings.isPrivate ? .none : .link
    own.out = folder.appending(path: "models-of-images", directoryHint: .isDirectory).path
    _ = try Augmentation(own, progress: run.progress).write(to: target, overwrite: false)
    return Self.imagesName
  }
}
