import Assessment
import Datasets
import Figures
import Foundation
import Reports
import Runs

/// Fills the report's page from a run.
struct AutoReport {
  let run: AutoRun
  /// As they were read, and those on which the choice that is handed over was trained.
  let data: ExperimentData
  let whole: ExperimentData
  let answer: AutoAnswer

  func html() throws -> String { try HTMLReport.render(content) }

  private var content: ReportContent {
    let size = data.set.size
    return ReportContent(
      title: "Manikin auto: \(run.recipe.name)", answer: answer.answer, answerNumbers: answer.numbers,
      answerDetails: [answer.advice] + answer.details + (answer.hindsight?.sentences ?? []),
      facts: whole.classes.map {
        LabelledText("Class \($0)", "\(whole.indices(of: $0, in: .train).count) images for training")
      } + [
        LabelledText(
          "Image size", "\(size.height) x \(size.width) pixels\(data.set.channels == 3 ? " in colour" : "")"),
        LabelledText("Divisions", "\(answer.divisions.count)"),
        LabelledText("Chosen", answer.chosen?.members.joined(separator: " + ") ?? "nothing"),
        LabelledText("Time", String(format: "%.1f of %.3g minutes", answer.elapsedSeconds / 60, answer.minutes)),
      ],
      scores: scores, notes: notes, command: command,
      versions: [LabelledText("Manikin", Manikin.version), LabelledText("Seed", "\(answer.seed)")])
  }

  /// What repeats the run, with the recipe that lies beside the page.
  private var command: String {
    let settings = run.settings
    return "manikin auto DATA --recipe recipe.yaml --minutes \(String(format: "%g", answer.minutes))"
      + (data.cameSplit ? "" : " --divisions \(settings.divisions)") + (settings.isPrivate ? " --private" : "")
      + (answer.hindsight == nil ? "" : " --hindsight")
  }

  private var scores: ScoreTable {
    func row(_ name: String, _ summary: String, _ accuracies: [Double?], _ areas: [Double?], gains: Bool)
      -> MethodScores
    {
      let gain = answer.gain.area
      return MethodScores(
        name: name, summary: summary, isHighlighted: gains, balancedAccuracy: Score(values: accuracies),
        withoutThreshold: [
          NamedScore(
            name: "ROC area", score: Score(values: areas), gain: gains ? gain.meanDifference : nil,
            gainInterval: gains ? gain.interval.map { $0.lower...$0.upper } : nil)
        ])
    }
    let divisions = answer.divisions
    return ScoreTable(
      methods: [
        row(
          ProcedureGain.procedure, "what the procedure chose inside each division", divisions.map(\.balancedAccuracy),
          divisions.map(\.rocArea), gains: true),
        row(
          ProcedureGain.baseline, "real images, small classes repeated", divisions.map(\.baselineBalancedAccuracy),
          divisions.map(\.baselineRocArea), gains: false),
      ]
        + answer.beside.map { beside in
          row(
            beside.way, "the simple way alone, with the settings of the race",
            divisions.map { $0.beside[beside.way]?.balancedAccuracy }, divisions.map { $0.beside[beside.way]?.rocArea },
            gains: false)
        },
      explanation: "On test images that no choice has seen, means over the trainings of a division.",
      runNames: divisions.indices.map { "division \($0 + 1): \(divisions[$0].chosen.joined(separator: " + "))" },
      comparisons: [table(answer.gain.accuracy)] + answer.beside.compactMap { $0.gain.map { table($0.accuracy) } })
  }

  private func table(_ comparison: Comparison) -> ComparisonTable {
    ComparisonTable(
      baseline: comparison.baseline,
      rows: [
        .init(
          method: ProcedureGain.procedure, difference: comparison.meanDifference,
          interval: comparison.interval.map { $0.lower...$0.upper }, pValue: comparison.adjustedPValue,
          hasTooFewSplits: comparison.hasTooFewSplits, isHighlighted: true)
      ],
      explanation: comparison.splits > 1
        ? "95 % interval and p by the corrected resampled t-test over divisions."
        : "95 % interval and p by the bootstrap over test subjects and trainings of this one division.")
  }

  private var notes: [String] {
    answer.notes.map { "Note: \($0)." } + answer.divisions.map(sentence) + answer.ways.map { "\($0.way): \($0.words)." }
      + [
        "The scores of single ways are on held-out images of the race, which chose among them: they are too good for the best."
      ]
  }

  private func sentence(_ division: AutoAnswer.Division) -> String {
    func percent(_ value: Double?) -> String { value.map { String(format: "%.1f %%", 100 * $0) } ?? "NA" }
    let (training, test) = (division.trainSubjects, division.testSubjects)
    return "Division \(division.number): subjects for training \(AutoAnswer.Division.words(training)), for test "
      + "\(AutoAnswer.Division.words(test)); chosen: \(division.names); balanced accuracy "
      + "\(percent(division.balancedAccuracy)) (original-matched \(percent(division.baselineBalancedAccuracy))), area "
      + "\(percent(division.rocArea)) (\(percent(division.baselineRocArea)))."
  }
}
