import Automation
import Foundation
import Networks
import Recipes
import Testing

/// Whole runs on a tiny cohort.
@Suite(.serialized) struct AutoRunTests {
  private static let ways: [Way] = [
    .tinyLinear, .tinyReal,
    .tiny("deformation", .deformation, .drawn(.deformation), [("generator.steps", "5")]),
  ]

  private static func recipe(in folder: URL) throws -> Recipe {
    let source = folder.appending(path: "data", directoryHint: .isDirectory)
    try TinyCohort(counts: [20, 40], seed: 7) { label, random in
      TinyCohort.square(label == 0 ? 7 : 8, &random)
    }.write(to: source)
    var recipe = Recipe()
    recipe.threads = 2
    recipe.data.path = source.path
    recipe.out = folder.appending(path: "run").path
    recipe.classifier.epochs = 3
    recipe.evaluation.syntheticPerClass = 20
    return recipe
  }

  private static func run(
    _ recipe: Recipe, minutes: Double = 1000, looksBack: Bool = false, now: @escaping @Sendable () -> Double = { 0 }
  ) throws -> AutoAnswer {
    var settings = AutoSettings()
    (settings.minutes, settings.divisions, settings.looksBack) = (minutes, 2, looksBack)
    return try AutoRun(recipe, settings: settings, progress: .silent, ways: ways, now: now).run()
  }

  private static func contents(_ folder: URL) throws -> [String: Data] {
    let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
    return Dictionary(
      uniqueKeysWithValues: files.compactMap { path in
        (try? Data(contentsOf: folder.appending(path: path))).map { (path, $0) }
      }
    ).filter { !$0.key.hasSuffix(".lock") }
  }

