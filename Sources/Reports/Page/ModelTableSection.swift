import Figures

/// The table of a comparison of models, samples of every row, and curves over the number of training images.
struct ModelTableSection {
  private let caption: String
  private let rows: [Row]
  private let strips: [Strip]
  private let hasCurves: Bool
  private let charts: [Chart]

  private struct Row {
    let name: String
    let setting: String?
    let isNearest: Bool
    let distance: String
    let interval: String?
    let hasGreatestRecall: Bool
    let shares: String
    let reconstruction: String
  }

  private struct Strip {
    let name: String
    let image: EmbeddedPicture
  }

  private struct Chart {
    let name: String
    let svg: String
  }

  /// - Throws: `ReportsError` when a picture cannot be encoded.
  init?(_ content: ReportContent) throws {
    guard let table = content.models, !table.rows.isEmpty else { return nil }
    caption = table.caption
    rows = table.rows.map { row in
      Row(
        name: row.name, setting: row.setting, isNearest: row.isNearest,
        distance: NumberText.significant(row.distance),
        interval: row.interval.map {
          "\(NumberText.significant($0.lowerBound)) to \(NumberText.significant($0.upperBound))"
        },
        hasGreatestRecall: row.hasGreatestRecall,
        shares: "\(NumberText.fixed(row.recall, decimals: 2))/\(NumberText.fixed(row.precision, decimals: 2))",
        reconstruction: NumberText.significant(row.reconstruction))
    }
    strips = try table.rows.filter { !$0.pictures.isEmpty }.map { row in
      Strip(
        name: row.name,
        image: try EmbeddedPicture(
          row.pictures, columns: row.pictures.count, alternative: "\(row.pictures.count) images drawn by \(row.name)",
          name: "of \(row.name)"))
    }
    let points = table.curves.flatMap(\.points)
    hasCurves = !points.isEmpty
    let frame = PlotFrame(
      horizontal: .logarithmic(covering: points.map { Double($0.images) }),
      vertical: .linear(
        covering: [0] + points.flatMap { [$0.distance, $0.interval?.upperBound].compactMap { $0 } }))
    charts = table.curves.map { curve in
      Chart(
        name: curve.name,
        svg: LineChart(
          frame: frame,
          series: [
            .init(
              style: curve.isHighlighted ? .accent : .neutral,
              points: curve.points.map { .init(x: Double($0.images), y: $0.distance) })
          ]
        ).svg(
          description: "Fréchet distance of \(curve.name) by training images: "
            + curve.points.map { "\(NumberText.significant($0.distance)) at \($0.images)" }.joined(separator: ", ")))
    }
  }

  func html() throws -> PageSection {
    PageSection(
      anchor: "models", heading: "Models",
      body: try PageTemplate(name: "models", source: Self.source).render(self))
  }

  private static let source = """
    <div class="scroll" role="region" aria-label="Models by their distance" tabindex="0">
    <table class="runs">
    <caption>{{caption}}</caption>
    <thead><tr><th scope="col">Model - method</th><th scope="col" class="number">FD ↓</th><th scope="col" class="number">PRD ↑</th><th scope="col" class="number">recon. ↓</th></tr></thead>
    <tbody>
    {{#rows}}
    <tr{{#isNearest}} class="chosen"{{/isNearest}}><th scope="row">{{name}}{{#setting}}<small>{{setting}}</small>{{/setting}}</th><td class="number">{{#isNearest}}<b>{{distance}}</b>{{/isNearest}}{{^isNearest}}{{distance}}{{/isNearest}}{{#interval}}<small>{{interval}}</small>{{/interval}}</td><td class="number">{{#hasGreatestRecall}}<b>{{shares}}</b>{{/hasGreatestRecall}}{{^hasGreatestRecall}}{{shares}}{{/hasGreatestRecall}}</td><td class="number">{{reconstruction}}</td></tr>
    {{/rows}}
    </tbody>
    </table>
    </div>
    {{#hasCurves}}
    <h3>By training images</h3>
    <div class="columns">
    {{#charts}}
    <figure class="chart">
    <figcaption>{{name}}</figcaption>
    <p class="up-label">Fréchet distance</p>
    <div class="plot">{{{svg}}}</div>
    <p class="across-label">training images</p>
    </figure>
    {{/charts}}
    </div>
    {{/hasCurves}}
    <h3>Samples</h3>
    {{#strips}}
    <figure class="strip">
    {{#image}}\(EmbeddedPicture.source){{/image}}
    <figcaption><strong>{{name}}</strong></figcaption>
    </figure>
    {{/strips}}

    """
}
