import Foundation
import Testing

/// What a run will be and take, said before it begins.
@Suite struct DryRunTests {
  private struct Outline: Decodable {
    struct Stage: Decodable {
      let name: String
      let work: String
      let seconds: Double
    }

    let seconds: Double
    let memory: Int
    let disk: Int
    let stages: [Stage]

    enum CodingKeys: String, CodingKey {
      case seconds, stages
      case memory = "memory_bytes"
      case disk = "disk_bytes"
    }
  }

  private static let arguments = [
    "evaluate", "data", "--splits", "2", "--runs", "3", "--steps", "20", "--synthetic-per-class", "6", "--methods",
    "original,original-resampled,linear,classical,posterior", "--set", "classifier.epochs=2", "--out", "run",
  ]

  private static func makeData(in folder: URL) throws {
    let outcome = try Command.run(
      ["phantom", "data", "--subjects", "40", "--minority", "15", "--size", "32x32"], in: folder)
    try #require(outcome.code == 0, "\(outcome.errors)")
  }

  @Test func saysWhatWillBeDoneAndWritesNothing() throws {
    try withTemporaryFolder { folder in
      try Self.makeData(in: folder)
      let outcome = try Command.run(Self.arguments + ["--dry-run"], in: folder)
      #expect(outcome.code == 0 && outcome.output.contains("2, with 3 trainings of 5 methods each"))
      #expect(outcome.output.contains("40 of 2 classes, 32 x 32"))
      let lines: [Substring] = outcome.output.split(separator: "\n")
      // The last one names the folder.
      #expect(lines.dropLast().allSatisfy { $0.count <= 80 })
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["data"])

      let json = try Command.run(Self.arguments + ["--dry-run", "--json"], in: folder)
      let outline = try JSONDecoder().decode(Outline.self, from: Data(json.output.utf8))
      #expect(outline.stages.map(\.name) == ["models", "images", "classifiers", "comparison", "report"])
      // 2 splits of 3 trainings of the 4 methods that have a network.
      #expect(outline.stages[2].work.hasPrefix("24, 2 epochs each"))
      #expect(outline.stages.allSatisfy { $0.seconds > 0 })
      #expect(abs(outline.seconds - outline.stages.reduce(0) { $0 + $1.seconds }) < 1e-6)

      // Ten times the epochs are ten times the passes of the classifiers, and nothing else.
      let longer = try Command.run(
        Self.arguments + ["--dry-run", "--json", "--set", "classifier.epochs=200"], in: folder)
      let other = try JSONDecoder().decode(Outline.self, from: Data(longer.output.utf8))
      #expect(other.stages[2].seconds > 10 * outline.stages[2].seconds)
      #expect(other.memory == outline.memory && other.disk == outline.disk)
    }
  }

  /// The forecast comes before the work, is of what is left, and leaves the bytes of the results alone.
  @Test func aRunSaysItsForecastOnce() throws {
    try withTemporaryFolder { folder in
      try Self.makeData(in: folder)
      let first = try Command.run(Self.arguments, in: folder)
      try #require(first.code == 0, "\(first.errors)")
      let lines = first.errorLines
      let forecast = try #require(lines.firstIndex { $0.hasPrefix("Forecast: about ") })
      let training = try #require(lines.firstIndex { $0.hasPrefix("Training") })
      #expect(forecast < training && !first.errors.contains("Memory: "))
      let said = try #require(lines[forecast].firstMatch(of: /([\d.]+) (kB|MB) on disk/))
      let bytes = try #require(Double(said.1)) * (said.2 == "kB" ? 1e3 : 1e6)
      let taken = try Self.size(of: folder.appending(path: "run", directoryHint: .isDirectory))
      #expect(bytes > 0.5 * taken && bytes < 2 * taken, "\(bytes) foretold, \(taken) taken")

      // A plan of the run knows what is done, and refuses what the run would.
      let plan = try Command.run(Self.arguments + ["--dry-run"], in: folder)
      #expect(plan.code == 0 && plan.output.contains("All of it is done already") && !plan.output.contains("models  "))
      let other = try Command.run(Self.arguments.map { $0 == "20" ? "30" : $0 } + ["--dry-run"], in: folder)
      #expect(other.code != 0 && other.errors.contains("generator.steps"), "\(other.errors)")
      let more = try Command.run(Self.arguments.map { $0 == "3" ? "4" : $0 } + ["--dry-run", "--json"], in: folder)
      let outline = try JSONDecoder().decode(Outline.self, from: Data(more.output.utf8))
      // One more training of four methods on each of two splits.
      #expect(outline.stages.first { $0.name == "classifiers" }?.work.hasPrefix("8, ") ?? false, "\(more.output)")
      #expect(!outline.stages.contains { $0.name == "models" })
      let notes = folder.appending(path: "notes", directoryHint: .isDirectory)
      try FileManager.default.createDirectory(at: notes, withIntermediateDirectories: true)
      try Data("a".utf8).write(to: notes.appending(path: "a.txt"))
      let foreign = try Command.run(["evaluate", "data", "--out", "notes", "--dry-run", "--quiet"], in: folder)
      #expect(foreign.code == 1 && foreign.errors.contains("recipe.yaml"), "\(foreign.errors)")

      let again = try Command.run(Self.arguments, in: folder)
      #expect(again.code == 0 && !again.errors.contains("Forecast: ") && again.output == first.output)
    }
  }

  @Test func ofATrainingThereAreModelsAlone() throws {
    try withTemporaryFolder { folder in
      try Self.makeData(in: folder)
      let outcome = try Command.run(
        ["train", "data", "--steps", "20", "--out", "models", "--dry-run", "--json"], in: folder)
      let outline = try JSONDecoder().decode(Outline.self, from: Data(outcome.output.utf8))
      #expect(outline.stages.map(\.name) == ["models"] && outline.disk > 100_000)
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "models").path))
    }
  }

  /// What the arguments plan, with nothing written.
  private static func outline(_ arguments: [String], in folder: URL) throws -> Outline {
    let before = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    let text = try Command.run(arguments + ["--dry-run"], in: folder)
    #expect(text.code == 0 && text.output.contains("  memory") && text.output.contains("  disk"), "\(text.errors)")
    let lines: [Substring] = text.output.split(separator: "\n")
    #expect(lines.dropLast().allSatisfy { $0.count <= 80 }, "\(text.output)")
    let outcome = try Command.run(arguments + ["--dry-run", "--json", "--quiet"], in: folder)
    try #require(outcome.code == 0, "\(outcome.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == before)
    let outline = try JSONDecoder().decode(Outline.self, from: Data(outcome.output.utf8))
    #expect(outline.stages.allSatisfy { $0.seconds > 0 } && outline.memory > 1_000_000)
    return outline
  }

  /// That a run says one forecast, before it trains, whose disk is what it takes, within a factor of two.
  private static func check(_ outcome: Command.Outcome, _ run: URL) throws {
    try #require(outcome.code == 0, "\(outcome.errors)")
    let lines = outcome.errorLines
    #expect(lines.count { $0.contains("Forecast: about ") } == 1 && !outcome.errors.contains("Memory: "))
    let forecast = try #require(lines.firstIndex { $0.hasPrefix("Forecast: about ") }, "\(outcome.errors)")
    #expect(forecast < (try #require(lines.firstIndex { $0.hasPrefix("Training") })))
    let said = try #require(lines[forecast].firstMatch(of: /([\d.]+) (kB|MB) on disk/))
    let bytes = try #require(Double(said.1)) * (said.2 == "kB" ? 1e3 : 1e6)
    let taken = try size(of: run)
    #expect(bytes > 0.5 * taken && bytes < 2 * taken, "\(bytes) foretold, \(taken) taken")
  }

  @Test func aComparisonSaysItsForecast() throws {
    try withTemporaryFolder { folder in
      try Self.makeData(in: folder)
      let arguments = [
        "compare", "data", "--out", "run", "--models", "ae,vae", "--methods", "prior,gmm", "--samples", "8", "--steps",
        "20",
      ]
      let outline = try Self.outline(arguments, in: folder)
      #expect(outline.stages.map(\.name) == ["models", "images", "report"])
      #expect(outline.stages[0].work == "2 trainings of 2 models" && outline.stages[1].work.hasPrefix("32 "))
      let longer = try Self.outline(arguments.map { $0 == "20" ? "2000" : $0 }, in: folder)
      #expect(longer.stages[0].seconds > 20 * outline.stages[0].seconds && longer.disk == outline.disk)
      try Self.check(try Command.run(arguments, in: folder), folder.appending(path: "run", directoryHint: .isDirectory))
      // What is done is left out.
      let done = try Self.outline(arguments, in: folder)
      #expect(done.stages.isEmpty && done.disk == 0)
      let more = try Self.outline(arguments + ["--seeds", "2"], in: folder)
      #expect(more.stages[0].work == "2 trainings of 2 models")
    }
  }

  @Test func aGridSaysItsForecast() throws {
    try withTemporaryFolder { folder in
      try Self.makeData(in: folder)
      let arguments = [
        "grid", "data", "--out", "run", "--runs", "2", "--synthetic-per-class", "6", "--steps", "20", "--set",
        "grid.methods=[posterior]", "--set", "grid.renders=[decode]", "--set", "classifier.epochs=2",
      ]
      let outline = try Self.outline(arguments, in: folder)
      #expect(outline.stages.map(\.name) == ["models", "images", "classifiers"])
      let outcome = try Command.run(arguments, in: folder)
      try Self.check(outcome, folder.appending(path: "run", directoryHint: .isDirectory))
      let table = try String(contentsOf: folder.appending(path: "run/grid.csv"), encoding: .utf8)
      #expect(Int(outline.stages[2].work) == table.split(separator: "\n").count - 1)
      let more = try Self.outline(arguments.map { $0 == "2" ? "3" : $0 }, in: folder)
      #expect(more.stages.map(\.name) == ["images", "classifiers"])
    }
  }

  @Test func drawingSaysItsForecast() throws {
    try withTemporaryFolder { folder in
      try Self.makeData(in: folder)
      let arguments = [
        "augment", "data", "--out", "images", "--models", "models", "--steps", "20", "--per-class", "20", "--method",
        "posterior",
      ]
      let outline = try Self.outline(arguments, in: folder)
      #expect(outline.stages.map(\.name) == ["models", "images"] && outline.stages[1].work.hasPrefix("40 "))
      let outcome = try Command.run(arguments, in: folder)
      #expect(outcome.errorLines.count { $0.hasPrefix("Forecast: about ") } == 1, "\(outcome.errors)")
      let again = ["generate", "models", "--per-class", "30", "--out", "more"]
      let second = try Self.outline(again, in: folder)
      #expect(second.stages.map(\.name) == ["images"] && second.stages[0].work.hasPrefix("60 "))
      #expect(try Command.run(again, in: folder).errorLines.count { $0.hasPrefix("Forecast: about ") } == 1)
    }
  }

  /// Where nothing can be written, a plan says what the run says.
  @Test(arguments: ["evaluate", "train", "compare", "grid", "auto"])
  func aPlaceThatCannotBeWrittenIsRefused(command: String) throws {
    #if os(Linux)
      try withTemporaryFolder { folder in
        try Self.makeData(in: folder)
        let arguments = [command, "data", "--out", "/proc/none/run", "--quiet"]
        let plan = try Command.run(arguments + ["--dry-run"], in: folder)
        #expect(plan.code == 1 && plan.errors.contains("cannot write '/proc/none/run'"), "\(plan.errors)")
        #expect(try Command.run(arguments, in: folder).errors == plan.errors)
      }
    #endif
  }

  private static func size(of folder: URL) throws -> Double {
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.fileSizeKey])!
    return try files.reduce(0) { sum, file in
      sum + Double(try (file as! URL).resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0)
    }
  }
}
