import Figures

/// The scores on images of another place, and how these differ.
struct ExternalSection {
  private let heading: String
  private let summary: String
  private let answer: String
  private let explanation: String
  private let rows: [Row]
  private let places: [String]
  private let shift: [ShiftRow]
  private let sentences: [String]

  private struct Row {
    let method: String
    let within: String
    let cells: [ScoreCell]
  }

  private struct ShiftRow {
    let name: String
    let first: String
    let second: String
    let differs: Bool
  }

  init?(_ content: ReportContent) {
    guard let external = content.external else { return nil }
    heading = "On \(external.name)"
    (summary, answer, explanation) = (external.summary, external.answer, external.explanation)
    rows = external.rows.map {
      Row(
        method: $0.method, within: NumberText.percent($0.within),
        cells: [ScoreCell($0.balancedAccuracy), ScoreCell($0.rocArea)])
    }
    places = external.places
    shift = external.shift.map { ShiftRow(name: $0.name, first: $0.first, second: $0.second, differs: $0.differs) }
    sentences = external.sentences
  }

  func html() throws -> PageSection {
    PageSection(
      anchor: "external", heading: heading,
      body: try PageTemplate(name: "external", source: Self.source).render(self))
  }

  private static let source = """
    <p>{{summary}}.</p>
    <p>{{answer}}</p>
    <div class="scroll" role="region" aria-label="Scores on images of another place" tabindex="0">
    <table class="sampler">
    <caption>In percent: on the test images, and there</caption>
    <thead><tr><th scope="col">Method</th><th scope="col" class="number">Balanced accuracy within</th>\
    <th scope="col" class="number">Balanced accuracy there</th><th scope="col" class="number">ROC area there</th></tr></thead>
    <tbody>
    {{#rows}}
    <tr><th scope="row">{{method}}</th><td class="number">{{within}}</td>{{#cells}}<td class="number">\(ScoreCell.source)</td>{{/cells}}</tr>
    {{/rows}}
    </tbody>
    </table>
    </div>
    <p class="remark">{{explanation}}</p>
    <h3>How the images differ</h3>
    {{#sentences}}
    <p>{{.}}</p>
    {{/sentences}}
    <div class="scroll" role="region" aria-label="Differences between the places" tabindex="0">
    <table class="sampler">
    <caption>Of files and classes; what differs is marked</caption>
    <thead><tr><th scope="col">Property</th>{{#places}}<th scope="col">{{.}}</th>{{/places}}</tr></thead>
    <tbody>
    {{#shift}}
    <tr{{#differs}} class="chosen"{{/differs}}><th scope="row">{{name}}</th><td>{{first}}</td><td>{{second}}</td></tr>
    {{/shift}}
    </tbody>
    </table>
    </div>

    """
}
