import Foundation
import Testing

/// Sweeps, grids and comparisons that are cut into parts end with the bytes of one process.
@Suite struct ManyPartsTests {
  private static let sweep = """
    seed: 4
    data:
      phantom: {subjects: 30, minority: 12, height: 32, width: 32}
    generator: {steps: 10}
    classifier: {epochs: 1}
    evaluation:
      splits: 2
      runs: 2
      methods: [original-resampled, smote]
      synthetic-per-class: 4
    sweep:
      key: data.minority
      values: [3, 6]

    """

  private static let grid = """
    seed: 4
    generator: {steps: 10}
    sampler: {steps: 3}
    classifier: {epochs: 1}
    evaluation: {protocol: paper, runs: 2, synthetic-per-class: 6}
    grid:
      shares: [none, all]
      renders: [decode, residual]
      methods: [smote, transfer]
      augmentations: [none, mixup]

    """

  private static let comparison = """
    seed: 4
    data:
      shapes: {count: 80, size: 32}
      split: {train: 0.5, validation: 0.25, test: 0.25}
    generator: {steps: 20, latent-dimensions: 4}
    sampler: {mode: paper, steps: 3}
    evaluation: {runs: 0}
    compare:
      models: [ae, vae, rae-gp]
      methods: [prior, gmm, manifold]
      seeds: 2
      sizes: [20, all]
      samples: 16

    """

  private static func folder(_ name: String, in parent: URL, recipe: String) throws -> URL {
    let folder = parent.appending(path: name, directoryHint: .isDirectory)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(recipe.utf8).write(to: folder.appending(path: "tiny.yaml"))
    if !recipe.contains("data:") {
      let made = try Command.run(
        ["phantom", "data", "--subjects", "30", "--minority", "12", "--size", "32x32"], in: folder)
      try #require(made.code == 0, "\(made.errors)")
    }
    return folder
  }

