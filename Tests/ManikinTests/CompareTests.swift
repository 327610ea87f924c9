import Foundation
import Testing

@Suite struct CompareTests {
  private static let recipe = """
    seed: 4
    data:
      shapes: {count: 80, size: 32}
      split: {train: 0.5, validation: 0.25, test: 0.25}
    generator: {steps: 20, latent-dimensions: 4}
    sampler: {mode: paper, steps: 3}
    evaluation: {runs: 0}
    compare:
      models: [ae, vae, vamp]
      methods: [prior, gmm, manifold, vamp]
      seeds: 2
      samples: 16

    """

  private static let files = ["comparison.csv", "comparison.json", "table.txt", "samples.png", "report.html"]

  private func bytes(_ run: URL) throws -> [String: Data] {
    Dictionary(
      uniqueKeysWithValues: try Self.files.map { ($0, try Data(contentsOf: run.appending(path: $0))) })
  }

  @Test func aComparisonOfThreeModels() throws {
    try withTemporaryFolder { folder in
      try Data(Self.recipe.utf8).write(to: folder.appending(path: "shapes.yaml"))
      let arguments = ["compare", "shapes.yaml", "--out", "run", "--quiet"]
      let first = try Command.run(arguments, in: folder)
      try #require(first.code == 0, "\(first.errors)")
      #expect(first.errors.isEmpty)
      let run = folder.appending(path: "run", directoryHint: .isDirectory)
      let found = try bytes(run)
      #expect(String(decoding: found["table.txt"]!, as: UTF8.self) == first.output)
      let lines = first.output.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.allSatisfy { $0.count <= 80 })
      #expect(
        lines[1...10].map { $0.prefix(25).trimmingCharacters(in: .whitespaces) } == [
          "AE - prior", "VAE - prior", "VAMP - prior", "VAMP - vamp", "AE - gmm", "VAE - gmm", "VAMP - gmm",
          "VAE - manifold", "VAMP - manifold", "real training images",
        ])
      let words = first.output.replacing("\n", with: " ")
      #expect(words.contains("means over 2 seeds") && words.contains("which ae lack"), "\(first.output)")
      #expect(words.contains("they are not the paper's FID"), "\(first.output)")
      let table = String(decoding: found["comparison.csv"]!, as: UTF8.self).split(separator: "\n")
      // 2 seeds and 2 sides of 2 + 3 + 4 methods and 3 reconstructions.
      #expect(table.count == 1 + 2 * 2 * (2 + 3 + 4 + 3))
      #expect(table[0].hasPrefix("size,training_images,model,setting") && table[1].hasPrefix("all,"))
      let page = String(decoding: found["report.html"]!, as: UTF8.self)
      #expect(page.contains("Samples") && page.contains("nearest") && !page.contains(folder.path))

      // What is there is not done again, whatever the threads; without a model's folder the same is made again.
      try FileManager.default.removeItem(at: run.appending(path: "trained/all/vae"))
      for name in Self.files { try FileManager.default.removeItem(at: run.appending(path: name)) }
      let card = run.appending(path: "trained/all/ae/setting-1-seed-2/models/all/model.json")
      let date = try card.resourceValues(forKeys: [.contentModificationDateKey]).contentModificationDate
      let second = try Command.run(arguments + ["--threads", "1"], in: folder)
      try #require(second.code == 0, "\(second.errors)")
      #expect(try card.resourceValues(forKeys: [.contentModificationDateKey]).contentModificationDate == date)
      let again = try bytes(run)
      for name in Self.files where name != "report.html" { #expect(again[name] == found[name], "\(name)") }

      // More of it goes on; JSON is for programs.
      let more = try Command.run(
        [
          "compare", "shapes.yaml", "--out", "run", "--seeds", "1", "--models", "ae,wae", "--settings", "2", "--sizes",
          "20,all", "--json",
        ], in: folder)
      try #require(more.code == 0, "\(more.errors)")
      #expect(more.errors.contains("Continuing the run"))
      let json = try JSONSerialization.jsonObject(with: Data(more.output.utf8)) as? [String: Any]
      let rows = try #require(json?["lines"] as? [[String: Any]])
      #expect(rows.count == 8 && rows.filter { $0["size"] as? String == "20" }.count == 4)
      #expect(rows.filter { $0["settingsTried"] as? Int == 2 }.allSatisfy { $0["model"] as? String == "wae" })
      let text = try String(contentsOf: run.appending(path: "table.txt"), encoding: .utf8)
      #expect(text.contains("FD by training images"))
    }
  }

  @Test(arguments: [
    (["compare", "shapes.yaml", "--sizes", "5,3"], "ascending"),
    (["compare", "shapes.yaml", "--models", "gan"], "--models"),
    (["compare", "shapes.yaml", "--methods", "deformation"], "between classes"),
    (["compare", "shapes.yaml", "--recipe", "shapes.yaml"], "one recipe"),
    (["compare", "shapes.yaml", "--models", "wae", "--set", "generator.images-at-once=5"], "images-at-once"),
  ])
  func whatCannotBeIsRefused(arguments: [String], problem: String) throws {
    try withTemporaryFolder { folder in
      try Data(Self.recipe.utf8).write(to: folder.appending(path: "shapes.yaml"))
      let refused = try Command.run(arguments + ["--out", "run"], in: folder)
      #expect(refused.code != 0 && refused.errors.contains(problem), "\(refused.errors)")
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "run").path))
    }
  }
}
