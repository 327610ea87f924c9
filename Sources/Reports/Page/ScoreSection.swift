import Figures

/// The table of methods with their bars, and a table of precision, recall and F1 for each class.
struct ScoreSection {
  private let caption: String
  private let axis: String
  private let key: [KeyEntry]
  private let explanation: String?
  private let rows: [Row]
  private let classTables: [ClassTable]
  private let hasClassTables: Bool
  private let undefinedNote: String?
  private let ranking: RankingTable?
  private let runTable: RunTable?
  private let comparisons: [ComparisonBlock]

  private struct Row {
    let name: String
    let summary: String?
    let isHighlighted: Bool
    let score: ScoreCell
    let bar: String
  }

  private struct KeyEntry {
    let mark: String
    let meaning: String
  }

  private struct ClassTable {
    let className: String
    let classRows: [ClassRow]
  }

  private struct ClassRow {
    let name: String
    let isHighlighted: Bool
    let cells: [ScoreCell]
  }

  private struct RunTable {
    let methodNames: [String]
    let runs: [RunRow]
  }

  private struct RunRow {
    let name: String
    let values: [String]
  }

  init?(_ content: ReportContent) {
    guard let table = content.scores, !table.methods.isEmpty else { return nil }
    let headline = table.methods.map(\.balancedAccuracy)
    let classNames = table.classNames
    let runs = headline.map(\.values.count).max() ?? 0
    let whisker: BarChart.Whisker = headline.allSatisfy { $0.interval != nil } ? .interval : .standardDeviation
    let chart = BarChart(whisker: whisker, chance: classNames.count > 1 ? 1 / Double(classNames.count) : nil)

    let spread = headline.contains { $0.standardDeviation != nil } ? ", mean and standard deviation" : ""
    caption = "Balanced accuracy in percent on the test images\(spread)\(runs > 1 ? " over \(runs) runs" : "")"
    axis = chart.axis()
    explanation = table.explanation
    rows = table.methods.map { method in
      Row(
        name: method.name, summary: method.summary, isHighlighted: method.isHighlighted,
        score: ScoreCell(method.balancedAccuracy),
        bar: chart.bar(method.balancedAccuracy, isHighlighted: method.isHighlighted))
    }
    key = Self.key(for: chart, scores: headline, intervalMeaning: table.intervalMeaning)
    classTables = classNames.map { className in
      ClassTable(className: className, classRows: table.methods.map { Self.classRow($0, className: className) })
    }
    hasClassTables = !classTables.isEmpty
    let allCells = rows.map(\.score) + classTables.flatMap(\.classRows).flatMap(\.cells)
    undefinedNote =
      allCells.contains { $0.isPartlyUndefined }
      ? "A dash stands for an undefined value: a precision when no image was given that class, and the F1 that needs "
        + "it. Where only some runs define a score, its mean is over these and their number is given."
      : nil
    runTable = runs > 1 ? Self.runTable(table.methods, runs: runs, names: table.runNames) : nil
    comparisons = table.comparisons.map(ComparisonBlock.init)
    ranking = RankingTable(table)
  }

  func html() throws -> PageSection {
    PageSection(
      anchor: "scores", heading: "Scores",
      body: try PageTemplate(name: "scores", source: Self.source).render(self))
  }

  private static func key(for chart: BarChart, scores: [Score], intervalMeaning: String) -> [KeyEntry] {
    var key = [KeyEntry(mark: "key-bar", meaning: "mean")]
    if scores.contains(where: { chart.whiskerSpan($0) != nil }) {
      let meaning = chart.whisker == .interval ? intervalMeaning : "one standard deviation either way"
      key.append(KeyEntry(mark: "key-whisker", meaning: meaning))
    }
    if scores.contains(where: { !$0.definedValues.isEmpty }) {
      key.append(KeyEntry(mark: "key-run", meaning: "one run"))
    }
    if let chance = chart.chance {
      key.append(KeyEntry(mark: "key-chance", meaning: "guessing, \(NumberText.significant(chance * 100)) %"))
    }
    return key
  }

  private static func classRow(_ method: MethodScores, className: String) -> ClassRow {
    let scores = method.classes.first { $0.className == className }
    let missing = Score(mean: nil, standardDeviation: nil)
    return ClassRow(
      name: method.name, isHighlighted: method.isHighlighted,
      cells: [scores?.f1, scores?.precision, scores?.recall].map { ScoreCell($0 ?? missing) })
  }

