import Foundation

/// Leak check and crowding, method by method.
struct QualitySection {
  private let methods: [MethodView]

  private struct MethodView {
    let method: String
    let verdict: String?
    let hasAreas: Bool
    let columns: [String]
    let rows: [Row]
    let hasCrowding: Bool
    let crowding: [Row]
  }

  private struct Row {
    let name: String
    let cells: [String]
  }

  init?(_ content: ReportContent) {
    guard !content.quality.isEmpty else { return nil }
    methods = content.quality.map { figures in
      MethodView(
        method: figures.method, verdict: figures.verdict, hasAreas: !figures.areas.isEmpty, columns: figures.columns,
        rows: figures.areas.map { row in
          Row(
            name: row.statistic,
            cells: row.values.map { $0.isFinite ? String(format: "%.2f", $0) : NumberText.undefined })
        },
        hasCrowding: !figures.crowding.isEmpty,
        crowding: figures.crowding.map { crowd in
          Row(
            name: crowd.className,
            cells: [
              "\(crowd.generated)", "\(crowd.training)", "\(crowd.differentByCode)",
              String(format: "%.1f", crowd.effectiveByCode), "\(crowd.differentByPixels)",
              String(format: "%.1f", crowd.effectiveByPixels),
            ])
        })
    }
  }

  func html() throws -> PageSection {
    PageSection(
      anchor: "quality", heading: "What the images give away",
      body: try PageTemplate(name: "quality", source: Self.source).render(self))
  }

  private static let source = """
    <p class="remark">How well one number of an image tells two sets apart, as an area under the ROC curve: 0.5 is \
    guessing, 1 is certain. Where generated classes are told apart better than real ones, a classifier can learn how the \
    images were made in place of what they show. The last row is a logistic regression on all of them, on images left \
    out of its fit.</p>
    {{#methods}}
    <h3>{{method}}</h3>
    {{#verdict}}
    <p>{{verdict}}</p>
    {{/verdict}}
    {{#hasAreas}}
    <div class="scroll" role="region" aria-label="Areas under the ROC curve for {{method}}" tabindex="0">
    <table class="sampler">
    <caption>Areas under the ROC curve</caption>
    <thead><tr><th scope="col">Statistic</th>{{#columns}}<th scope="col" class="number">{{.}}</th>{{/columns}}</tr></thead>
    <tbody>
    {{#rows}}
    <tr><th scope="row">{{name}}</th>{{#cells}}<td class="number">{{.}}</td>{{/cells}}</tr>
    {{/rows}}
    </tbody>
    </table>
    </div>
    {{/hasAreas}}
    {{#hasCrowding}}
    <div class="scroll" role="region" aria-label="Training images behind those of {{method}}" tabindex="0">
    <table class="sampler">
    <caption>Training images that are nearest to some generated image, and how many evenly used ones would be as varied</caption>
    <thead><tr><th scope="col">Class</th><th scope="col" class="number">Generated</th><th scope="col" \
    class="number">Training images</th><th scope="col" class="number">Nearest by code</th><th scope="col" \
    class="number">as varied as</th><th scope="col" class="number">Nearest by pixels</th><th scope="col" \
    class="number">as varied as</th></tr></thead>
    <tbody>
    {{#crowding}}
    <tr><th scope="row">{{name}}</th>{{#cells}}<td class="number">{{.}}</td>{{/cells}}</tr>
    {{/crowding}}
    </tbody>
    </table>
    </div>
    {{/hasCrowding}}
    {{/methods}}

    """
}
