import Figures
import Foundation

/// How like real images the synthetic ones are: a table for each space of features and each set of real images.
struct FidelitySection {
  private let shown: [TableView]
  private let hasFolded: Bool
  private let folded: [TableView]

  private struct TableView {
    let title: String
    let rows: [RowView]
    let hasFindings: Bool
    let findings: [String]
    let hasCautions: Bool
    let cautions: [String]
  }

  private struct RowView {
    let name: String
    let className: String
    let cells: [String]
  }

  init?(_ content: ReportContent) {
    guard !content.fidelity.isEmpty else { return nil }
    shown = content.fidelity.filter { !$0.isFolded }.map(Self.view)
    folded = content.fidelity.filter(\.isFolded).map(Self.view)
    hasFolded = !folded.isEmpty
  }

  func html() throws -> PageSection {
    PageSection(
      anchor: "fidelity", heading: "Likeness and variety",
      body: try PageTemplate(name: "fidelity", source: Self.source).render(self))
  }

  private static func view(_ table: FidelityTable) -> TableView {
    TableView(
      title: table.title,
      rows: table.rows.map { row in
        let shares = [row.precision, row.recall, row.density, row.coverage, row.curvePrecision, row.curveRecall]
        return RowView(
          name: row.name, className: row.className,
          cells: ["\(row.images)"]
            + shares.map { share in
              share.flatMap { $0.isFinite ? NumberText.fixed($0, decimals: 2) : nil } ?? NumberText.undefined
            }
            + [NumberText.significant(row.frechetDistance), NumberText.significant(row.kernelDistance)])
      },
      hasFindings: !table.findings.isEmpty, findings: table.findings, hasCautions: !table.cautions.isEmpty,
      cautions: table.cautions)
  }

  private static let tableSource = """
    <h3>{{title}}</h3>
    {{#hasFindings}}
    <ul class="notes">
    {{#findings}}
    <li>{{.}}</li>
    {{/findings}}
    </ul>
    {{/hasFindings}}
    <div class="scroll" role="region" aria-label="Table: {{title}}" tabindex="0">
    <table class="sampler wide">
    <caption>Against the real images, by class and method</caption>
    <thead><tr><th scope="col">Images</th><th scope="col" class="number">How many</th>\
    <th scope="col" class="number">Precision</th><th scope="col" class="number">Recall</th>\
    <th scope="col" class="number">Density</th><th scope="col" class="number">Coverage</th>\
    <th scope="col" class="number">Curve, precision</th><th scope="col" class="number">Curve, recall</th>\
    <th scope="col" class="number">Fréchet</th><th scope="col" class="number">Kernel</th></tr></thead>
    <tbody>
    {{#rows}}
    <tr><th scope="row">{{name}}<small>{{className}}</small></th>{{#cells}}<td class="number">{{.}}</td>{{/cells}}</tr>
    {{/rows}}
    </tbody>
    </table>
    </div>
    {{#hasCautions}}
    <ul class="notes">
    {{#cautions}}
    <li><small>{{.}}</small></li>
    {{/cautions}}
    </ul>
    {{/hasCautions}}

    """

  private static let source = """
    <p class="remark">Precision: the share of images that lie where real ones do (are they believable?). Recall: the share \
    of real images that lie where these do (is anyone missing?). Density and coverage ask the same and are less moved by \
    single odd images; density is about 1 for sets that are alike. The curve's two figures compare how often each kind of \
    image occurs. Fréchet and kernel distance (KID) are 0 for sets that are alike. In small sets the Fréchet distance is too \
    large by chance, and by far with fewer images than features: read it beside the row of real images, of which as many \
    are compared. The kernel distance has no such bias, and may fall below 0. The row of real images is what other people's \
    images come to; a method can hardly do better, but by copying.</p>
    {{#shown}}
    \(tableSource){{/shown}}
    {{#hasFolded}}
    <details>
    <summary>Against the training images, which the models have seen</summary>
    {{#folded}}
    \(tableSource){{/folded}}
    </details>
    {{/hasFolded}}

    """
}
