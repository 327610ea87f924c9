import Figures

/// Loss and learning rate by epoch, class by class, on common axes.
struct TrainingSection {
  private let curves: [CurveView]

  private struct CurveView {
    let className: String
    let lossName: String
    let loss: String
    let hasValidation: Bool
    let kept: String?
    let learningRate: String?
    let constantRate: String?
  }

  init?(_ content: ReportContent) {
    let shown = content.training.filter { !$0.epochs.isEmpty }
    guard !shown.isEmpty else { return nil }
    let epochs = shown.flatMap(\.epochs)
    let losses = epochs.flatMap { [$0.trainingLoss, $0.validationLoss] }.compactMap { $0 }.filter(\.isFinite)
    let rates = epochs.compactMap(\.learningRate).filter { $0.isFinite && $0 > 0 }
    let across = Scale.linear(covering: epochs.map { Double($0.number) }, reachesTicks: false)
    let isLogarithmic = Self.deservesLogarithm(losses)
    let lossFrame = PlotFrame(
      horizontal: across, vertical: isLogarithmic ? .logarithmic(covering: losses) : .linear(covering: losses))
    let rateFrame = PlotFrame(horizontal: across, vertical: .logarithmic(covering: rates))
    curves = shown.map { history in
      let rates = history.epochs.compactMap(\.learningRate)
      let isConstant = rates.allSatisfy { $0 == rates[0] }
      return CurveView(
        className: history.className, lossName: history.lossName + (isLogarithmic ? ", log scale" : ""),
        loss: Self.lossChart(history, frame: lossFrame),
        hasValidation: history.epochs.contains { $0.validationLoss != nil },
        kept: history.keptEpoch.map { "kept, epoch \($0)" },
        learningRate: rates.isEmpty || isConstant ? nil : Self.rateChart(history, frame: rateFrame),
        constantRate: rates.isEmpty || !isConstant
          ? nil : "Learning rate \(NumberText.significant(rates[0])) throughout.")
    }
  }

  func html() throws -> PageSection {
    PageSection(
      anchor: "training", heading: "Training",
      body: try PageTemplate(name: "training", source: Self.source).render(self))
  }

  /// Whether the losses, all positive, span more than a factor of eight.
  private static func deservesLogarithm(_ losses: [Double]) -> Bool {
    guard let least = losses.min(), let most = losses.max(), least > 0 else { return false }
    return most / least > 8
  }

  private static func lossChart(_ history: TrainingHistory, frame: PlotFrame) -> String {
    let training = history.epochs.map { LineChart.Point(x: Double($0.number), y: $0.trainingLoss ?? .nan) }
    let validation = history.epochs.map { LineChart.Point(x: Double($0.number), y: $0.validationLoss ?? .nan) }
    let chart = LineChart(
      frame: frame, series: [.init(style: .neutral, points: training), .init(style: .accent, points: validation)],
      markedX: history.keptEpoch.map(Double.init))
    var text = "\(history.lossName) of \(history.className) over \(history.epochs.count) epochs"
    for (name, points) in [("training", training), ("validation", validation)] {
      let finite = points.filter(\.y.isFinite)
      guard let first = finite.first, let last = finite.last, let best = finite.min(by: { $0.y < $1.y }) else {
        continue
      }
      text += "; \(name) from \(NumberText.significant(first.y)) to \(NumberText.significant(last.y))"
      text += ", lowest \(NumberText.significant(best.y)) at epoch \(Int(best.x))"
    }
    return chart.svg(description: text)
  }

  private static func rateChart(_ history: TrainingHistory, frame: PlotFrame) -> String {
    let points = history.epochs.map { LineChart.Point(x: Double($0.number), y: $0.learningRate ?? .nan) }
    let chart = LineChart(frame: frame, series: [.init(style: .neutral, points: points, isStepped: true)])
    let finite = points.filter(\.y.isFinite)
    return chart.svg(
      description: "Learning rate of \(history.className), from \(NumberText.significant(finite.first?.y)) to "
        + "\(NumberText.significant(finite.last?.y))", sizeClass: "plot-low")
  }

  private static let source = """
    <div class="columns">
    {{#curves}}
    <figure class="chart">
    <figcaption>{{className}}</figcaption>
    <ul class="key"><li><span class="key-line neutral" aria-hidden="true"></span>training</li>{{#hasValidation}}<li><span class="key-line accent" aria-hidden="true"></span>validation</li>{{/hasValidation}}{{#kept}}<li><span class="key-line marked" aria-hidden="true"></span>{{kept}}</li>{{/kept}}</ul>
    <p class="up-label">{{lossName}}</p>
    <div class="plot">{{{loss}}}</div>
    {{#learningRate}}
    <p class="up-label">Learning rate, log scale</p>
    <div class="plot">{{{learningRate}}}</div>
    {{/learningRate}}
    <p class="across-label">Epoch</p>
    {{#constantRate}}
    <p class="remark">{{constantRate}}</p>
    {{/constantRate}}
    </figure>
    {{/curves}}
    </div>

    """
}
