import Experiments
import Foundation
import Generators
import Recipes
import Runs
import TestFiles
import Testing

/// The checkpoints of trainings in a run folder.
@Suite struct CheckpointTests {
  private static let files = ["weights.safetensors", "codes.safetensors", "model.json", "training.csv"]

  private static func recipe(_ kind: ModelKind, share: String, epochs: Int = 4, out: URL) throws -> Recipe {
    var recipe = try Recipe(
      yaml: """
        seed: 6
        threads: 1
        data:
          phantom: {subjects: 16, minority: 6, height: 32, width: 32}
        generator:
          model: \(kind.rawValue)
          share: \(share)
          epochs: \(epochs)
          batch-size: 10
          latent-dimensions: 3
          plateau-patience: 1
          second-stage-steps: 20
          pseudo-inputs: 6

        """, file: "tiny.yaml", folder: out)
    recipe.out = out.path
    return recipe
  }

  private final class Notes: @unchecked Sendable {
    private let lock = NSLock()
    private var text = ""
    var all: String { lock.withLock { text } }
    func add(_ more: String) { lock.withLock { text += more } }
  }

  /// - Parameter stopsIn: the epoch in whose first step it is broken off.
  /// - Returns: what it said.
  @discardableResult
  private static func train(_ recipe: Recipe, stopsIn epoch: Int? = nil) throws -> String {
    let notes = Notes()
    var experiment = try Experiment(recipe, progress: ProgressReporter(style: .lines, output: { notes.add($0) }))
    if let epoch {
      experiment.checkpoints.stopsIn = { $0 >= epoch }
      let interrupted = experiment
      #expect(throws: Checkpoints.Stopped.self) { _ = try interrupted.train() }
    } else {
      _ = try experiment.train()
    }
    return notes.all
  }

