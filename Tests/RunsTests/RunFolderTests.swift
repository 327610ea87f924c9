import Foundation
import Recipes
import Runs
import Samplers
import TestFiles
import Testing

@Suite struct RunFolderTests {
  static let versions = Versions(
    manikin: "0.1.0", swift: "6.3", libraries: ["oneDNN": "2.6.3"], operatingSystem: "Debian 12", processor: "cpu",
    cores: 2)

  private func open(_ url: URL, _ recipe: Recipe = Recipe(), _ versions: Versions = Self.versions) throws -> RunFolder {
    try RunFolder(url, recipe: recipe, versions: versions)
  }

  private func refusal(_ body: () throws -> Void, location: SourceLocation = #_sourceLocation) -> String {
    let error = #expect(throws: ExperimentsError.self, sourceLocation: location) { try body() }
    return error?.description ?? ""
  }

  @Test func newFolderHoldsTheRecipeAndVersions() throws {
    try withTemporaryFolder { parent in
      let url = parent.appending(path: "deep/run", directoryHint: .isDirectory)
      var recipe = Recipe()
      recipe.generator.length = .epochs(3)
      let folder = try open(url, recipe)
      #expect(!folder.isResumed)
      #expect(try Recipe(contentsOf: folder.recipeFile) == recipe)
      let versions = try JSONDecoder().decode([Versions].self, from: Data(contentsOf: folder.versionsFile))
      #expect(versions == [Self.versions])
      #expect(folder.modelFolder(class: "A/D").path == url.path + "/models/A%2FD")
    }
  }