  @Test func aRunHandsOverAndIsRepeatable() throws {
    try withTemporaryFolder { folder in
      var recipe = try Self.recipe(in: folder)
      let answer = try Self.run(recipe)
      let run = folder.appending(path: "run", directoryHint: .isDirectory)
      for file in answer.files {
        #expect(FileManager.default.fileExists(atPath: run.appending(path: file).path), "\(file)")
      }
      #expect(answer.files.contains("methods.md") && answer.files.contains("classifier/classifier.json"))
      // The recipe of each member is one that reads, with its way's settings.
      let recipes = answer.files.filter { $0.hasPrefix("recipes/") }
      #expect(!recipes.isEmpty)
      for file in recipes {
        let own = try Recipe(contentsOf: run.appending(path: file))
        #expect(own.evaluation.methods.contains(.originalMatched) || own.evaluation.methods.contains(.linear))
        #expect(
          own.data.path.map { URL(filePath: $0).standardizedFileURL.path }
            == URL(filePath: recipe.data.path!).standardizedFileURL.path)
      }
      let weights = try #require(answer.files.first { $0.hasSuffix(".safetensors") })
      #expect(try !SafeTensors.decode(Data(contentsOf: run.appending(path: weights)), path: weights).entries.isEmpty)
      #expect(FileManager.default.fileExists(atPath: run.appending(path: "divisions/02.json").path))
      #expect(!FileManager.default.fileExists(atPath: run.appending(path: "unfinished").path))

      let document = try #require(
        JSONSerialization.jsonObject(with: Data(contentsOf: run.appending(path: "answer.json"))) as? [String: Any])
      let beside = try #require(document["beside"] as? [[String: Any]])
      #expect(beside.map { $0["way"] as? String } == ["linear", "real"])
      #expect(beside.allSatisfy { $0["divisions"] as? Int == 2 })
      let divisions = try #require(document["divisions"] as? [[String: Any]])
      #expect(divisions.allSatisfy { ($0["testSubjects"] as? [String: Int])?["few"] == 4 })
      #expect((document["notes"] as? [String])?.contains { $0.contains("classifier.epochs") } ?? false)
      let methods = try String(contentsOf: run.appending(path: "methods.md"), encoding: .utf8)
      #expect(methods.contains("| division | training subjects |") && methods.contains("| 2 | "))
      // What is handed over is trained without the subjects that are kept for validation, and says so.
      #expect(
        answer.advice.contains("is trained on 54 of your 60 subjects; 6 are kept for validation"), "\(answer.advice)")
      let applied = try AppliedClassifier(contentsOf: run).predictions(
        of: URL(filePath: recipe.data.path!), progress: .silent)
      #expect(applied.count == 60)

      // The same seed, the same bytes; and a run of which some was lost ends in the same ones.
      let first = try Self.contents(run)
      for lost in ["answer.json", "divisions/02.json", "trials/all", "trials/division-2/real"] {
        try FileManager.default.removeItem(at: run.appending(path: lost))
      }
      _ = try Self.run(recipe)
      let second = try Self.contents(run)
      #expect(Set(first.keys) == Set(second.keys))
      for (path, data) in first where path != "time.json" { #expect(second[path] == data, "\(path)") }
      recipe.seed = 1
      #expect(throws: ExperimentsError.self) { _ = try Self.run(recipe) }
    }
  }

  /// The best single way in hindsight comes after the answer, which it leaves alone, and goes on where it was.
  @Test func hindsightLeavesTheAnswerAlone() throws {
    try withTemporaryFolder { folder in
      let recipe = try Self.recipe(in: folder)
      let before = try Self.run(recipe)
      let run = folder.appending(path: "run", directoryHint: .isDirectory)
      let plain = try Self.contents(run)
      let after = try Self.run(recipe, looksBack: true)
      #expect(after.verdict == before.verdict && after.numbers == before.numbers && after.details == before.details)
      #expect(after.files == before.files + ["hindsight.csv"])
      let first = try Self.contents(run)
      for (path, data) in plain where !["answer.json", "report.html", "methods.md"].contains(path) {
        #expect(first[path] == data, "\(path)")
      }
      let table = String(decoding: try #require(first["hindsight.csv"]), as: UTF8.self).split(separator: "\n")
      #expect(table.count == 1 + 2 * Self.ways.count)
      #expect(table[0].hasPrefix("division,way,balanced_accuracy,roc_area,score,"))
      #expect(after.text.contains("In hindsight the best of 3 single ways"))
      // Some was lost, and the answer with it: it comes out the same.
      try FileManager.default.removeItem(at: run.appending(path: "hindsight/division-2/real.json"))
      try FileManager.default.removeItem(at: run.appending(path: "answer.json"))
      _ = try Self.run(recipe, looksBack: true)
      let second = try Self.contents(run)
      #expect(Set(first.keys) == Set(second.keys))
      for (path, data) in first where path != "time.json" { #expect(second[path] == data, "\(path)") }
    }
  }

  /// A clock on which every look takes a second: what does not fit is not begun, and it is said.
  @Test func timeIsKept() throws {
    final class Clock: @unchecked Sendable {
      private let lock = NSLock()
      private var seconds = 0.0
      func now() -> Double {
        lock.withLock {
          seconds += 1
          return seconds
        }
      }
    }
    try withTemporaryFolder { folder in
      let recipe = try Self.recipe(in: folder)
      let clock = Clock()
      let answer = try Self.run(recipe, minutes: 1) { clock.now() }
      #expect(
        answer.details.contains { $0.hasPrefix("Not tried for lack of time in the race on all images: ") },
        "\(answer.text)")
      // Looks at the clock cost time here, as real work does; without a limit there would be thousands.
      #expect(answer.elapsedSeconds < 250, "\(answer.elapsedSeconds)")
    }
  }

  /// A clock that jumps a day at every look: the least is refused with what would do, and nothing is written.
  @Test func tooLittleTimeIsRefused() throws {
    final class Clock: @unchecked Sendable {
      private let lock = NSLock()
      private var days = 0.0
      func now() -> Double {
        lock.withLock {
          days += 1
          return 86_400 * days
        }
      }
    }
    try withTemporaryFolder { folder in
      let recipe = try Self.recipe(in: folder)
      let clock = Clock()
      let error = #expect(throws: ExperimentsError.self) { _ = try Self.run(recipe, minutes: 2) { clock.now() } }
      #expect(error?.description.hasPrefix("--minutes: 2 minutes are too few") ?? false, "\(String(describing: error))")
      #expect(!FileManager.default.fileExists(atPath: recipe.runFolder.path))
    }
  }

  @Test func settingsThatDoNotHoldAreRefused() throws {
    for (minutes, divisions) in [(0.0, 5), (-1, 5), (.nan, 5), (.infinity, 5), (30, 1), (30, 1000)] {
      var settings = AutoSettings()
      (settings.minutes, settings.divisions) = (minutes, divisions)
      #expect(throws: ExperimentsError.self, "\(minutes) \(divisions)") { try settings.check() }
    }
    try AutoSettings().check()
  }

  /// Every way of the tables is a recipe that holds, and says what it changes.
  @Test func waysAreRecipes() throws {
    let ways = Way.table(hasValidation: true) + Way.privateTable
    #expect(Set(Way.table(hasValidation: true).map(\.name)).count == Way.table(hasValidation: true).count)
    for way in ways {
      let recipe = try way.recipe(Recipe())
      #expect(recipe.evaluation.methods.contains(way.method), "\(way.name)")
      let again = try Recipe(yaml: recipe.yaml(), file: "way", folder: URL(filePath: "/"))
      #expect(again.evaluation == recipe.evaluation && again.classifier == recipe.classifier)
    }
    #expect(!Way.table(hasValidation: false).contains { $0.name == "real-best" })
    for way in Way.privateTable {
      let recipe = try way.recipe(Recipe())
      #expect(recipe.synthetic.render == .decode && recipe.evaluation.trainOn == .synthetic, "\(way.name)")
    }
  }
}
