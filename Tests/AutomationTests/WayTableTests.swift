import Automation
import Foundation
import Recipes
import Testing

/// Every way with a generative model of another kind draws and trains on a tiny cohort.
@Suite(.serialized) struct WayTableTests {
  private static let further = ["vamp", "rae-gp", "wae", "rhvae"]

  @Test func furtherModelsComeLast() {
    #expect(Way.table(hasValidation: true).suffix(4).map(\.name) == Self.further.map { $0 + "-decoded" })
    #expect(Way.privateTable.suffix(4).map(\.name) == Self.further.map { $0 + "-shared" })
    #expect(Way.table(hasValidation: false).first?.name == "linear")
  }

  @Test(arguments: further) func waysOfFurtherModelsRun(_ name: String) throws {
    let cohort = TinyCohort(counts: [10, 16], seed: 4) { label, random in
      TinyCohort.square(label == 0 ? 5 : 10, &random)
    }
    let tables = Way.table(hasValidation: false) + Way.privateTable
    var ways: [Way] = [.tinyLinear]
    for var way in tables where way.name.hasPrefix(name + "-") {
      let short = ["generator.steps": "20", "classifier.epochs": "2", "evaluation.synthetic-per-class": "20"]
      way.settings = way.settings.map { Way.Setting($0.key, short[$0.key] ?? $0.value) }
      way.settings.append(Way.Setting("generator.latent-dimensions", "2"))
      ways.append(way)
    }
    #expect(ways.count == 3)
    let (outcome, _) = try tinyRace(cohort, ways)
    for standing in outcome.standings.dropFirst() {
      #expect(standing.folds >= 2 && standing.balancedAccuracy != nil, "\(standing)")
      if case .refused(let reason) = standing.fate { Issue.record("\(standing.way): \(reason)") }
    }
  }
}