  @Test func runIsTakenUpByTheSameRecipeOnly() throws {
    try withTemporaryFolder { parent in
      let url = parent.appending(path: "run")
      do { _ = try open(url) }
      #expect(try open(url).isResumed)
      var recipe = Recipe()
      recipe.seed = 5
      recipe.metric.tau = 1
      recipe.evaluation.methods = [.drawn(.gmm)]
      recipe.sampler.steps = 7
      let sentence = refusal { _ = try open(url, recipe) }
      #expect(
        sentence
          == "'\(url.path)' was made with other settings (seed is 0 there and 5 here, metric.tau is auto there and 1 "
          + "here, sampler.steps is auto there and 7 here, and 1 more); choose another folder with --out, or "
          + "delete it")
    }
  }

  /// More runs continue a run, and threads change nothing; the resolved recipe follows.
  @Test func runsAndThreadsMayChange() throws {
    try withTemporaryFolder { parent in
      let url = parent.appending(path: "run")
      do { _ = try open(url) }
      var recipe = Recipe()
      recipe.evaluation.runs = 50
      recipe.threads = 7
      let folder = try open(url, recipe)
      #expect(folder.isResumed)
      #expect(try Recipe(contentsOf: folder.recipeFile) == recipe)
      #expect(recipe.digest(sections: ["evaluation"]) == Recipe().digest(sections: ["evaluation"]))
    }
  }

  @Test func anotherVersionIsRefusedAnotherMachineIsNoted() throws {
    try withTemporaryFolder { parent in
      let url = parent.appending(path: "run")
      do { _ = try open(url) }
      var other = Self.versions
      other.cores = 64
      do { _ = try open(url, Recipe(), other) }
      let folder = try open(url)
      let all = try JSONDecoder().decode([Versions].self, from: Data(contentsOf: folder.versionsFile))
      #expect(all.map(\.cores) == [2, 64])
    }
    try withTemporaryFolder { parent in
      let url = parent.appending(path: "run")
      do { _ = try open(url) }
      var other = Self.versions
      other.manikin = "9"
      #expect(refusal { _ = try open(url, Recipe(), other) }.contains("was begun by Manikin 0.1.0; finish it with"))
    }
  }

  @Test func folderIsLockedWhileItIsOpen() throws {
    try withTemporaryFolder { parent in
      let url = parent.appending(path: "run")
      var folder: RunFolder? = try open(url)
      #expect(
        refusal { _ = try open(url) }
          == "'\(url.path)' is being written by process \(ProcessInfo.processInfo.processIdentifier); wait for it to end, "
          + "or choose another folder with --out")
      #expect(folder?.isResumed == false)
      folder = nil
      #expect(try open(url).isResumed)
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() == ["recipe.yaml", "versions.json"])
    }
  }

  /// A lock that a killed process left is no lock.
  @Test func lockOfADeadProcessDoesNotHold() throws {
    try withTemporaryFolder { parent in
      let url = parent.appending(path: "run")
      do { _ = try open(url) }
      try Data("process 1".utf8).write(to: url.appending(path: ".lock"))
      #expect(try open(url).isResumed)
    }
  }

  @Test func manyThreadsTakeTheLockInTurn() throws {
    try withTemporaryFolder { parent in
      let counter = NSLock()
      nonisolated(unsafe) var inside = 0
      nonisolated(unsafe) var most = 0
      nonisolated(unsafe) var taken = 0
      DispatchQueue.concurrentPerform(iterations: 8) { _ in
        for _ in 0..<200 {
          guard let lock = try? FolderLock(parent) else { continue }
          counter.withLock { (inside, taken, most) = (inside + 1, taken + 1, max(most, inside + 1)) }
          counter.withLock { inside -= 1 }
          withExtendedLifetime(lock) {}
        }
      }
      #expect(most == 1 && taken > 0)
    }
  }

  @Test func foldersThatAreNoRuns() throws {
    try withTemporaryFolder { parent in
      try Data("x".utf8).write(to: parent.appending(path: "thesis.doc"))
      #expect(refusal { _ = try open(parent) }.contains("' is not empty and holds no recipe.yaml of a run; choose"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: parent.path) == ["thesis.doc"])
      let file = parent.appending(path: "thesis.doc/run")
      #expect(refusal { _ = try open(file) }.hasPrefix("cannot write '\(file.path)': "))
      let readOnly = URL(filePath: "/proc/manikin-run")
      #if os(Linux)
        #expect(refusal { _ = try open(readOnly) }.hasPrefix("cannot write '/proc/manikin-run': "))
      #endif
    }
  }

  @Test func readOnlyParentIsOneSentence() throws {
    guard getuid() != 0 else { return }
    try withTemporaryFolder { parent in
      try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: parent.path)
      let url = parent.appending(path: "run")
      #expect(
        refusal { _ = try open(url) }
          == "cannot write '\(url.path)': permission denied; choose a place that you may write to with --out")
    }
  }

  @Test func damagedRunIsNamed() throws {
    try withTemporaryFolder { parent in
      let url = parent.appending(path: "run")
      do { _ = try open(url) }
      try Data("seed: many\n".utf8).write(to: url.appending(path: "recipe.yaml"))
      #expect(refusal { _ = try open(url) }.hasPrefix("\(url.path)/recipe.yaml:1: 'seed' must be a whole number"))
    }
    try withTemporaryFolder { parent in
      let url = parent.appending(path: "run")
      do { _ = try open(url) }
      try Data("{".utf8).write(to: url.appending(path: "versions.json"))
      #expect(refusal { _ = try open(url) }.hasPrefix("\(url.path)/versions.json: this is no list of versions; delete"))
    }
  }

  @Test func stageIsDoneOnceForTheSameInputs() throws {
    try withTemporaryFolder { parent in
      let folder = try open(parent.appending(path: "run"))
      let output = folder.url.appending(path: "models/AD/weights")
      func stage(_ recipe: Recipe = Recipe(), data: String = "1") -> Stage {
        Stage("models/AD", recipe: recipe, sections: ["data", "generator"], inputs: ["data": data])
      }
      var works = 0
      func perform(_ stage: Stage) throws {
        try folder.perform(stage, outputs: [output]) {
          works += 1
          try AtomicFile.makeFolder(output.deletingLastPathComponent())
          try AtomicFile.write("\(works)", to: output)
        }
      }
      try perform(stage())
      try perform(stage())
      #expect(works == 1 && folder.isDone(stage()))
      var other = Recipe()
      other.classifier.epochs = 9
      other.threads = 3
      other.data.path = "/elsewhere"
      #expect(folder.isDone(stage(other)), "what the stage does not depend on")
      other.generator.batchSize = 3
      #expect(!folder.isDone(stage(other)))
      other = Recipe()
      other.seed = 1
      #expect(!folder.isDone(stage(other)))
      other = Recipe()
      other.data.split.train = 0.6
      #expect(!folder.isDone(stage(other)))
      #expect(!folder.isDone(stage(data: "2")))
      try perform(stage(data: "2"))
      #expect(works == 2 && !folder.isDone(stage()), "the last one stands")
      try FileManager.default.removeItem(at: output)
      #expect(!folder.isDone(stage(data: "2")), "its output is gone")
    }
  }

  @Test func stageThatFailsIsNotDone() throws {
    struct Failure: Error {}
    try withTemporaryFolder { parent in
      let folder = try open(parent.appending(path: "run"))
      let stage = Stage("report", recipe: Recipe(), sections: [])
      #expect(throws: Failure.self) { try folder.perform(stage, outputs: []) { throw Failure() } }
      #expect(!folder.isDone(stage))
    }
  }

  @Test func changedDataAreRefused() throws {
    try withTemporaryFolder { parent in
      let url = parent.appending(path: "run")
      do { try open(url).require("data", digest: "a") }
      try open(url).require("data", digest: "a")
      #expect(
        refusal { try open(url).require("data", digest: "b") }
          == "the data changed since the run in '\(url.path)' began; choose another folder with --out, or delete it")
    }
  }

  /// What a killed process leaves: an unfinished file, no recipe yet.
  @Test func unfinishedFilesGoWhenTheRunIsTakenUp() throws {
    try withTemporaryFolder { parent in
      let url = parent.appending(path: "run")
      do { _ = try open(url) }
      let models = url.appending(path: "models/AD")
      try FileManager.default.createDirectory(at: models, withIntermediateDirectories: true)
      try Data("half".utf8).write(to: models.appending(path: ".weights.1-2.manikin-unfinished"))
      try Data("kept".utf8).write(to: models.appending(path: ".other"))
      do { _ = try open(url) }
      #expect(try FileManager.default.contentsOfDirectory(atPath: models.path) == [".other"])
      try FileManager.default.removeItem(at: url.appending(path: "recipe.yaml"))
      try FileManager.default.removeItem(at: url.appending(path: "versions.json"))
      try FileManager.default.removeItem(at: url.appending(path: "models"))
      try Data("half".utf8).write(to: url.appending(path: ".recipe.yaml.1-1.manikin-unfinished"))
      #expect(try !open(url).isResumed)
    }
  }

  @Test(arguments: [
    ("AD", "AD"), ("", "%"), ("..", "%2E."), (".hidden", "%2Ehidden"), ("a/b\\c", "a%2Fb%5Cc"),
    ("Schütz 2", "Schütz 2"),
    ("a\0b", "a%00b"), ("100%", "100%25"), ("v1.5", "v1.5"),
  ])
  func classNamesAreSafeFileNames(name: String, file: String) {
    #expect(RunFolder.fileName(for: name) == file)
  }
}
