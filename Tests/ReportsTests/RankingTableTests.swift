import Figures
import Foundation
import Reports
import Testing

@Suite struct RankingTableTests {
  /// The caption speaks of the scores that the table shows, and of no others.
  @Test func captionSpeaksOfItsColumns() throws {
    func page(_ names: [String]) throws -> String {
      let method = MethodScores(
        name: "auto", balancedAccuracy: Score(values: [0.8]),
        withoutThreshold: names.map { NamedScore(name: $0, score: Score(values: [0.9])) })
      return try HTMLReport.render(ReportContent(title: "t", answer: "a", scores: ScoreTable(methods: [method])))
    }
    let rest = " in percent: the mean over classes, each against the rest"
    let area = try page(["ROC area"])
    #expect(area.contains(">ROC area" + rest + "<") && !area.contains("Brier") && !area.contains("verage precision"))
    let all = try page(["ROC area", "Average precision", "Brier score"])
    #expect(all.contains(">ROC area and average precision" + rest + ". Brier score in hundredths, from 0 to 200: less"))
  }
}
