import Figures
import Foundation

/// Leak check and crowding, method by method.
struct QualitySection {
  private let methods: [MethodView]

  private struct MethodView {
    let method: String
    let verdict: String?
    let overSplits: String
    let hasAreas: Bool
    let columns: [String]
    let rows: [Row]
    let hasCrowding: Bool
    let crowding: [Row]
  }

  private struct Row {
    let name: String
    let cells: [RangedCell]
  }

  init?(_ content: ReportContent) {
    guard !content.quality.isEmpty else { return nil }
    methods = content.quality.map { figures in
      let splits = [figures] + figures.otherSplits
      return MethodView(
        method: figures.method, verdict: Self.verdict(splits), overSplits: RangedCell.meaning(splits: splits.count),
        hasAreas: !figures.areas.isEmpty, columns: figures.columns, rows: Self.areas(splits),
        hasCrowding: !figures.crowding.isEmpty, crowding: Self.crowding(splits))
    }
  }

  /// In how many splits there is a leak, and the verdict of the first of these; that of the first split if there is none.
  private static func verdict(_ splits: [QualityFigures]) -> String? {
    guard splits.count > 1 else { return splits[0].verdict }
    let leaks = splits.count(where: \.isLeak)
    let shown = splits.firstIndex(where: \.isLeak) ?? 0
    guard let verdict = splits[shown].verdict else { return nil }
    return "A leak in \(leaks) of \(splits.count) splits. Split \(shown + 1): \(verdict)"
  }

  private static func areas(_ splits: [QualityFigures]) -> [Row] {
    splits[0].areas.map { row in
      // A split whose images could not be checked has no such row.
      let same = splits.compactMap { split in split.areas.first { $0.statistic == row.statistic }?.values }
      return Row(
        name: row.statistic,
        cells: row.values.indices.map { column in
          RangedCell(same.map { column < $0.count ? $0[column] : nil }) { String(format: "%.2f", $0) }
        })
    }
  }

  private static func crowding(_ splits: [QualityFigures]) -> [Row] {
    splits[0].crowding.map { crowd in
      let same = splits.compactMap { split in split.crowding.first { $0.className == crowd.className } }
      func count(_ value: (QualityFigures.Crowd) -> Int) -> RangedCell {
        RangedCell(same.map { Double(value($0)) }) { NumberText.fixed($0, decimals: $0 == $0.rounded() ? 0 : 1) }
      }
      func amount(_ value: (QualityFigures.Crowd) -> Double) -> RangedCell {
        RangedCell(same.map(value)) { String(format: "%.1f", $0) }
      }
      return Row(
        name: crowd.className,
        cells: [
          count(\.generated), count(\.training), count(\.differentByCode), amount(\.effectiveByCode),
          count(\.differentByPixels), amount(\.effectiveByPixels),
        ])
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
    <caption>Areas under the ROC curve{{overSplits}}</caption>
    <thead><tr><th scope="col">Statistic</th>{{#columns}}<th scope="col" class="number">{{.}}</th>{{/columns}}</tr></thead>
    <tbody>
    {{#rows}}
    <tr><th scope="row">{{name}}</th>{{#cells}}\(RangedCell.source){{/cells}}</tr>
    {{/rows}}
    </tbody>
    </table>
    </div>
    {{/hasAreas}}
    {{#hasCrowding}}
    <div class="scroll" role="region" aria-label="Training images behind those of {{method}}" tabindex="0">
    <table class="sampler">
    <caption>Training images that are nearest to some generated image, and how many evenly used ones would be as varied{{overSplits}}</caption>
    <thead><tr><th scope="col">Class</th><th scope="col" class="number">Generated</th><th scope="col" \
    class="number">Training images</th><th scope="col" class="number">Nearest by code</th><th scope="col" \
    class="number">as varied as</th><th scope="col" class="number">Nearest by pixels</th><th scope="col" \
    class="number">as varied as</th></tr></thead>
    <tbody>
    {{#crowding}}
    <tr><th scope="row">{{name}}</th>{{#cells}}\(RangedCell.source){{/cells}}</tr>
    {{/crowding}}
    </tbody>
    </table>
    </div>
    {{/hasCrowding}}
    {{/methods}}

    """
}
