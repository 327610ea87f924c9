import Foundation
import Testing

/// A run that is killed at any moment goes on where it was and ends with the same bytes.
@Suite struct KillTests {
  private static let arguments = [
    "run", "tiny.yaml", "--quiet",
  ]
  private static let recipe = """
    seed: 4
    data:
      phantom: {subjects: 24, minority: 10, height: 32, width: 32}
    generator: {steps: 30}
    sampler: {steps: 5}
    synthetic: {gmm-components: 2}
    classifier: {epochs: 3}
    evaluation:
      splits: 2
      runs: 1
      methods: [original-resampled, mixup, smote, manifold]
      synthetic-per-class: 8

    """

  /// The content of every file of a run by path, without what tells how long something took.
  static func contents(of run: URL) throws -> [String: Data] {
    var contents: [String: Data] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: run.path) {
      let file = run.appending(path: path)
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder)
      if isFolder.boolValue { continue }
      var data = try Data(contentsOf: file)
      if path.hasSuffix("training.csv") {
        let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
        data = Data(lines.map { $0.split(separator: ",").dropLast().joined(separator: ",") + "\n" }.joined().utf8)
      }
      contents[path] = data
    }
    return contents
  }

  @Test func killedAtAnyMomentItEndsWithTheSameBytes() throws {
    try withTemporaryFolder { folder in
      try Data(Self.recipe.utf8).write(to: folder.appending(path: "tiny.yaml"))
      let start = Date()
      let whole = try Command.run(Self.arguments + ["--out", "run"], in: folder)
      try #require(whole.code == 0, "\(whole.errors)")
      let seconds = max(0.2, Date().timeIntervalSince(start))
      // The models name the folder of their images, so that both runs must have one name.
      let run = folder.appending(path: "run", directoryHint: .isDirectory)
      let expected = try Self.contents(of: run)
      try FileManager.default.removeItem(at: run)
      #expect(expected.keys.contains("splits/02/synthetic/smote/manifest.csv") && expected.count > 60)

      // Each start is killed somewhere within a third of the whole time, until one gets to its end.
      var random = SystemRandomNumberGenerator()
      var kills = 0
      var moments: [Double] = []
      for _ in 0..<4 {
        moments.append(Double.random(in: 0.02...(seconds / 3), using: &random))
        if try Command.kill(Self.arguments + ["--out", "run"], in: folder, after: moments.last!) { kills += 1 }
      }
      let resumed = try Command.run(Self.arguments + ["--out", "run"], in: folder)
      try #require(resumed.code == 0, "killed after \(moments) s: \(resumed.errors)")
      #expect(kills > 0, "no start lasted until it was to be killed: \(moments)")
      #expect(resumed.output == whole.output)
      let found = try Self.contents(of: run)
      #expect(Set(found.keys) == Set(expected.keys), "killed after \(moments) s")
      for (path, data) in expected { #expect(found[path] == data, "\(path), killed after \(moments) s") }
    }
  }
}
