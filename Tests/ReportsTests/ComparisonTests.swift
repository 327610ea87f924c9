import Figures
import Reports
import Testing

@Suite struct ComparisonTests {
  @Test func differencesLieAtTheirValues() {
    let rows = [
      ComparisonTable.Row(method: "a", difference: 0.05, interval: -0.05...0.1, pValue: 0.2),
      ComparisonTable.Row(method: "b", difference: -0.1, interval: nil, pValue: nil, isHighlighted: true),
      ComparisonTable.Row(method: "c", difference: nil, interval: nil, pValue: nil),
    ]
    let chart = DifferenceChart(rows)
    #expect(chart.scale.lower == -10 && chart.scale.upper == 10)
    let first = ParsedPage(chart.mark(rows[0]))
    #expect(first.all("circle").map { $0.attributes["cx"] } == ["75%"])
    let lines = first.all("line").map(\.attributes)
    #expect(lines.filter { $0["class"] == "chance" }.map { $0["x1"] } == ["50%"])
    #expect(lines.contains { $0["class"] == "whisker" && $0["x1"] == "25%" && $0["x2"] == "100%" })
    #expect(first.all("svg")[0].attributes["aria-label"] == "5.0 points, 95 % interval −5.0 to 10.0")
    let second = ParsedPage(chart.mark(rows[1]))
    #expect(second.all("circle").map { $0.attributes["cx"] } == ["0%"] && second.all("line").count == 1)
    let third = ParsedPage(chart.mark(rows[2]))
    #expect(third.all("circle").isEmpty && third.all("svg")[0].attributes["aria-label"] == "undefined")
    #expect(ParsedPage(chart.axis()).all("text").map(\.text).contains("−10"))
  }

  @Test func pageShowsGainsAndWhatIsUndefined() throws {
    let page = ParsedPage(try HTMLReport.render(SampleContent.make()))
    #expect(page.problem == nil)
    #expect(page.all("h3").contains { $0.text == "Against original-resampled" })
    let texts = (page.all("b") + page.all("td") + page.all("small")).map(\.text)
    for text in ["+3.1", "−5.2", "0.8 to 5.4", "0.012", "< 0.001", "–"] { #expect(texts.contains(text), "\(text)") }
    #expect(page.all("p").contains { $0.attributes["class"] == "details" })
  }

  @Test func bandsLieAboutTheirLines() throws {
    let line = SweepCurve.Line(
      name: "manifold", isHighlighted: true,
      points: [
        .init(value: 10, mean: 0.5, interval: 0.4...0.6), .init(value: 100, mean: 0.75, interval: 0.5...1),
        .init(value: 1000, mean: 0.8, interval: nil),
      ])
    let frame = PlotFrame(
      horizontal: .logarithmic(covering: [10, 1000]), vertical: .linear(covering: [0, 100]))
    let page = ParsedPage(BandChart(frame: frame).svg(line, description: "d"))
    let paths = page.all("path").map(\.attributes)
    #expect(paths.map { $0["class"] } == ["band accent", "accent"])
    #expect(paths[0]["d"] == "M0 400L500 0L500 500L0 600Z")
    #expect(paths[1]["d"] == "M0 500L500 250L1000 200")
    #expect(page.all("circle").map { $0.attributes["cy"] } == ["50%", "25%", "20%"])
    let content = ReportContent(
      title: "t", answer: "a", sweep: SweepCurve(axis: "images", lines: [line], explanation: "e"))
    let whole = ParsedPage(try HTMLReport.render(content))
    #expect(whole.problem == nil)
    #expect(whole.all("h2").contains { $0.text == "How much is enough" })
    #expect(whole.all("td").count == 3 && whole.all("small").map(\.text).contains("50.0 to 100.0"))
  }
}