  private static func runTable(_ methods: [MethodScores], runs: Int, names: [String]) -> RunTable {
    let rows = (0..<runs).map { run in
      RunRow(
        name: run < names.count ? names[run] : "\(run + 1)",
        values: methods.map { method in
          let values = method.balancedAccuracy.values
          return NumberText.percent(run < values.count ? values[run] : nil)
        })
    }
    return RunTable(methodNames: methods.map(\.name), runs: rows)
  }

  private static let source = """
    <table class="scores">
    <caption>{{caption}}</caption>
    <thead><tr><th scope="col">Method</th><th scope="col" class="number">%</th><th scope="col">{{{axis}}}</th></tr></thead>
    <tbody>
    {{#rows}}
    <tr{{#isHighlighted}} class="chosen"{{/isHighlighted}}><th scope="row">{{name}}{{#summary}}<small>{{summary}}</small>{{/summary}}</th><td class="number">{{#score}}\(ScoreCell.source){{/score}}</td><td class="bars">{{{bar}}}</td></tr>
    {{/rows}}
    </tbody>
    </table>
    <ul class="key">
    {{#key}}
    <li><span class="{{mark}}" aria-hidden="true"></span>{{meaning}}</li>
    {{/key}}
    </ul>
    {{#explanation}}
    <p class="remark">{{explanation}}</p>
    {{/explanation}}
    {{#comparisons}}
    \(ComparisonBlock.source)
    {{/comparisons}}
    {{#ranking}}
    \(RankingTable.source)
    {{/ranking}}
    {{#hasClassTables}}
    <h3>Class by class</h3>
    <div class="columns">
    {{#classTables}}
    <table class="classes">
    <caption>{{className}}, in percent</caption>
    <thead><tr><th scope="col">Method</th><th scope="col" class="number">F1</th><th scope="col" class="number">Precision</th><th scope="col" class="number">Recall</th></tr></thead>
    <tbody>
    {{#classRows}}
    <tr{{#isHighlighted}} class="chosen"{{/isHighlighted}}><th scope="row">{{name}}</th>{{#cells}}<td class="number">\(ScoreCell.source)</td>{{/cells}}</tr>
    {{/classRows}}
    </tbody>
    </table>
    {{/classTables}}
    </div>
    {{/hasClassTables}}
    {{#undefinedNote}}
    <p class="remark">{{undefinedNote}}</p>
    {{/undefinedNote}}
    {{#runTable}}
    <details>
    <summary>Every run</summary>
    <div class="scroll" role="region" aria-label="Balanced accuracy of every run" tabindex="0">
    <table class="runs">
    <caption>Balanced accuracy in percent</caption>
    <thead><tr><th scope="col">Run</th>{{#methodNames}}<th scope="col" class="number">{{.}}</th>{{/methodNames}}</tr></thead>
    <tbody>
    {{#runs}}
    <tr><th scope="row">{{name}}</th>{{#values}}<td class="number">{{.}}</td>{{/values}}</tr>
    {{/runs}}
    </tbody>
    </table>
    </div>
    </details>
    {{/runTable}}

    """
}

/// A mean with its spread, as a cell of a table.
struct ScoreCell {
  let mean: String
  let spread: String?
  let interval: String?
  let runs: String?
  let isUndefined: Bool
  let isPartlyUndefined: Bool

  init(_ score: Score) {
    let mean = score.mean.flatMap { $0.isFinite ? $0 : nil }
    let defined = score.definedValues.count
    isUndefined = mean == nil
    isPartlyUndefined = mean == nil || defined < score.values.count
    self.mean = NumberText.percent(mean)
    let deviation = score.standardDeviation.flatMap { $0.isFinite ? $0 : nil }
    spread = mean == nil ? nil : deviation.map { "±\u{202F}\(NumberText.percent($0))" }
    interval = score.interval.map { "\(NumberText.percent($0.lowerBound)) to \(NumberText.percent($0.upperBound))" }
    runs = mean != nil && defined < score.values.count ? "\(defined) of \(score.values.count) runs" : nil
  }

  static let source =
    "{{#isUndefined}}<span aria-hidden=\"true\">{{mean}}</span><span class=\"unseen\">undefined</span>{{/isUndefined}}"
    + "{{^isUndefined}}<b>{{mean}}</b>{{/isUndefined}}{{#spread}} <span class=\"spread\">{{spread}}</span>{{/spread}}"
    + "{{#interval}}<small>{{interval}}</small>{{/interval}}{{#runs}}<small>{{runs}}</small>{{/runs}}"
}
