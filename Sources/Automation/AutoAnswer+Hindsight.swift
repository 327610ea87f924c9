import Assessment
import Foundation

extension AutoAnswer {
  /// The best single way in hindsight, and what choosing one is worth without the luck of the best of many.
  struct Hindsight: Codable, Sendable {
    /// Ways that were scored on every division.
    var ways: Int
    /// That with the best mean score on the test images; nil where no way was scored on all divisions.
    var best: String?
    /// Its means: too good, as the luckiest way's.
    var bestBalancedAccuracy: Double?
    var bestRocArea: Double?
    /// For each division the way that is best on the others; empty for one division.
    var leavingOneOut: [String]
    /// The means of these ways on the divisions that they were not chosen on.
    var balancedAccuracy: Double?
    var rocArea: Double?
    /// What the procedure gains over them; nil for one division.
    var accuracyGain: Comparison?
    var areaGain: Comparison?
    /// Of one training of the best way, on average, and of the whole procedure, its races and all divisions.
    var secondsOfBest: Double?
    var secondsOfProcedure: Double
    /// Why ways were not scored, or may not be taken.
    var leftOut: [String: String]

    /// - Parameter seconds: of one training of a way, on average.
    init(
      _ table: HindsightTable, results: [DivisionResult], classes: Int, seconds: (String) -> Double?,
      elapsedSeconds: Double, leftOut: [String: String]
    ) {
      ways = table.ways.count
      best = table.best
      let mean = table.best.flatMap(table.mean)
      (bestBalancedAccuracy, bestRocArea) = (mean?.balancedAccuracy, mean?.rocArea)
      secondsOfBest = table.best.flatMap(seconds)
      secondsOfProcedure = elapsedSeconds
      self.leftOut = leftOut
      leavingOneOut = table.leavingOneOut?.map(\.way) ?? []
      guard let chosen = table.leavingOneOut else { return }
      let honest = HindsightTable.mean(chosen.map(\.cell))
      (balancedAccuracy, rocArea) = (honest.balancedAccuracy, honest.rocArea)
      let count = Double(results.count)
      func compare(_ figure: String, _ own: (Division.Score) -> Double?, _ other: (HindsightTable.Cell) -> Double)
        -> Comparison
      {
        Comparison(
          method: ProcedureGain.procedure, baseline: "the best single way", figure: figure,
          differences: zip(results, chosen).map { result, chosen in
            own(Division.Score(result.procedure, of: result, classes: classes)).map { $0 - other(chosen.cell) }
          },
          trainSubjects: results.reduce(0.0) { $0 + Double($1.trainSubjects) } / count,
          testSubjects: results.reduce(0.0) { $0 + Double($1.testSubjects) } / count)
      }
      accuracyGain = compare("balanced accuracy", { $0.balancedAccuracy }, { $0.balancedAccuracy })
      areaGain = compare("area under the ROC curve", { $0.rocArea }, { $0.rocArea })
    }

    /// In a few sentences.
    var sentences: [String] {
      func percent(_ value: Double?) -> String { value.map { String(format: "%.1f %%", 100 * $0) } ?? "NA" }
      var found: [String] = []
      if let best {
        found.append(
          "In hindsight the best of \(ways) single ways on these test images is \(best): "
            + "\(percent(bestBalancedAccuracy)) balanced accuracy, area \(percent(bestRocArea)), too good as the luckiest one."
        )
      } else {
        found.append("In hindsight no single way was scored on every division.")
      }
      if let accuracyGain, let areaGain {
        found.append(
          "Without that luck, each division's way chosen on the other divisions, a single way is worth "
            + "\(percent(balancedAccuracy)), area \(percent(rocArea)): the procedure \(accuracyGain.clause); in the area it "
            + "\(areaGain.clause).")
      } else if best != nil {
        found.append("One division cannot say what it is worth without that luck.")
      }
      if let secondsOfBest {
        found.append(
          String(
            format: "One training of it takes %.0f s, the whole procedure took %.0f s.", secondsOfBest,
            secondsOfProcedure))
      }
      if !leftOut.isEmpty {
        found.append(
          "Not compared in hindsight: "
            + leftOut.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value))" }.joined(separator: "; ") + ".")
      }
      return found
    }
  }
}
