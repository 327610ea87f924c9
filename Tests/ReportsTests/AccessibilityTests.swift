import Figures
import Foundation
import Reports
import Testing

@Suite struct AccessibilityTests {
  /// Every section there is, several splits included.
  static func everything() -> ReportContent {
    var content = SampleContent.make()
    let values = [50.0, 100, 200]
    content.sweep = SweepCurve(
      axis: "synthetic images of each class",
      lines: ["original", "manifold"].map { name in
        SweepCurve.Line(
          name: name, isHighlighted: name == "manifold",
          points: values.map { .init(value: $0, mean: 0.7, interval: 0.6...0.8) })
      }, explanation: "Bands are 95 % intervals.")
    content.interpolations = [
      InterpolationStrips(
        title: "AD: a to b",
        strips: ["affine", "geodesic"].map { name in
          .init(name: name, meaning: "the shortest way", pictures: (0..<4).map { SampleContent.picture($0) })
        })
    ]
    content.models = ModelTableTests.table()
    content.quality = ["gmm", "manifold"].map { SplitsReportTests.quality($0, areas: [0.9, 0.7, 0.8]) }
    for index in content.samplers.indices { content.samplers[index].otherSplits = [content.samplers[index]] }
    return content
  }

  @Test func everySectionKeepsTheRules() throws {
    let content = Self.everything()
    let html = try HTMLReport.render(content)
    let page = ParsedPage(html)
    #expect(page.all("section").count == 14)
    #expect(AccessibilityRules.problems(in: page) == [])
    #expect(AccessibilityRules.problems(in: ParsedPage(try HTMLReport.render(HTMLReportTests.hostileContent()))) == [])
    // What is left when a section goes keeps them, too.
    var bare = content
    (bare.scores, bare.pictures, bare.warnings) = (nil, [], [])
    #expect(AccessibilityRules.problems(in: ParsedPage(try HTMLReport.render(bare))) == [])
  }

  /// The rules find what is wrong: each change to the page breaks one.
  @Test(arguments: [
    ("<html lang=\"en\">", "<html>", "html-has-lang"),
    ("initial-scale=1", "initial-scale=1, maximum-scale=1", "meta-viewport"),
    ("<h1>", "<h1>Another</h1><h1>", "page-has-heading-one"), ("<h3>", "<h5>", "heading-order"),
    ("id=\"pictures\"", "id=\"scores\"", "duplicate-id"), ("href=\"#content\"", "href=\"#top\"", "skip-link"),
    ("<main id=\"content\" tabindex=\"-1\">", "<p>Loose.</p><main id=\"content\" tabindex=\"-1\">", "region"),
    ("<nav aria-label=\"Sections\">", "<nav>", "aria-label"),
    ("for gmm\" tabindex", "for manifold\" tabindex", "landmark-unique"),
    ("<figcaption>", "<p>", "a figure without a caption"),
    ("<thead><tr><th scope=\"col\">Method</th>", "<thead><tr><th scope=\"col\"></th>", "empty-table-header"),
    ("<tr><th scope=\"row\">", "<tr><th>", "scope-attr-valid"), ("tabindex=\"-1\"", "tabindex=\"1\"", "tabindex"),
    ("<pre role=\"group\" tabindex=\"0\"", "<pre role=\"group\"", "scrollable-region-focusable"),
    ("<summary>Versions</summary>", "<summary> </summary>", "summary-name"),
  ])
  func aBrokenPageIsFound(part: String, replacement: String, rule: String) throws {
    let html = try HTMLReport.render(Self.everything())
    try #require(html.contains(part))
    var broken = html
    let range = try #require(broken.range(of: part))
    broken.replaceSubrange(range, with: replacement)
    // Where an opening tag changed, its end has to follow.
    for (open, name) in [("<h3>", "h"), ("<figcaption>", "figcaption")] where part == open {
      let closing = name == "h" ? ("</h3>", "</h5>") : ("</figcaption>", "</p>")
      let end = try #require(broken.range(of: closing.0, range: range.lowerBound..<broken.endIndex))
      broken.replaceSubrange(end, with: closing.1)
    }
    let problems = AccessibilityRules.problems(in: ParsedPage(broken))
    #expect(problems.contains { $0.hasPrefix(rule) }, "\(problems)")
  }

  /// Labels, captions and alternatives are missed wherever they are taken away.
  @Test(arguments: [
    ("<caption>[^<]*</caption>", "", "a table without a caption"), (" alt=\"[^\"]*\"", "", "image-alt"),
    (" role=\"img\"", "", "svg-img-alt"), ("<td class=\"bars\">.*?</td>", "", "td-headers-attr"),
    (" scope=\"col\"", "", "td-has-header"),
  ])
  func whatIsTakenAwayIsMissed(pattern: String, replacement: String, rule: String) throws {
    let html = try HTMLReport.render(Self.everything())
    let broken = html.replacingOccurrences(of: pattern, with: replacement, options: .regularExpression)
    try #require(broken != html)
    let problems = AccessibilityRules.problems(in: ParsedPage(broken))
    #expect(problems.contains { $0.hasPrefix(rule) }, "\(problems)")
  }

  @Test(arguments: [StyleSheet.lightColours, StyleSheet.darkColours])
  func everyPairOfTextAndGroundIsLegible(declarations: String) {
    let rules = StyleRules(StyleSheet.text)
    #expect(rules.unclear == [])
    #expect(rules.text.isSuperset(of: ["--ink", "--muted", "--accent"]) && rules.ground == ["--paper", "--raised"])
    #expect(rules.tooFaint(in: declarations) == [])
    // A colour for lines is too faint for text, and is found to be.
    let faint = StyleRules(StyleSheet.text + " .new { color: var(--line); }")
    #expect(faint.tooFaint(in: declarations).contains { $0.hasPrefix("--line on --paper") })
    #expect(StyleRules(StyleSheet.text + " .new { color: #777; }").unclear.count == 1)
  }

  /// Labels over the marks of a comparison keep apart on the narrowest page, and zero is among them.
  @Test(arguments: [
    (-0.05, 0.1), (-0.123, 0.124), (0.001, 0.004), (-0.5, 0.45), (-0.9, -0.2), (0, 0.071), (-0.0012, 0.03),
  ])
  func labelsOfAComparisonDoNotTouch(low: Double, high: Double) {
    let chart = DifferenceChart([.init(method: "a", difference: (low + high) / 2, interval: low...high, pValue: nil)])
    let labels = chart.scale.ticks.map {
      TickLabels.Label(text: $0.label, fraction: chart.scale.fraction(of: $0.value)!)
    }
    let shown = ParsedPage(chart.axis()).all("text").filter { $0.attributes["class"] != "spare" }.map(\.text)
    let kept = labels.filter { shown.contains($0.text) }
    #expect(kept.count >= 2 && kept.contains { Double($0.text) == 0 }, "\(shown)")
    let extents = kept.map { $0.extent(width: DifferenceChart.narrowWidth) }
    for (one, next) in zip(extents, extents.dropFirst()) { #expect(one.upperBound < next.lowerBound, "\(shown)") }
  }
}
