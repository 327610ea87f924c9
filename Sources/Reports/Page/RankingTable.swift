import Figures

/// The table of the scores that no threshold takes part in, with their gains over the first baseline.
struct RankingTable {
  private let caption: String
  private let names: [String]
  private let rows: [Row]

  private struct Row {
    let method: String
    let isHighlighted: Bool
    let cells: [Cell]
  }

  private struct Cell {
    let score: ScoreCell
    let gain: String?
  }

  /// Nil where there are no such scores.
  init?(_ table: ScoreTable) {
    guard let names = table.methods.map({ $0.withoutThreshold.map(\.name) }).first(where: { !$0.isEmpty }) else {
      return nil
    }
    self.names = names
    let baseline = table.comparisons.first.map { "; gains are points over \($0.baseline)" } ?? ""
    let ranked = names.filter { $0 != Self.brierScore }.enumerated()
      .map { $0 == 0 ? $1 : $1.prefix(1).lowercased() + $1.dropFirst() }.joined(separator: " and ")
    let error =
      names.contains(Self.brierScore)
      ? ". \(Self.brierScore) in hundredths, from 0 to 200: less is better, and a gain is a smaller one" : ""
    caption = "\(ranked) in percent: the mean over classes, each against the rest\(error)\(baseline)"
    rows = table.methods.map { method in
      Row(
        method: method.name, isHighlighted: method.isHighlighted,
        cells: method.withoutThreshold.map { Cell(score: ScoreCell($0.score), gain: Self.gain($0)) })
    }
  }

  private static let brierScore = "Brier score"

  private static func gain(_ score: NamedScore) -> String? {
    guard let gain = score.gain else { return nil }
    let amount = ComparisonBlock.signed(gain)
    guard let interval = score.gainInterval else { return "gain \(amount)" }
    return "gain \(amount), \(NumberText.percent(interval.lowerBound)) to \(NumberText.percent(interval.upperBound))"
  }

  static let source = """
    <h3>Without a threshold</h3>
    <div class="scroll" role="region" aria-label="Scores without a threshold" tabindex="0">
    <table class="classes">
    <caption>{{caption}}</caption>
    <thead><tr><th scope="col">Method</th>{{#names}}<th scope="col" class="number">{{.}}</th>{{/names}}</tr></thead>
    <tbody>
    {{#rows}}
    <tr{{#isHighlighted}} class="chosen"{{/isHighlighted}}><th scope="row">{{method}}</th>{{#cells}}<td class="number">{{#score}}\(ScoreCell.source){{/score}}{{#gain}}<small>{{gain}}</small>{{/gain}}</td>{{/cells}}</tr>
    {{/rows}}
    </tbody>
    </table>
    </div>
    """
}
