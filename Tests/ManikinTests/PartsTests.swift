import Foundation
import Synchronization
import Testing

/// An experiment that is cut into parts ends with the bytes of one process, whatever the order, kills and retries.
@Suite struct PartsTests {
  private static let recipe = """
    seed: 5
    data:
      phantom: {subjects: 24, minority: 10, height: 32, width: 32}
    generator: {steps: 20, share: none}
    sampler: {steps: 5}
    classifier: {epochs: 2}
    evaluation:
      splits: 2
      runs: 2
      methods: [original, mixup, smote, manifold]
      synthetic-per-class: 6

    """

  struct Part: Decodable {
    var id: String
    var kind: String
    var inputs: [String]
    var threads: Int
    var seconds: Double
    var mib: Int
    var secondsToEnd: Double

    private enum CodingKeys: String, CodingKey {
      case id, kind, inputs, threads, seconds, mib
      case secondsToEnd = "seconds_to_end"
    }
  }

  struct Plan: Decodable {
    var parts: [Part]
  }

  struct Status: Decodable {
    struct Entry: Decodable {
      var id: String
      var problem: String?
    }
    var parts: Int
    var done: Int
    var running: [Entry]
    var failed: [Entry]
    var stopped: [Entry]
    var missing: [String]
  }

  private static func status(in folder: URL) throws -> Status {
    let outcome = try Command.run(["status", "run", "--json"], in: folder)
    try #require(outcome.code == 0, "\(outcome.errors)")
    return try JSONDecoder().decode(Status.self, from: Data(outcome.output.utf8))
  }

  static func plan(_ arguments: [String], in folder: URL) throws -> [Part] {
    let outcome = try Command.run(["plan"] + arguments + ["--json", "--quiet"], in: folder)
    try #require(outcome.code == 0, "\(outcome.errors)")
    return try JSONDecoder().decode(Plan.self, from: Data(outcome.output.utf8)).parts
  }

  private static func folder(_ name: String, in parent: URL, recipe: String = recipe) throws -> URL {
    let folder = parent.appending(path: name, directoryHint: .isDirectory)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(recipe.utf8).write(to: folder.appending(path: "tiny.yaml"))
    return folder
  }

  /// Starts the part that was killed again and again, too.
  private static func work(_ id: String, in folder: URL) throws -> Command.Outcome {
    try Command.run(["work", "run", "--part", id, "--quiet"], in: folder)
  }

  @Test func inAnyOrderWithKillsTheBytesAreThoseOfOneProcess() throws {
    try withTemporaryFolder { parent in
      let single = try Self.folder("single", in: parent)
      let whole = try Command.run(["run", "tiny.yaml", "--out", "run", "--quiet"], in: single)
      try #require(whole.code == 0, "\(whole.errors)")
      let expected = try KillTests.contents(of: single.appending(path: "run"))

      let folder = try Self.folder("parts", in: parent)
      let parts = try Self.plan(["tiny.yaml", "--out", "run", "--runs-per-part", "1"], in: folder)
      #expect(
        Set(parts.map(\.id))
          == [
            "train-01-AD", "train-01-CN", "train-02-AD", "train-02-CN", "draw-01", "draw-02", "judge-01",
            "classify-01-01-01", "classify-01-02-02", "classify-02-01-01", "classify-02-02-02", "gather",
          ])
      #expect(parts.allSatisfy { $0.seconds > 0 && $0.mib > 0 && $0.secondsToEnd >= $0.seconds && $0.threads == 1 })
      let early = try Command.run(["gather", "run"], in: folder)
      #expect(early.code == 1 && early.output == "" && early.errors.contains("11 parts are missing: train-01-AD"))
      let tooSoon = try Self.work("draw-02", in: folder)
      #expect(tooSoon.code == 75 && tooSoon.errors.contains("2 parts are missing: train-02-AD, train-02-CN"))

      // Killed at any moment, and begun twice at once.
      _ = try Command.kill(["work", "run", "--part", "train-01-AD"], in: folder, after: .random(in: 0.1...1))
      try Self.sideBySide(["train-02-CN", "train-02-CN"]) { try Self.work($0, in: folder) }

      // All others in any order, two at a time, one in three killed first; what comes too soon is tried again.
      var open = parts.map(\.id).filter { $0 != "gather" }.shuffled()
      var rounds = 0
      while !open.isEmpty, rounds < 60 {
        let pair = Array(open.prefix(2))
        try Self.sideBySide(pair) { id in
          if Int.random(in: 0..<3) == 0 {
            _ = try Command.kill(["work", "run", "--part", id], in: folder, after: .random(in: 0.05...2))
          }
          return try Self.work(id, in: folder)
        }
        let missing = try Set(Self.status(in: folder).missing)
        open = open.filter(missing.contains).shuffled()
        rounds += 1
      }
      #expect(open.isEmpty, "after \(rounds) rounds")
      let gathered = try Command.run(["gather", "run", "--quiet"], in: folder)
      #expect(gathered.code == 0 && gathered.output == whole.output, "\(gathered.errors)")
      let found = try KillTests.contents(of: folder.appending(path: "run"))
      #expect(Set(found.keys) == Set(expected.keys))
      for (path, data) in expected { #expect(found[path] == data, "\(path)") }

      let left = try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "run.parts/attempts").path)
      #expect(left.isEmpty, "\(left)")

