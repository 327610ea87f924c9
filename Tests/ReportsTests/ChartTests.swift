import Figures
import Foundation
import Testing

@Suite struct ScaleTests {
  @Test func linearTicksAreRoundAndReachRound() {
    let scale = Scale.linear(covering: [0.3, 9.2])
    #expect(scale.ticks.map(\.value) == [0, 2, 4, 6, 8, 10])
    #expect(scale.ticks.map(\.label) == ["0", "2", "4", "6", "8", "10"])
    #expect(scale.fraction(of: 2.5) == 0.25)
    #expect(scale.fraction(of: .infinity) == nil)
  }

  @Test func linearAxisMayEndAtTheData() {
    let scale = Scale.linear(covering: [1, 500], reachesTicks: false)
    #expect(scale.fraction(of: 1) == 0)
    #expect(scale.fraction(of: 500) == 1)
    #expect(scale.ticks.map(\.label) == ["100", "200", "300", "400", "500"])
  }

  @Test(arguments: [
    [], [3.0], [0.0], [-2, -2], [.nan], [1e300, -1e300], [1e-12, 2e-12], [1.7e308, -1.7e308],
    [0, .leastNonzeroMagnitude],
    [1, 1 + 2e-16],
  ])
  func anyValuesGiveAnAxis(values: [Double]) {
    for scale in [Scale.linear(covering: values), .logarithmic(covering: values)] {
      #expect(scale.lower < scale.upper)
      #expect((1...40).contains(scale.ticks.count))
      for value in values
      where (value == 0 || (1e-100...1e100).contains(abs(value))) && (value > 0 || scale.kind == .linear) {
        #expect((-1e-9...1 + 1e-9).contains(scale.fraction(of: value) ?? -1), "\(value)")
      }
    }
  }

  @Test func logarithmicTicks() {
    let scale = Scale.logarithmic(covering: [12, 230])
    #expect(scale.ticks.map(\.label) == ["10", "20", "50", "100", "200", "500"])
    #expect(Scale.logarithmic(covering: [1e-4, 1]).fraction(of: 0.01) == 0.5)
    #expect(scale.fraction(of: 0) == nil)
    #expect(scale.fraction(of: -1) == nil)
  }
}

@Suite struct BarChartTests {
  let chart = BarChart(whisker: .standardDeviation, chance: 0.5)

  @Test func barWhiskerAndRunsLieAtTheirValues() {
    let page = ParsedPage(
      chart.bar(Score(mean: 0.8, standardDeviation: 0.05, values: [0.75, nil, 0.85]), isHighlighted: false))
    let bar = page.all("rect")[0].attributes
    #expect(bar["x"] == "0")
    #expect(bar["width"] == "80%")
    let lines = page.all("line").map(\.attributes)
    #expect(lines.filter { $0["class"] == "mean" }.map { $0["x1"] } == ["80%"])
    #expect(lines.filter { $0["class"] == "chance" }.map { $0["x1"] } == ["50%"])
    let whisker = lines.filter { $0["class"] == "whisker" }
    #expect(whisker.contains { $0["x1"] == "75%" && $0["x2"] == "85%" })
    #expect(page.all("circle").map { $0.attributes["cx"] } == ["75%", "85%"])
    #expect(
      page.all("svg")[0].attributes["aria-label"]
        == "80.0 %, standard deviation 5.0, 2 runs from 75.0 to 85.0")
  }

  @Test func intervalReplacesTheDeviation() {
    let score = Score(mean: 0.8, standardDeviation: 0.05, values: [], interval: 0.7...0.86)
    #expect(BarChart(whisker: .interval, chance: nil).whiskerSpan(score) == 0.7...0.86)
    #expect(chart.whiskerSpan(score) == 0.75...0.8500000000000001)
    #expect(chart.whiskerSpan(Score(mean: 0.8, standardDeviation: nil)) == nil)
  }

  @Test func nothingLeavesTheAxis() {
    let page = ParsedPage(chart.bar(Score(mean: 1.2, standardDeviation: 2, values: [-0.5, 1.5]), isHighlighted: true))
    let positions = page.elements.flatMap { element in
      ["x1", "x2", "cx", "width"].compactMap { element.attributes[$0] }
    }
    .compactMap { Double($0.dropLast($0.hasSuffix("%") ? 1 : 0)) }
    #expect(positions.count > 8)
    #expect(positions.allSatisfy { (0...100).contains($0) })
  }

  @Test func undefinedScoreHasNoBar() {
    let page = ParsedPage(chart.bar(Score(values: [nil, nil]), isHighlighted: false))
    #expect(page.all("rect").isEmpty)
    #expect(page.all("svg")[0].attributes["aria-label"] == "undefined")
  }
}

