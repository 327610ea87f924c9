import Foundation
import Testing

/// An evaluation whose methods draw no images trains no generative model, and nothing speaks of one.
@Suite struct WithoutModelsTests {
  private static let recipe = """
    seed: 5
    data:
      phantom: {subjects: 30, minority: 12, height: 32, width: 32}
    generator: {steps: 20}
    classifier: {epochs: 1}
    evaluation:
      splits: 2
      runs: 2
      methods: [original-matched, linear, classical]
      synthetic-per-class: 6

    """

  private struct Outline: Decodable {
    struct Stage: Decodable { var name: String }
    var stages: [Stage]
  }

  @Test func noModelIsTrainedForRealImages() throws {
    try withTemporaryFolder { folder in
      try Data(Self.recipe.utf8).write(to: folder.appending(path: "real.yaml"))
      let plan = try Command.run(["run", "real.yaml", "--out", "run", "--dry-run", "--json"], in: folder)
      try #require(plan.code == 0, "\(plan.errors)")
      let outline = try JSONDecoder().decode(Outline.self, from: Data(plan.output.utf8))
      #expect(outline.stages.map(\.name) == ["classifiers", "report"])

      let whole = try Command.run(["run", "real.yaml", "--out", "run"], in: folder)
      try #require(whole.code == 0, "\(whole.errors)")
      #expect(!whole.errors.contains("model"), "\(whole.errors)")
      let run = folder.appending(path: "run", directoryHint: .isDirectory)
      let names = try FileManager.default.subpathsOfDirectory(atPath: run.path)
      #expect(!names.contains { $0.contains("models") || $0.contains("training.csv") }, "\(names)")
      let report = try String(contentsOf: run.appending(path: "report.html"), encoding: .utf8)
      #expect(!report.contains("models of its own"))

      // In parts there is none that trains one, and the bytes are those of one process.
      let parts = try PartsTests.plan(["real.yaml", "--out", "parts"], in: folder)
      #expect(!parts.contains { $0.kind == "train" } && parts.contains { $0.kind == "classify" })
      for part in parts where part.kind != "gather" {
        let outcome = try Command.run(["work", "parts", "--part", part.id, "--quiet"], in: folder)
        #expect(outcome.code == 0, "\(part.id): \(outcome.errors)")
      }
      let gathered = try Command.run(["gather", "parts", "--quiet"], in: folder)
      #expect(gathered.code == 0, "\(gathered.errors)")
      for name in ["predictions.csv", "results.csv"] {
        #expect(
          try Data(contentsOf: run.appending(path: name))
            == Data(contentsOf: folder.appending(path: "parts/\(name)")), "\(name)")
      }

      // The same settings with a method that draws do train one, and say so beforehand.
      let drawn = try Command.run(
        [
          "run", "real.yaml", "--out", "drawn", "--dry-run", "--json", "--set",
          "evaluation.methods=original-matched,gmm",
        ], in: folder)
      let other = try JSONDecoder().decode(Outline.self, from: Data(drawn.output.utf8))
      #expect(other.stages.first?.name == "models")
    }
  }

  /// Without a classifier, or images, there is a sentence and no table.
  @Test func classifyingWithNothingWritesNothing() throws {
    try withTemporaryFolder { folder in
      for arguments in [["nothing", "--with", "nowhere"], [".", "--with", "."]] {
        let outcome = try Command.run(["classify"] + arguments + ["--out", "table.csv"], in: folder)
        #expect(outcome.code == 1 && outcome.errorLines.count == 1, "\(outcome.errors)")
        #expect(outcome.errors.contains("classifier.json") && outcome.errors.contains("manikin auto"))
      }
      #expect(try Command.run(["classify", "."], in: folder).code == 2)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
  }
}
