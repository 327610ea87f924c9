import Figures

/// The curves of a sweep: a small chart for each method, all on one scale, and the numbers beneath.
struct SweepSection {
  private let charts: [Chart]
  private let axis: String
  private let explanation: String
  private let values: [String]
  private let rows: [Row]

  private struct Chart {
    let name: String
    let svg: String
  }

  private struct Row {
    let name: String
    let isHighlighted: Bool
    let cells: [Cell]
  }

  private struct Cell {
    let mean: String
    let interval: String?
  }

  init?(_ content: ReportContent) {
    guard let curve = content.sweep, !curve.lines.isEmpty else { return nil }
    axis = curve.axis
    explanation = curve.explanation
    let points = curve.lines.flatMap(\.points)
    let percents = points.flatMap { point -> [Double] in
      var shares = [point.mean]
      if let interval = point.interval { shares += [interval.lowerBound, interval.upperBound] }
      return shares.map { 100 * $0 }
    }
    let vertical = Scale.linear(covering: percents)
    let horizontal = Scale.logarithmic(covering: points.map(\.value))
    let chart = BandChart(frame: PlotFrame(horizontal: horizontal, vertical: vertical))
    charts = curve.lines.map { line in
      Chart(
        name: line.name,
        svg: chart.svg(
          line,
          description: "Balanced accuracy of \(line.name) by \(curve.axis): "
            + line.points.map { "\(NumberText.percent($0.mean)) % at \(NumberText.significant($0.value))" }
            .joined(separator: ", ")))
    }
    let all = Set(points.map(\.value)).sorted()
    values = all.map { NumberText.significant($0) }
    rows = curve.lines.map { line in
      Row(
        name: line.name, isHighlighted: line.isHighlighted,
        cells: all.map { value in
          let point = line.points.first { $0.value == value }
          return Cell(
            mean: NumberText.percent(point?.mean),
            interval: point?.interval.map {
              "\(NumberText.percent($0.lowerBound)) to \(NumberText.percent($0.upperBound))"
            })
        })
    }
  }

  func html() throws -> PageSection {
    PageSection(
      anchor: "sweep", heading: "How much is enough",
      body: try PageTemplate(name: "sweep", source: Self.source).render(self))
  }

  private static let source = """
    <p class="remark">{{explanation}}</p>
    <div class="columns">
    {{#charts}}
    <figure class="chart">
    <figcaption>{{name}}</figcaption>
    <p class="up-label">Balanced accuracy, %</p>
    <div class="plot">{{{svg}}}</div>
    <p class="across-label">{{axis}}</p>
    </figure>
    {{/charts}}
    </div>
    <div class="scroll" role="region" aria-label="Balanced accuracy at every value" tabindex="0">
    <table class="runs">
    <caption>Balanced accuracy in percent by {{axis}}</caption>
    <thead><tr><th scope="col">Method</th>{{#values}}<th scope="col" class="number">{{.}}</th>{{/values}}</tr></thead>
    <tbody>
    {{#rows}}
    <tr{{#isHighlighted}} class="chosen"{{/isHighlighted}}><th scope="row">{{name}}</th>{{#cells}}<td class="number"><b>{{mean}}</b>{{#interval}}<small>{{interval}}</small>{{/interval}}</td>{{/cells}}</tr>
    {{/rows}}
    </tbody>
    </table>
    </div>

    """
}
