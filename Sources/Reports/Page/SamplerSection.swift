import Figures

/// What the latent sampler did: a table of figures, how far chains moved, how the log density went.
struct SamplerSection {
  private let classNames: [String]
  private let caption: String
  private let rows: [Row]
  private let charts: [ChartView]
  private let hasCharts: Bool

  private struct Row {
    let label: String
    let meaning: String
    let cells: [RangedCell]
  }

  private struct ChartView {
    let chartTitle: String
    let upLabel: String
    let acrossLabel: String
    let chart: String
  }

  init?(_ content: ReportContent) {
    let samplers = content.samplers
    guard !samplers.isEmpty else { return nil }
    classNames = samplers.map(\.className)
    let splits = 1 + (samplers.map(\.otherSplits.count).max() ?? 0)
    caption =
      "How the chains that made the synthetic images moved in latent space" + RangedCell.meaning(splits: splits)
    rows = Self.rows(samplers)
    let furthest = samplers.flatMap(\.relativeDisplacements).max() ?? 0
    let densityFrame = Self.densityFrame(samplers)
    charts = samplers.flatMap { figures in
      [Self.displacementChart(figures, furthest: furthest), Self.densityChart(figures, frame: densityFrame)]
        .compactMap { $0 }
    }
    hasCharts = !charts.isEmpty
  }

  func html() throws -> PageSection {
    PageSection(
      anchor: "sampler", heading: "Sampler",
      body: try PageTemplate(name: "sampler", source: Self.source).render(self))
  }

  private static func rows(_ samplers: [SamplerFigures]) -> [Row] {
    func row(
      _ label: String, _ meaning: String, _ value: (SamplerFigures) -> Double?, _ text: (Double) -> String
    ) -> Row? {
      let values = samplers.map { figures in
        ([figures] + figures.otherSplits).map { value($0).flatMap { $0.isFinite ? $0 : nil } }
      }
      guard values.contains(where: { $0.contains { $0 != nil } }) else { return nil }
      return Row(label: label, meaning: meaning, cells: values.map { RangedCell($0, text) })
    }
    /// A figure of the longer chains: where they were run and none moved, it cannot be told.
    func diagnosed(
      _ label: String, _ meaning: String, _ value: (SamplerFigures.Diagnosis) -> Double?, _ text: (Double) -> String
    ) -> Row? {
      guard samplers.contains(where: { $0.diagnosis != nil }) else { return nil }
      let cells = samplers.map { figures -> RangedCell in
        let found = ([figures] + figures.otherSplits).compactMap(\.diagnosis)
        let values = found.map(value)
        guard !found.isEmpty, values.allSatisfy({ $0 == nil }) else { return RangedCell(values, text) }
        return RangedCell("cannot be told")
      }
      return Row(label: label, meaning: meaning, cells: cells)
    }
    let percent = { (value: Double) in NumberText.percent(value) + " %" }
    let plain = { (value: Double) in NumberText.significant(value) }
    let modes = samplers.map(\.mode)
    let names = modes.map { RangedCell($0 ?? NumberText.undefined) }
    let mode =
      modes.contains { $0 != nil } ? Row(label: "Mode", meaning: "how the chains are run", cells: names) : nil
    return [
      mode,
      row("Acceptance", "share of proposals accepted, mean over chains", { $0.acceptance }, percent),
      row(
        "Displacement / ρ", "distance from a chain's first to its last point, median over chains",
        { $0.medianRelativeDisplacement }, plain),
      row(
        "Changed centroid", "share of chains that end nearest to another centroid than they began at",
        { $0.changedCentroidShare }, percent),
      row(
        "|z| / data radius", "median distance of the chains' ends from the origin over the farthest centroid's",
        { $0.radiusRatio }, plain),
      row("Divergences", "transitions that the integrator lost", { $0.divergences.map(Double.init) }, plain),
      diagnosed("R-hat", "agreement of longer chains, worst coordinate; should be below 1.01", { $0.rHat }) {
        String(format: "%.3f", $0)
      },
      diagnosed(
        "Effective samples, bulk", "what their draws are worth; should be 400 or more", { $0.bulkEffectiveSamples },
        plain),
      diagnosed(
        "Effective samples, tails", "the same for the tails; should be 400 or more", { $0.tailEffectiveSamples }, plain),
      diagnosed(
        "E-BFMI", "how freely chains change their energy; should be 0.3 or more", { $0.energyFraction }, plain),
      row("Steps", "transitions of each chain", { $0.steps.map(Double.init) }, plain),
      row("Leapfrog steps", "in one transition, on average", { $0.leapfrogSteps.map(Double.init) }, plain),
      row("Step size", "length of a leapfrog step", { $0.stepSize }, plain),
      row("Chains", "one for each synthetic image", { $0.chains.map(Double.init) }, plain),
      row("Centroids", "training images that carry the metric", { $0.centroids.map(Double.init) }, plain),
      row("ρ", "length scale of the metric, in latent units", { $0.rho }, plain),
      row("λ", "floor of the metric", { $0.lambda }, plain),
      row("τ", "decay of the floor away from the origin", { $0.tau }, plain),
      row("Log density at the start", "mean over chains, up to a constant", { $0.logDensities.first }, plain),
      row(
        "Log density at the end", "mean over chains, up to the same constant",
        { $0.logDensities.count > 1 ? $0.logDensities.last : nil }, plain),
    ].compactMap { $0 }
  }