      // What is done stays done, and the run goes on without its parts.
      let again = try Self.work("gather", in: folder)
      #expect(again.code == 0, "\(again.errors)")
      try FileManager.default.removeItem(at: folder.appending(path: "run.parts"))
      let resumed = try Command.run(["run", "tiny.yaml", "--out", "run", "--quiet"], in: folder)
      #expect(resumed.code == 0 && resumed.output == whole.output, "\(resumed.errors)")
    }
  }

  /// - Throws: when an outcome is neither done nor too soon.
  private static func sideBySide(_ ids: [String], _ body: @Sendable (String) throws -> Command.Outcome) throws {
    let problems = Mutex<[String]>([])
    DispatchQueue.concurrentPerform(iterations: ids.count) { index in
      do {
        let outcome = try body(ids[index])
        if outcome.code != 0, outcome.code != 75 {
          problems.withLock { $0.append("\(ids[index]): \(outcome.code) \(outcome.errors)") }
        }
      } catch {
        problems.withLock { $0.append("\(error)") }
      }
    }
    let found = problems.withLock { $0 }
    try #require(found.isEmpty, "\(found)")
  }

  @Test func toldToStopItKeepsItsClassifiersAndLeavesSoon() throws {
    try withTemporaryFolder { parent in
      let long = Self.recipe.replacing("share: none", with: "share: all").replacing("epochs: 2", with: "epochs: 15")
        .replacing("runs: 2", with: "runs: 4")
      let folder = try Self.folder("stop", in: parent, recipe: long)
      let parts = try Self.plan(["tiny.yaml", "--out", "run", "--runs-per-part", "4"], in: folder).map(\.id)
      #expect(
        parts == [
          "train-01", "draw-01", "judge-01", "classify-01-01-04", "train-02", "draw-02", "classify-02-01-04", "gather",
        ])
      for id in ["train-01", "draw-01"] {
        let outcome = try Self.work(id, in: folder)
        #expect(outcome.code == 0, "\(outcome.errors)")
      }
      let id = "classify-01-01-04"
      let progress = folder.appending(path: "run.parts/progress/\(id)/predictions.csv")
      func lines() -> Int {
        ((try? String(contentsOf: progress, encoding: .utf8)) ?? "").split(separator: "\n").count
      }
      let stopped = try Command.stop(["work", "run", "--part", id], in: folder) { lines() > 1 }
      #expect(stopped.code == 143 && stopped.seconds < 5, "\(stopped)")
      let kept = lines()
      #expect(kept > 1)
      let status = try Self.status(in: folder)
      #expect(status.stopped.map(\.id) == [id] && status.running.isEmpty && status.done == 2 && status.parts == 8)
      let attempts = try FileManager.default.contentsOfDirectory(
        atPath: folder.appending(path: "run.parts/attempts").path)
      #expect(attempts.isEmpty, "\(attempts)")

      // It goes on where it was: fewer classifiers are left than there are.
      let resumed = try Command.run(["work", "run", "--part", id], in: folder)
      #expect(resumed.code == 0, "\(resumed.errors)")
      let trained = resumed.errors.firstMatch(of: #/Training (\d+) classifiers?: /#).flatMap { Int($0.1) }
      #expect((trained ?? 99) < 16, "\(resumed.errors)")
      let log = try String(contentsOf: folder.appending(path: "run.parts/logs/\(id).log"), encoding: .utf8)
      #expect(log.contains("told to stop") && log.contains("\(id) is done"), "\(log)")
      #expect(try Self.status(in: folder).stopped.isEmpty)
    }
  }

  /// A training that is told to stop leaves a checkpoint, which a kill does no harm to, and goes on from there; what is
  /// gathered is what one process makes, without it.
  @Test func toldToStopATrainingGoesOnWhereItWas() throws {
    try withTemporaryFolder { parent in
      let long = Self.recipe.replacing("{steps: 20, share: none}", with: "{steps: 400, share: all}")
        .replacing("splits: 2", with: "protocol: paper").replacing("runs: 2", with: "runs: 1")
      let single = try Self.folder("single", in: parent, recipe: long)
      let whole = try Command.run(["run", "tiny.yaml", "--out", "run", "--quiet"], in: single)
      try #require(whole.code == 0, "\(whole.errors)")
      let folder = try Self.folder("parts", in: parent, recipe: long)
      let ids = try Self.plan(["tiny.yaml", "--out", "run"], in: folder).map(\.id)
      #expect(ids == ["train-01", "draw-01", "judge-01", "classify-01-01-01", "gather"])
      let kept = folder.appending(path: "run.parts/progress/train-01")
      let file = kept.appending(path: ".checkpoint")
      let work = ["work", "run", "--part", "train-01"]
      // The folder is there as soon as the training has begun.
      let stopped = try Command.stop(work, in: folder) { FileManager.default.fileExists(atPath: kept.path) }
      #expect(stopped.code == 143 && stopped.seconds < 5, "\(stopped)")
      #expect(FileManager.default.fileExists(atPath: file.path))
      _ = try Command.kill(work, in: folder, after: .random(in: 0.05...0.5))
      let resumed = try Command.run(work, in: folder)
      #expect(resumed.code == 0 && resumed.errors.contains("Continuing a training in epoch"), "\(resumed.errors)")
      #expect(!FileManager.default.fileExists(atPath: kept.path))
      for id in ids.dropFirst() { #expect(try Self.work(id, in: folder).code == 0, "\(id)") }
      let expected = try KillTests.contents(of: single.appending(path: "run"))
      let found = try KillTests.contents(of: folder.appending(path: "run"))
      #expect(Set(found.keys) == Set(expected.keys))
      for (path, data) in expected { #expect(found[path] == data, "\(path)") }
    }
  }

  @Test func whatDoesNotBelongToThePlanIsRefused() throws {
    try withTemporaryFolder { parent in
      let folder = try Self.folder("bad", in: parent)
      let unplanned = try Self.work("train-01", in: folder)
      #expect(unplanned.code == 1 && unplanned.errors.contains("there is no plan of 'run'"), "\(unplanned.errors)")
      for command in ["gather", "status"] {
        let outcome = try Command.run([command, "run"], in: folder)
        #expect(
          outcome.code == 1 && outcome.errors.contains("there is no plan of 'run'") && outcome.errorLines.count == 1)
      }
      _ = try Self.plan(["tiny.yaml", "--out", "run"], in: folder)
      let unknown = try Self.work("train-03-AD", in: folder)
      #expect(unknown.code == 2 && unknown.errors.contains("there is no part 'train-03-AD'"), "\(unknown.errors)")

      // More runs and splits extend a plan; other settings do not.
      let more = try Self.plan(["tiny.yaml", "--out", "run", "--splits", "3", "--runs", "9"], in: folder)
      #expect(more.count { $0.kind == "classify" } == 6)
      let other = try Command.run(["plan", "tiny.yaml", "--out", "run", "--synthetic-per-class", "7"], in: folder)
      #expect(other.code == 1 && other.output == "", "\(other.errors)")

      // Other images, an edited recipe, a damaged plan.
      let image = folder.appending(path: "run/phantom/AD")
      let name = try #require(try FileManager.default.contentsOfDirectory(atPath: image.path).sorted().first)
      let original = try Data(contentsOf: image.appending(path: name))
      let next = try FileManager.default.contentsOfDirectory(atPath: image.path).sorted()[1]
      try Data(contentsOf: image.appending(path: next)).write(to: image.appending(path: name))
      let changed = try Self.work("train-01-CN", in: folder)
      #expect(changed.code == 1, "\(changed.errors)")
      #expect(try Self.status(in: folder).failed.map(\.id) == ["train-01-CN"])
      try original.write(to: image.appending(path: name))
      #expect(try Self.work("train-01-CN", in: folder).code == 0)
      #expect(try Self.status(in: folder).failed.isEmpty)
      let file = folder.appending(path: "run/recipe.yaml")
      let text = try String(contentsOf: file, encoding: .utf8)
      try Data(text.replacing("seed: 5", with: "seed: 6").utf8).write(to: file)
      let edited = try Self.work("train-02-CN", in: folder)
      #expect(edited.code == 1 && edited.errors.contains("recipe.yaml was changed since the plan"), "\(edited.errors)")
      try Data(text.utf8).write(to: file)
      try Data("{".utf8).write(to: folder.appending(path: "run.parts/experiment.json"))
      let damaged = try Self.work("train-02-CN", in: folder)
      #expect(damaged.code == 1 && damaged.errors.contains("this is no plan of Manikin"), "\(damaged.errors)")
    }
  }
}