  /// - Parameters:
  ///   - command: of one process.
  ///   - source: what the plan is made of.
  ///   - ids: some of the parts that there have to be.
  ///   - files: some of the files that there have to be.
  private static func compare(
    _ recipe: String, command: [String], plan source: [String] = ["tiny.yaml"], ids: [String], count: Int,
    files: [String]
  ) throws {
    try withTemporaryFolder { parent in
      let single = try folder("single", in: parent, recipe: recipe)
      let whole = try Command.run(command + ["--quiet"], in: single)
      try #require(whole.code == 0, "\(whole.errors)")
      let expected = try KillTests.contents(of: single.appending(path: "run"))
      for file in files { #expect(expected.keys.contains(file), "\(file)") }

      let parts = try folder("parts", in: parent, recipe: recipe)
      let plan = try PartsTests.plan(source + ["--out", "run", "--runs-per-part", "1"], in: parts)
      #expect(plan.count == count && Set(ids).isSubset(of: plan.map(\.id)), "\(plan.map(\.id))")
      #expect(plan.allSatisfy { $0.seconds > 0 && $0.mib > 0 && $0.secondsToEnd >= $0.seconds })
      let early = try Command.run(["gather", "run"], in: parts)
      #expect(early.code == 1 && early.errors.contains("parts are missing"), "\(early.errors)")
      // Of those that could be done, any.
      var open = plan.filter { $0.id != "gather" }
      var done: Set<String> = []
      while let part = open.filter({ $0.inputs.allSatisfy(done.contains) }).randomElement() {
        let outcome = try Command.run(["work", "run", "--part", part.id, "--quiet"], in: parts)
        try #require(outcome.code == 0, "\(part.id): \(outcome.errors)")
        done.insert(part.id)
        open.removeAll { $0.id == part.id }
      }
      #expect(open.isEmpty)
      let gathered = try Command.run(["gather", "run", "--quiet"], in: parts)
      #expect(gathered.code == 0 && gathered.output == whole.output, "\(gathered.errors)")
      let found = try KillTests.contents(of: parts.appending(path: "run"))
      #expect(Set(found.keys) == Set(expected.keys), "\(Set(found.keys).symmetricDifference(expected.keys))")
      for (path, data) in expected { #expect(found[path] == data, "\(path)") }
    }
  }

  @Test func aSweep() throws {
    try Self.compare(
      Self.sweep, command: ["run", "tiny.yaml", "--out", "run"],
      ids: ["train-at3-01", "draw-at6-02", "judge-at3-01", "classify-at6-02-02-02", "gather"], count: 19,
      files: ["sweep.csv", "sweep.json", "report.html", "6/splits/02/figures.json", "3/predictions.csv"])
  }

  @Test func aGrid() throws {
    try Self.compare(
      Self.grid, command: ["grid", "data", "--recipe", "tiny.yaml", "--out", "run"],
      plan: ["data", "--recipe", "tiny.yaml", "--for", "grid"],
      ids: ["train-all", "draw-none-decode", "draw-all-residual", "classify-02-02", "gather"], count: 10,
      files: ["grid.csv", "leak.json", "models-none/models/AD/model.json", "models-all/training.csv"])
  }

  @Test func aComparison() throws {
    try Self.compare(
      Self.comparison, command: ["compare", "tiny.yaml", "--out", "run"],
      plan: ["tiny.yaml", "--for", "compare"],
      ids: ["train-20-vae-1-2", "draw-all-rae-gp-1-1", "gather"], count: 25,
      files: [
        "comparison.csv", "table.txt", "samples.png", "report.html", "trained/all/ae/setting-1-seed-2/scores.json",
      ])
  }

  /// A training that diverges is told in the table, as by one process.
  @Test func aComparisonWithAModelThatCannotBeTrained() throws {
    let recipe = Self.comparison.replacing("steps: 20, latent", with: "steps: 20, beta: 1e300, latent")
      .replacing("models: [ae, vae, rae-gp]", with: "models: [ae, vae]")
      .replacing("sizes: [20, all]", with: "sizes: [all]").replacing("seeds: 2", with: "seeds: 1")
    try withTemporaryFolder { parent in
      let single = try Self.folder("single", in: parent, recipe: recipe)
      let whole = try Command.run(["compare", "tiny.yaml", "--out", "run", "--quiet"], in: single)
      let parts = try Self.folder("parts", in: parent, recipe: recipe)
      let plan = try PartsTests.plan(["tiny.yaml", "--out", "run", "--for", "compare"], in: parts)
      for part in plan where part.id != "gather" {
        let outcome = try Command.run(["work", "run", "--part", part.id, "--quiet"], in: parts)
        #expect(outcome.code == 0, "\(part.id): \(outcome.errors)")
      }
      let gathered = try Command.run(["gather", "run", "--quiet"], in: parts)
      #expect(gathered.code == 0 && gathered.output == whole.output, "\(gathered.errors)")
      let place = "run/trained/all/vae/setting-1-seed-1/scores.json"
      let scores = try Data(contentsOf: parts.appending(path: place))
      #expect(try scores == Data(contentsOf: single.appending(path: place)))
      #expect(String(decoding: scores, as: UTF8.self).contains("is not a number in epoch"))
    }
  }

  /// More models go on from what is there, fewer leave parts out, which is said; other numbers of images are another comparison.
  @Test func moreModelsExtendAPlan() throws {
    try withTemporaryFolder { parent in
      let parts = try Self.folder("parts", in: parent, recipe: Self.comparison)
      let arguments = ["tiny.yaml", "--out", "run", "--for", "compare"]
      let first = try PartsTests.plan(arguments + ["--set", "compare.models=ae"], in: parts)
      let work = try Command.run(["work", "run", "--part", "train-20-ae-1-1", "--quiet"], in: parts)
      try #require(work.code == 0, "\(work.errors)")
      let more = try PartsTests.plan(arguments, in: parts)
      #expect(first.count == 9 && more.count == 25)
      let again = try Command.run(["work", "run", "--part", "train-20-ae-1-1"], in: parts)
      #expect(again.code == 0 && again.errors.contains("was done already"), "\(again.errors)")
      let fewer = try Command.run(["plan"] + arguments + ["--set", "compare.models=[ae, vae]"], in: parts)
      // Of rae-gp: two seeds at two sizes, to be trained and drawn.
      #expect(
        fewer.code == 0
          && fewer.errors.contains("has parts that this one leaves out (8, from 'train-20-rae-gp-1-1' on)"),
        "\(fewer.errors)")
      for setting in [["--set", "compare.samples=17"], ["--for", "evaluate"]] {
        let other = try Command.run(["plan"] + arguments + setting, in: parts)
        #expect(other.code != 0 && other.output == "" && !other.errors.isEmpty, "\(other.errors)")
      }
    }
  }
}
