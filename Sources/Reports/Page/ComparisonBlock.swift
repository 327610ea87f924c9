import Figures
import Foundation

/// The table of one baseline: every method's gain over it with the interval drawn about zero.
struct ComparisonBlock {
  private let baseline: String
  private let caption: String
  private let axis: String
  private let rows: [Row]
  private let hasPValues: Bool
  private let explanation: String

  private struct Row {
    let method: String
    let isHighlighted: Bool
    let gain: String
    let interval: String?
    let pValue: String
    let hasPValues: Bool
    let mark: String
  }

  init(_ table: ComparisonTable) {
    baseline = table.baseline
    caption = "Points of balanced accuracy gained over \(table.baseline)"
    explanation = table.explanation
    let chart = DifferenceChart(table.rows)
    axis = chart.axis()
    let hasPValues = table.rows.contains { $0.pValue != nil }
    self.hasPValues = hasPValues
    rows = table.rows.map { row in
      Row(
        method: row.method, isHighlighted: row.isHighlighted, gain: Self.signed(row.difference),
        interval: row.interval.map {
          "\(NumberText.percent($0.lowerBound)) to \(NumberText.percent($0.upperBound))"
        } ?? (row.hasTooFewSplits ? "too few splits to say" : nil),
        pValue: row.pValue.map { $0 < 0.001 ? "< 0.001" : String(format: $0 < 0.1 ? "%.3f" : "%.2f", $0) }
          ?? NumberText.undefined,
        hasPValues: hasPValues, mark: chart.mark(row))
    }
  }

  static func signed(_ fraction: Double?) -> String {
    let text = NumberText.percent(fraction)
    guard let fraction, fraction > 0, text != "0.0" else { return text }
    return "+" + text
  }

  static let source = """
    <h3>Against {{baseline}}</h3>
        <table class="scores gains">
        <caption>{{caption}}</caption>
        <thead><tr><th scope="col">Method</th><th scope="col" class="number">Points</th>{{#hasPValues}}<th scope="col" class="number">p</th>{{/hasPValues}}<th scope="col">{{{axis}}}</th></tr></thead>
        <tbody>
        {{#rows}}
        <tr{{#isHighlighted}} class="chosen"{{/isHighlighted}}><th scope="row">{{method}}</th><td class="number"><b>{{gain}}</b>{{#interval}}<small>{{interval}}</small>{{/interval}}</td>{{#hasPValues}}<td class="number">{{pValue}}</td>{{/hasPValues}}<td class="bars">{{{mark}}}</td></tr>
        {{/rows}}
        </tbody>
        </table>
        <p class="remark">{{explanation}}</p>
    """
}
