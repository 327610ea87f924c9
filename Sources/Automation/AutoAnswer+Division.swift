import Assessment
import Datasets
import Foundation
import ImageSets

extension AutoAnswer {
  /// One outer division, scores in [0, 1].
  struct Division: Codable, Sendable {
    /// From 1.
    var number: Int
    /// Subjects by class.
    var trainSubjects: [String: Int]
    var testSubjects: [String: Int]
    var chosen: [String]
    var balancedAccuracy: Double?
    var rocArea: Double?
    var baselineBalancedAccuracy: Double?
    var baselineRocArea: Double?
    /// Of the simple ways that were scored, by name.
    var beside: [String: Score]

    /// Means over the trainings of a way.
    struct Score: Codable, Sendable {
      var balancedAccuracy: Double?
      var rocArea: Double?

      init(_ heldOut: [HeldOut], of result: DivisionResult, classes: Int) {
        func mean(_ metric: ClassificationMetric) -> Double? {
          SampleMoments(result.runs(heldOut).map { metric.value(of: $0, classes: classes) }).mean
        }
        (balancedAccuracy, rocArea) = (mean(.balancedAccuracy), mean(.rocArea))
      }
    }

    /// - Parameter data: the images under this division.
    init(_ result: DivisionResult, data: ExperimentData) {
      let classes = data.classes.count
      func subjects(_ side: Split) -> [String: Int] {
        Dictionary(
          uniqueKeysWithValues: data.classes.map { name in
            (name, Set(data.indices(of: name, in: side).map { data.set.images[$0].subject }).count)
          })
      }
      number = result.division + 1
      (trainSubjects, testSubjects) = (subjects(.train), subjects(.test))
      chosen = result.choice?.members ?? []
      let own = Score(result.procedure, of: result, classes: classes)
      let baseline = Score(result.baseline, of: result, classes: classes)
      (balancedAccuracy, rocArea) = (own.balancedAccuracy, own.rocArea)
      (baselineBalancedAccuracy, baselineRocArea) = (baseline.balancedAccuracy, baseline.rocArea)
      beside = result.others.filter { SimpleWays.names.contains($0.key) }
        .mapValues { Score($0, of: result, classes: classes) }
    }

    /// The classes' subjects, such as `20 AD, 60 CN`.
    static func words(_ subjects: [String: Int]) -> String {
      subjects.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    }

    /// What was chosen, in words.
    var names: String { chosen.isEmpty ? "none" : chosen.joined(separator: " + ") }
  }
}
