import Assessment
import Foundation

/// What the procedure, and real images alone, came to on the test images of one division, which took no part in any choice.
package struct DivisionResult: Codable, Sendable, Equatable {
  /// From 0.
  package var division: Int
  /// Nil where no way could be taken; the procedure then says what real images alone say.
  package var choice: Choice?
  package var standings: [Race.Standing]
  /// Of every training of `original-matched` with the recipe's own settings.
  package var baseline: [HeldOut]
  /// Of every training of what was chosen.
  package var procedure: [HeldOut]
  /// Of other ways that are told beside, by name.
  package var others: [String: [HeldOut]]
  /// Why a simple way is not among them, by name.
  package var missing: [String: String]
  package var trainSubjects: Int
  package var testSubjects: Int

  package init(
    division: Int, choice: Choice?, standings: [Race.Standing], baseline: [HeldOut], procedure: [HeldOut],
    others: [String: [HeldOut]] = [:], missing: [String: String] = [:], trainSubjects: Int, testSubjects: Int
  ) {
    (self.division, self.choice, self.standings) = (division, choice, standings)
    (self.baseline, self.procedure) = (baseline, procedure)
    (self.others, self.missing) = (others, missing)
    (self.trainSubjects, self.testSubjects) = (trainSubjects, testSubjects)
  }

  /// The predictions of a way on the test images, the baseline's by its name too; empty where it was not scored.
  func predictions(of name: String) -> [HeldOut] { name == ProcedureGain.baseline ? baseline : others[name] ?? [] }

  func runs(_ heldOut: [HeldOut]) -> [RunPredictions] {
    heldOut.enumerated().map { $1.predictions(split: division, run: $0) }
  }
}

extension HeldOut {
  /// As figures and tests take it.
  func predictions(split: Int, run: Int) -> RunPredictions {
    RunPredictions(
      split: split, run: run, subjects: subjects.map { "\($0)" }, actual: labels,
      predicted: logarithms.map { row in row.indices.reduce(0) { row[$1] > row[$0] ? $1 : $0 } },
      probabilities: probabilities.flatMap { $0 })
  }
}

/// The gain of the procedure over another way of training, such as real images alone, over the outer divisions.
package struct ProcedureGain: Codable, Sendable, Equatable {
  package static let procedure = "auto"
  package static let baseline = "original-matched"

  /// In balanced accuracy; the figure that the verdict goes by.
  package let accuracy: Comparison
  /// In the area under the ROC curve.
  package let area: Comparison
  /// Means over divisions and trainings, in [0, 1]: procedure, then the other way.
  package let meanAccuracies: [Double?]
  package let meanAreas: [Double?]

  /// - Parameters:
  ///   - results: of at least one division, in each of which the other way was scored.
  ///   - name: of the other way.
  ///   - draws: of the bootstrap, where there is one division.
  package init(
    _ results: [DivisionResult], over name: String = Self.baseline, classes: Int, seed: UInt64, draws: Int = 2000
  ) {
    let own = results.flatMap { $0.runs($0.procedure) }
    let other = results.flatMap { $0.runs($0.predictions(of: name)) }
    let count = Double(results.count)
    let train = results.reduce(0.0) { $0 + Double($1.trainSubjects) } / count
    let test = results.reduce(0.0) { $0 + Double($1.testSubjects) } / count
    let metrics: [ClassificationMetric] = [.balancedAccuracy, .rocArea]
    var differences: [SubjectBootstrap.Difference?] = [nil, nil]
    if results.count == 1 {
      let bootstrap = SubjectBootstrap(
        own + other, classes: classes, draws: draws, stream: .init(seed: seed, purpose: "bootstrap of the procedure"))
      let (first, second) = (bootstrap.figures(metrics, of: own), bootstrap.figures(metrics, of: other))
      differences = [0, 1].map { bootstrap.difference($0, of: first, over: second, pairsRuns: false) }
    }
    func compare(_ index: Int, _ figure: String) -> Comparison {
      Comparison(
        method: Self.procedure, baseline: name, figure: figure,
        differences: Comparison.differences(metrics[index], of: own, over: other, classes: classes),
        trainSubjects: train, testSubjects: test, subjectInterval: differences[index]?.estimate.interval,
        subjectPValue: differences[index]?.pValue,
        runs: results.map { min($0.procedure.count, $0.predictions(of: name).count) }.max() ?? 1)
    }
    accuracy = compare(0, "balanced accuracy")
    area = compare(1, "area under the ROC curve")
    func means(_ metric: ClassificationMetric) -> [Double?] {
      [own, other].map { runs in
        let bySplit = Dictionary(grouping: runs, by: \.split).values.map { runs in
          SampleMoments(runs.map { metric.value(of: $0, classes: classes) }).mean
        }
        return SampleMoments(bySplit).mean
      }
    }
    (meanAccuracies, meanAreas) = (means(.balancedAccuracy), means(.rocArea))
  }

  private init(accuracy: Comparison, area: Comparison, like other: ProcedureGain) {
    (self.accuracy, self.area) = (accuracy, area)
    (meanAccuracies, meanAreas) = (other.meanAccuracies, other.meanAreas)
  }

  /// Several gains with their p-values corrected for their number.
  static func corrected(_ gains: [ProcedureGain]) -> [ProcedureGain] {
    let accuracies = Comparison.corrected(gains.map(\.accuracy))
    let areas = Comparison.corrected(gains.map(\.area))
    return gains.indices.map { ProcedureGain(accuracy: accuracies[$0], area: areas[$0], like: gains[$0]) }
  }

  /// In words, for the answer.
  package var verdict: Verdict {
    // Without an interval nothing can be told from chance.
    guard accuracy.interval != nil else { return .cannotSay }
    return switch accuracy.verdict {
    case .gain: .helps
    case .loss: .hurts
    case .noEvidence: .noDifference
    case .tooFewRepeats, .tooFewSplits, .undefined: .cannotSay
    }
  }

  package enum Verdict: String, Codable, Sendable {
    case helps, hurts
    case noDifference = "no difference shown"
    case cannotSay = "too little to say"
  }
}
