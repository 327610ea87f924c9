import Figures
import Foundation
import Reports
import Testing

/// What a report says of several splits at once.
@Suite struct SplitsReportTests {
  /// One method's figures in as many splits as there are areas; a leak where the area is above 0.85.
  static func quality(_ method: String, areas: [Double]) -> QualityFigures {
    let splits = areas.map { area in
      QualityFigures(
        method: method, verdict: area > 0.85 ? "Leak: sharpness." : "No leak found.", isLeak: area > 0.85,
        columns: ["generated AD | CN", "real AD | CN"],
        areas: [.init(statistic: "sharpness", values: [area, 0.6])],
        crowding: [
          .init(
            className: "AD", generated: 100, training: 40, differentByCode: Int(100 * area), effectiveByCode: 20 * area,
            differentByPixels: 30, effectiveByPixels: 18.5)
        ])
    }
    var first = splits[0]
    first.otherSplits = Array(splits.dropFirst())
    return first
  }

  private static func page(_ fill: (inout ReportContent) -> Void) throws -> ParsedPage {
    var content = ReportContent(title: "t", answer: "a")
    fill(&content)
    return ParsedPage(try HTMLReport.render(content))
  }

  @Test func leakAndCrowdingHaveMeanAndRange() throws {
    let page = try Self.page { $0.quality = [Self.quality("manifold", areas: [0.7, 0.9, 0.8])] }
    let cells = page.all("td").map(\.text)
    #expect(cells == ["0.800.70 to 0.90", "0.60", "100", "40", "8070 to 90", "16.014.0 to 18.0", "30", "18.5"])
    #expect(page.all("p").contains { $0.text == "A leak in 1 of 3 splits. Split 2: Leak: sharpness." })
    #expect(page.all("caption").allSatisfy { $0.text.hasSuffix(", mean and range over 3 splits") })

    let one = try Self.page { $0.quality = [Self.quality("manifold", areas: [0.7])] }
    #expect(one.all("td").map(\.text) == ["0.70", "0.60", "100", "40", "70", "14.0", "30", "18.5"])
    #expect(one.all("p").contains { $0.text == "No leak found." })
    #expect(!one.all("caption").contains { $0.text.contains("splits") })
  }

  @Test func chainsHaveMeanAndRange() throws {
    func figures(_ acceptance: Double, rHat: Double?) -> SamplerFigures {
      SamplerFigures(
        className: "AD", acceptance: acceptance, displacements: [1, 2], rho: 2, mode: "calibrated",
        diagnosis: rHat.map {
          .init(draws: 10, rHat: $0, bulkEffectiveSamples: 400, tailEffectiveSamples: 400, energyFraction: 1)
        })
    }
    var first = figures(0.7, rHat: 1.01)
    first.otherSplits = [figures(0.9, rHat: .infinity)]
    let page = try Self.page { $0.samplers = [first] }
    let cells = page.all("td").map(\.text)
    #expect(cells.contains("80.0 %70.0 % to 90.0 %") && cells.contains("1.010in 1 of 2 splits"), "\(cells)")
    #expect(cells.contains("calibrated") && cells.contains("2"), "a figure that is the same everywhere has no range")
    #expect(page.all("figcaption").contains { $0.text == "AD: how far chains moved, split 1" })
  }
}
