import Assessment
import Foundation

/// The score of every way on the test images of every division, and what choosing by such scores is worth.
///
/// The best mean of many ways is too good: it is the luckiest one, too. Without that luck: for each division the way that is best
/// on the others is scored on this one. Its mean over divisions is what such a choice of a single way comes to.
package struct HindsightTable: Sendable, Equatable {
  /// One way on one division.
  package struct Cell: Codable, Sendable, Equatable {
    package var balancedAccuracy: Double
    package var rocArea: Double

    package init(balancedAccuracy: Double, rocArea: Double) {
      (self.balancedAccuracy, self.rocArea) = (balancedAccuracy, rocArea)
    }

    /// What ways are chosen by, as in the race.
    package var score: Double { (balancedAccuracy + rocArea) / 2 }
  }

  /// Ways that were scored on every division, the simplest first.
  package let ways: [String]
  /// `[way][division]`
  package let cells: [String: [Cell]]
  package let divisions: Int

  /// - Parameters:
  ///   - ways: the simplest first, which of equals is the best.
  ///   - cells: `[way][division]`; a way with a nil is left out.
  package init(_ ways: [String], cells: [String: [Cell?]], divisions: Int) {
    self.divisions = divisions
    let known = cells.compactMapValues { own -> [Cell]? in
      let found = own.compactMap { $0 }
      return found.count == divisions ? found : nil
    }
    self.cells = known
    self.ways = ways.filter { known[$0] != nil }
  }

  /// The way with the best mean score over all divisions; nil where no way was scored on all.
  package var best: String? { best { _ in true } }

  private func best(among isCounted: (Int) -> Bool) -> String? {
    var found: (way: String, score: Double)?
    for way in ways {
      let scores = cells[way]!.indices.filter(isCounted).map { cells[way]![$0].score }
      let mean = scores.reduce(0, +) / Double(max(1, scores.count))
      if found.map({ mean > $0.score }) ?? true { found = (way, mean) }
    }
    return found?.way
  }

  /// The means of a way over all divisions.
  package func mean(_ way: String) -> Cell? { cells[way].map(Self.mean) }

  static func mean(_ cells: [Cell]) -> Cell {
    let count = Double(max(1, cells.count))
    return Cell(
      balancedAccuracy: cells.reduce(0) { $0 + $1.balancedAccuracy } / count,
      rocArea: cells.reduce(0) { $0 + $1.rocArea } / count)
  }

  /// For each division the way that is best on the mean of the others, and its scores on this one; nil for fewer than two
  /// divisions, and without ways.
  package var leavingOneOut: [(way: String, cell: Cell)]? {
    guard divisions > 1, !ways.isEmpty else { return nil }
    return (0..<divisions).map { division in
      let way = best { $0 != division }!
      return (way, cells[way]![division])
    }
  }
}
