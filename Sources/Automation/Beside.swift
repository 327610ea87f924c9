import Foundation

extension AutoAnswer {
  /// What the choice gains over a simple way, which was trained on the same images and scored on the same test images.
  package struct Beside: Codable, Sendable {
    package var way: String
    /// Divisions in which it was scored.
    package var divisions: Int
    /// Over these; nil for none. P-values are corrected for the number of simple ways.
    package var gain: ProcedureGain?
    /// How many divisions it was not scored in, by reason.
    package var missing: [String: Int]

    /// Of every simple way of a run.
    package static func all(_ results: [DivisionResult], classes: Int, seed: UInt64) -> [Beside] {
      let names = SimpleWays.names.filter { name in
        results.contains { $0.others[name] != nil || $0.missing[name] != nil }
      }
      let scored = names.map { name in results.filter { $0.others[name] != nil } }
      let known = names.indices.filter { !scored[$0].isEmpty }
      let gains = Dictionary(
        uniqueKeysWithValues: zip(
          known,
          ProcedureGain.corrected(
            known.map { ProcedureGain(scored[$0], over: names[$0], classes: classes, seed: seed) })))
      return names.indices.map { index in
        let missing = results.compactMap { $0.others[names[index]] == nil ? $0.missing[names[index]] : nil }
        return Beside(
          way: names[index], divisions: scored[index].count, gain: gains[index],
          missing: Dictionary(missing.map { ($0, 1) }) { $0 + $1 })
      }
    }

    /// What it comes to, in a sentence or two.
    package var sentences: [String] {
      func percent(_ value: Double?) -> String { value.map { String(format: "%.1f %%", 100 * $0) } ?? "NA" }
      let score = gain.map { gain in
        "On the same test images \(way) alone reaches \(percent(gain.meanAccuracies[1])) balanced accuracy and an area of "
          + "\(percent(gain.meanAreas[1])): the choice \(gain.accuracy.clause); in the area it \(gain.area.clause)."
      }
      let total = divisions + missing.values.reduce(0, +)
      let gaps = missing.sorted { $0.key < $1.key }.map { reason, count in
        let place = total == 1 ? "on the given split" : "in \(count) of \(total) divisions"
        return reason == SimpleWays.noTime
          ? "There was no time to score \(way) beside the choice \(place)."
          : "\(way) could not be scored beside the choice \(place): \(reason)."
      }
      return [score].compactMap { $0 } + gaps
    }
  }
}
