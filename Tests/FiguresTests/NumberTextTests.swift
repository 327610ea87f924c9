import Figures
import Testing

@Suite struct NumberTextTests {
  @Test(arguments: [
    (0.0, "0"), (1, "1"), (12.34, "12.3"), (123.4, "123"), (1234.5, "1,234"), (0.00123, "0.00123"), (-4.5, "−4.5"),
    (1e-4, "10⁻⁴"), (2.5e-4, "2.5 × 10⁻⁴"), (1.5e7, "1.5 × 10⁷"), (9.999e-5, "10⁻⁴"), (999_999, "999,999"),
  ])
  func threeSignificantDigits(value: Double, text: String) { #expect(NumberText.significant(value) == text) }

  @Test func percentages() {
    #expect(NumberText.percent(0.8312) == "83.1")
    #expect(NumberText.percent(-0.0001) == "0.0")
    #expect(NumberText.percent(nil) == "–")
    #expect(NumberText.percent(.nan) == "–")
    #expect(NumberText.percent(0.5, decimals: 0) == "50")
  }

  @Test func distancesShareTheirDecimals() {
    #expect(NumberText.decimals(for: [0.068, 0.1, 0]) == 4)
    #expect(NumberText.decimals(for: [310, 45]) == 1)
    #expect(NumberText.decimals(for: []) == 2)
  }

  @Test func ticksShowWhatTheirStepNeeds() {
    #expect(NumberText.tick(2.5, step: 2.5) == "2.5")
    #expect(NumberText.tick(0.25, step: 0.25) == "0.25")
    #expect(NumberText.tick(-20, step: 5) == "−20")
    #expect(NumberText.tick(12000, step: 2000) == "12,000")
  }
}

@Suite struct ScoreTests {
  @Test func sumsUpDefinedRuns() {
    let score = Score(values: [0.2, nil, 0.4, .nan, 0.9])
    #expect(score.mean == 0.5)
    #expect(abs((score.standardDeviation ?? 0) - 0.13.squareRoot()) < 1e-12)
    #expect(Score(values: [0.5]).standardDeviation == nil)
    #expect(Score(values: [nil]).mean == nil)
  }
}

@Suite struct SamplerFiguresTests {
  @Test func medianDisplacementInUnitsOfRho() {
    var figures = SamplerFigures(className: "AD", displacements: [4, 1, .nan, 3, 2], rho: 2)
    #expect(figures.medianRelativeDisplacement == 1.25)
    figures.rho = nil
    #expect(figures.medianRelativeDisplacement == nil)
  }
}
