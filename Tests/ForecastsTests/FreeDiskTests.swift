import Comparisons
import Experiments
import Forecasts
import Foundation
import Phantoms
import Recipes
import TestFiles
import Testing

/// What does not fit on the disk is refused before anything is written; the free bytes are made up.
@Suite struct FreeDiskTests {
  /// Runs `body` with a recipe of 30 images in class folders, and its run folder.
  private static func withRecipe(_ body: (Recipe, URL) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let data = folder.appending(path: "data", directoryHint: .isDirectory)
      try Phantom.writeCohort(
        to: data,
        configuration: PhantomConfiguration(subjects: 30, minority: 12, height: 32, width: 32, seed: 1))
      var recipe = Recipe()
      recipe.threads = 2
      recipe.data.path = data.path
      recipe.out = folder.appending(path: "run").path
      recipe.generator.length = .steps(5)
      recipe.evaluation.splits = 1
      recipe.evaluation.chosenRuns = 1
      recipe.evaluation.syntheticPerClass = 4
      recipe.evaluation.methods = [.originalResampled, .drawn(.posterior)]
      recipe.classifier.epochs = 1
      recipe.compare.models = [.ae, .vae]
      recipe.compare.samples = 4
      recipe.grid.methods = [.posterior]
      try body(recipe, folder.appending(path: "run", directoryHint: .isDirectory))
    }
  }

  /// The sentence of a refusal that leaves no folder.
  private static func refusal(_ folder: URL, _ run: () throws -> Void) throws -> String {
    let error = try #require(throws: ExperimentsError.self) { try run() }
    #expect(!FileManager.default.fileExists(atPath: folder.path))
    return error.description
  }

  private static func check(_ sentence: String, _ folder: URL) throws {
    let said = try #require(
      sentence.firstMatch(
        of: /this needs about [\d.]+ [kMG]B on the disk of '(.+)' and 1[.0]* kB are free there: make room, or .+--out/))
    #expect(folder.path.hasSuffix(said.1) || said.1.hasSuffix(folder.lastPathComponent), "\(sentence)")
  }

  @Test func anEvaluationIsRefused() throws {
    try Self.withRecipe { recipe, folder in
      var experiment = try Experiment(recipe, progress: .silent)
      experiment.freeDisk = { _ in 1000 }
      let (full, place) = (experiment, folder)
      let sentence = try Self.refusal(folder) { _ = try full.evaluate() }
      try Self.check(sentence, place)
      // A plan says what the run would say; training alone needs room, too.
      #expect(try Self.refusal(folder) { _ = try full.plan() } == sentence)
      try Self.check(try Self.refusal(folder) { _ = try full.train() }, folder)
      // With as much room as is needed, and where nobody knows, it is not.
      let needed = try Experiment(recipe, progress: .silent).plan().forecast.diskBytes
      #expect(needed > 600_000)
      experiment.freeDisk = { _ in needed }
      _ = try experiment.plan()
      experiment.freeDisk = { _ in nil }
      _ = try experiment.plan()
      experiment.freeDisk = { _ in needed - 1 }
      let short = experiment
      #expect(throws: ExperimentsError.self) { try short.plan() }
      #expect(!FileManager.default.fileExists(atPath: folder.path))
    }
  }

  @Test func comparisonsGridsAndSweepsAreRefused() throws {
    try Self.withRecipe { recipe, folder in
      var comparison = try ModelComparison(recipe, progress: .silent)
      comparison.freeDisk = { _ in 1000 }
      let fullComparison = comparison
      try Self.check(try Self.refusal(folder) { _ = try fullComparison.run() }, folder)
      try Self.check(try Self.refusal(folder) { _ = try fullComparison.plan() }, folder)
      var grid = try BenefitGrid(recipe, progress: .silent)
      grid.freeDisk = { _ in 1000 }
      let fullGrid = grid
      try Self.check(try Self.refusal(folder) { _ = try fullGrid.run() }, folder)
      try Self.check(try Self.refusal(folder) { _ = try fullGrid.plan() }, folder)
      // Each value of a sweep would fit, both together do not.
      var swept = recipe
      swept.sweep.key = .syntheticPerClass
      swept.sweep.values = ["4", "8"]
      var sweep = try #require(try Sweep(swept, progress: .silent))
      let needs = try sweep.plan().outlines.map(\.forecast.diskBytes)
      #expect(needs[1] > needs[0])
      sweep.freeDisk = { _ in needs[0] + needs[1] - 1 }
      let fullSweep = sweep
      #expect(try Self.refusal(folder) { _ = try fullSweep.run() }.contains("make room"))
      sweep.freeDisk = { _ in needs[0] + needs[1] }
      _ = try sweep.plan()
    }
  }

  @Test func imagesAndAnArchiveAreRefused() throws {
    try Self.withRecipe { recipe, folder in
      var recipe = recipe
      recipe.synthetic.perClass = 50
      recipe.synthetic.method = .posterior
      var augmentation = try Augmentation(recipe, progress: .silent)
      augmentation.freeDisk = { $0.lastPathComponent == "images" ? 1000 : 1 << 40 }
      let full = augmentation
      let images = folder.deletingLastPathComponent().appending(path: "images", directoryHint: .isDirectory)
      try Self.check(try Self.refusal(folder) { _ = try full.write(to: images, overwrite: false) }, images)
      #expect(!FileManager.default.fileExists(atPath: images.path))
      augmentation.freeDisk = { _ in 1 << 40 }
      let alone = try augmentation.plan(to: images, overwrite: false).forecast
      let archive = folder.deletingLastPathComponent().appending(path: "all.npz")
      let both = try augmentation.plan(to: images, overwrite: false, archive: archive).forecast
      #expect(alone.stages.map(\.name) == ["models", "images"] && both.diskBytes > alone.diskBytes)
      #expect(!FileManager.default.fileExists(atPath: images.path))
    }
  }

  @Test func whatIsFreeIsReadWhereAFolderWillLie() throws {
    try withTemporaryFolder { folder in
      let free = try #require(FreeDisk.bytes(at: folder))
      let later = try #require(FreeDisk.bytes(at: folder.appending(path: "a/b/c", directoryHint: .isDirectory)))
      #expect(free > 0 && later > 0)
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "a").path))
    }
    #if os(Linux)
      // It has no blocks to be free.
      #expect(FreeDisk.bytes(at: URL(filePath: "/proc/none")) == nil)
    #endif
  }
}