@Suite struct LineChartTests {
  let chart = LineChart(
    frame: PlotFrame(horizontal: .linear(covering: [0, 10]), vertical: .logarithmic(covering: [1, 100])), series: [])

  @Test func pathGoesThroughItsPoints() {
    let line = LineChart.Series(style: .accent, points: [.init(x: 0, y: 1), .init(x: 5, y: 10), .init(x: 10, y: 100)])
    #expect(chart.path(of: line) == "M0 1000L500 500L1000 0")
  }

  @Test func steppedPathHoldsItsValue() {
    let line = LineChart.Series(
      style: .neutral, points: [.init(x: 0, y: 100), .init(x: 4, y: 100), .init(x: 5, y: 10)], isStepped: true)
    #expect(chart.path(of: line) == "M0 0H400H500V500")
  }

  @Test func undrawablePointsLeaveGaps() {
    let points = [(0.0, Double.nan), (1, 1), (2, 0), (3, 10), (4, 10)].map { LineChart.Point(x: $0.0, y: $0.1) }
    #expect(chart.path(of: .init(style: .accent, points: points)) == "M100 1000M300 500L400 500")
  }

  @Test func gridLinesCarryTheirLabels() {
    let page = ParsedPage(chart.svg(description: "d"))
    let labels = page.all("text").map { "\($0.text) at \($0.attributes["x"] ?? ""), \($0.attributes["y"] ?? "")" }
    #expect(labels.contains("10 at -8, 50%"))
    #expect(labels.contains("4 at 40%, 100%"))
  }
}

@Suite struct HistogramTests {
  @Test func countsEveryValueOnceAndDrawsFromZero() {
    let histogram = Histogram(values: [0, 0.1, 0.25, 0.9, 1, 7, .nan, -1], upper: 1, bins: 4)
    #expect(histogram.counts == [2, 1, 0, 3])
    let bars = ParsedPage(histogram.svg(description: "d")).all("rect").map(\.attributes)
    #expect(bars.map { $0["x"] } == ["0%", "25%", "75%"])
    #expect(bars.map { $0["height"] } == ["50%", "25%", "75%"])
    #expect(bars.map { $0["y"] } == ["50%", "75%", "25%"])
  }
}

@Suite struct ScatterMapTests {
  static func map(_ points: [LatentMap.Point]) -> LatentMap {
    LatentMap(
      title: "t", horizontalLabel: "h", verticalLabel: "v", groups: [.init(name: "g", kind: .real, points: points)])
  }

  /// One unit must be as long across as up.
  @Test(arguments: [(4.0, 2.0), (10, 1), (1, 10), (3, 3)]) func unitsAreSquare(width: Double, height: Double) throws {
    let scatter = ScatterMap(Self.map([.init(x: 0, y: 0), .init(x: width, y: height)]))
    let marks = scatter.path(of: scatter.map.groups[0]).split(separator: "M").map { mark in
      mark.split(separator: "h")[0].split(separator: " ").compactMap { Double($0) }
    }
    try #require(marks.count == 2)
    let (across, up) = (marks[1][0] - marks[0][0], marks[0][1] - marks[1][1])
    #expect(abs(across / width - up / height) < 1e-3 * across / width)
    #expect((0.4...2.5).contains(scatter.aspectRatio))
  }

  @Test func pointsThatAreNotFiniteAreNotDrawn() {
    let scatter = ScatterMap(Self.map([.init(x: 0, y: 0), .init(x: .nan, y: 0), .init(x: 1, y: .infinity)]))
    #expect(scatter.path(of: scatter.map.groups[0]).filter { $0 == "M" }.count == 1)
  }

  @Test func groupsOfOneKindGetTheirOwnHue() {
    var map = Self.map([])
    let kinds: [LatentMap.Kind] = [.real, .real, .synthetic]
    map.groups = kinds.map { .init(name: "g", kind: $0, points: []) }
    let scatter = ScatterMap(map)
    #expect((0..<3).map { scatter.markClass(ofGroup: $0) } == ["mark-real hue-1", "mark-real hue-2", "mark-synthetic"])
  }
}