  private static func displacementChart(_ figures: SamplerFigures, furthest: Double) -> ChartView? {
    let values = figures.relativeDisplacements
    guard let median = figures.medianRelativeDisplacement, values.count > 1 else { return nil }
    let upper = Scale.linear(covering: [0, max(furthest, 1e-6)]).upper
    return ChartView(
      chartTitle: "\(figures.className): how far chains moved" + place(figures), upLabel: "Chains",
      acrossLabel: "Displacement / ρ",
      chart: Histogram(values: values, upper: upper, bins: 24).svg(
        description: "Histogram of the displacement of \(values.count) chains of \(figures.className) in units of rho: "
          + "from \(NumberText.significant(values.first)) to \(NumberText.significant(values.last)), "
          + "median \(NumberText.significant(median))"))
  }

  /// Which split a chart is of, where there are several.
  private static func place(_ figures: SamplerFigures) -> String {
    figures.otherSplits.isEmpty ? "" : ", split 1"
  }

  private static func densityFrame(_ samplers: [SamplerFigures]) -> PlotFrame {
    let steps = samplers.map(\.logDensities.count).max() ?? 0
    return PlotFrame(
      horizontal: .linear(covering: [0, Double(max(1, steps - 1))], reachesTicks: false),
      vertical: .linear(covering: samplers.flatMap(\.logDensities)))
  }

  private static func densityChart(_ figures: SamplerFigures, frame: PlotFrame) -> ChartView? {
    guard figures.logDensities.count > 2 else { return nil }
    let points = figures.logDensities.enumerated().map { LineChart.Point(x: Double($0.offset), y: $0.element) }
    let chart = LineChart(frame: frame, series: [.init(style: .accent, points: points)])
    return ChartView(
      chartTitle: "\(figures.className): log density" + place(figures), upLabel: "Mean log density",
      acrossLabel: "Step",
      chart: chart.svg(
        description: "Mean log density of the chains of \(figures.className) over \(points.count - 1) steps, from "
          + "\(NumberText.significant(points.first?.y)) to \(NumberText.significant(points.last?.y))",
        sizeClass: "plot-low"))
  }

  private static let source = """
    <div class="scroll" role="region" aria-label="Figures of the sampler" tabindex="0">
    <table class="sampler">
    <caption>{{caption}}</caption>
    <thead><tr><th scope="col">Figure</th>{{#classNames}}<th scope="col" class="number">{{.}}</th>{{/classNames}}</tr></thead>
    <tbody>
    {{#rows}}
    <tr><th scope="row">{{label}}<small>{{meaning}}</small></th>{{#cells}}\(RangedCell.source){{/cells}}</tr>
    {{/rows}}
    </tbody>
    </table>
    </div>
    {{#hasCharts}}
    <div class="columns">
    {{#charts}}
    <figure class="chart">
    <figcaption>{{chartTitle}}</figcaption>
    <p class="up-label">{{upLabel}}</p>
    <div class="plot">{{{chart}}}</div>
    <p class="across-label">{{acrossLabel}}</p>
    </figure>
    {{/charts}}
    </div>
    {{/hasCharts}}

    """
}