  /// The models' files by path, without what tells how long something took.
  private static func contents(_ run: URL) throws -> [String: Data] {
    let models = run.appending(path: "models")
    var contents: [String: Data] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: models.path) {
      guard var data = try? Data(contentsOf: models.appending(path: path)) else { continue }
      if path.hasSuffix("training.csv") {
        let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
        data = Data(lines.map { $0.split(separator: ",").dropLast().joined(separator: ",") + "\n" }.joined().utf8)
      }
      contents[path] = data
    }
    return contents
  }

  private static func checkpoints(_ run: URL) -> [URL] {
    ((try? FileManager.default.contentsOfDirectory(atPath: run.appending(path: "models").path)) ?? [])
      .filter { $0.hasSuffix(".checkpoint") }.sorted().map { run.appending(path: "models/\($0)") }
  }

  @Test(arguments: ModelKind.allCases)
  func aBrokenOffTrainingEndsWithTheSameFiles(kind: ModelKind) throws {
    try withTemporaryFolder { folder in
      let (whole, run) = (folder.appending(path: "whole/run"), folder.appending(path: "broken/run"))
      // A model's card names the folder of its images, which are drawn in the run.
      for (place, epoch) in [(whole, nil), (run, 3)] {
        try Self.train(Self.recipe(kind, share: "all", out: place), stopsIn: epoch)
      }
      #expect(Self.checkpoints(run).map(\.lastPathComponent) == [".checkpoint"])
      let said = try Self.train(Self.recipe(kind, share: "all", out: run))
      #expect(said.contains("Continuing a training in epoch 3 of 4"), "\(said)")
      #expect(Self.checkpoints(run).isEmpty)
      let (expected, found) = (try Self.contents(whole), try Self.contents(run))
      #expect(Set(found.keys) == Set(expected.keys) && expected.count % 4 == 0 && !expected.isEmpty)
      for (path, data) in expected { #expect(found[path] == data, "\(kind): \(path)") }
    }
  }

  /// What a training that is killed without a warning (no power, SIGKILL) goes on from: the last one that its time brought.
  @Test func timeBringsCheckpoints() throws {
    try withTemporaryFolder { folder in
      let run = folder.appending(path: "run")
      let recipe = try Self.recipe(.vae, share: "all", out: run)
      /// Trains with so many seconds between two, and returns what lay there in the first step of epoch 3.
      func train(interval: Double) throws -> Data? {
        let kept = Kept()
        var experiment = try Experiment(recipe, progress: .silent)
        experiment.checkpoints.interval = interval
        experiment.checkpoints.stopsIn = { epoch in
          if epoch == 3, let file = Self.checkpoints(run).first { kept.setOnce(try? Data(contentsOf: file)) }
          return false
        }
        _ = try experiment.train()
        return kept.data
      }
      #expect(try train(interval: 300) == nil)
      let expected = try Self.contents(run)
      try FileManager.default.removeItem(at: run)
      let checkpoint = try #require(try train(interval: 0))
      #expect(Self.checkpoints(run).isEmpty)
      try FileManager.default.removeItem(at: run)

      try Self.train(recipe, stopsIn: 1)
      try checkpoint.write(to: Self.checkpoints(run)[0])
      let said = try Self.train(recipe)
      // It is of a step before the one that saw it, at most a hundred times its own cost ago.
      #expect(said.contains("Continuing a training in epoch"), "\(said)")
      #expect(try Self.contents(run) == expected)
    }
  }

  private final class Kept: @unchecked Sendable {
    private let lock = NSLock()
    private var found: Data?
    var data: Data? { lock.withLock { found } }
    func setOnce(_ data: Data?) { lock.withLock { found = found ?? data } }
  }

  /// With a model for each class each has a checkpoint; of those the damaged one is not used.
  @Test func whatIsDamagedOrAnothersIsSaid() throws {
    try withTemporaryFolder { folder in
      let (whole, run) = (folder.appending(path: "whole/run"), folder.appending(path: "broken/run"))
      try Self.train(Self.recipe(.vae, share: "none", out: whole))
      let recipe = try Self.recipe(.vae, share: "none", out: run)
      func breakOff() throws -> [URL] {
        try? FileManager.default.removeItem(at: run)
        // One class after the other is broken off.
        var last: [URL] = []
        try Self.train(recipe, stopsIn: 2)
        last = Self.checkpoints(run)
        try #require(!last.isEmpty)
        return last
      }
      let expected = try Self.contents(whole)
      func end() throws -> String {
        let said = try Self.train(recipe)
        let found = try Self.contents(run)
        #expect(Set(found.keys) == Set(expected.keys))
        for (path, data) in expected { #expect(found[path] == data, "\(path)") }
        return said
      }

      var file = try breakOff()[0]
      let bytes = try Data(contentsOf: file)
      #expect(try end().contains("Continuing a training in epoch 2 of 4"))

      // One bit anywhere, and every end that is cut off.
      func flipped(_ place: Int) -> Data {
        var damaged = bytes
        damaged[place] ^= 1
        return damaged
      }
      let damages: [(name: String, bytes: Data)] = [
        ("a bit of a weight", flipped(bytes.count / 2)), ("a bit of the count", flipped(0)),
        ("a bit of the digest", flipped(bytes.count - 1)), ("cut off", bytes.prefix(bytes.count - 100)),
        ("empty", Data()),
      ]
      for (name, damaged) in damages {
        file = try breakOff()[0]
        try damaged.write(to: file)
        let said = try end()
        #expect(said.contains("is damaged, so that its training begins anew"), "\(name): \(said)")
      }

      // Of another class, that is of other images.
      file = try breakOff()[0]
      let other = folder.appending(path: "other/run")
      var third = try Self.recipe(.vae, share: "none", out: other)
      third.seed = 7
      try Self.train(third, stopsIn: 2)
      let strange = other.appending(path: "models").appending(path: file.lastPathComponent)
      try FileManager.default.removeItem(at: file)
      try FileManager.default.copyItem(at: strange, to: file)
      let said = try end()
      #expect(said.contains("is of another training (its ") && !said.contains("Continuing a training"), "\(said)")
    }
  }
}
