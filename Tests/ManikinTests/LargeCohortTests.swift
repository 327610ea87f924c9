import Foundation
import Testing

/// Cohorts whose pixels go to a temporary file.
@Suite struct LargeCohortTests {
  /// Every set of images, however small.
  private static let inFile = ["MANIKIN_PIXELS_IN_MEMORY": "0"]

  private static let recipe = """
    seed: 4
    data:
      phantom: {subjects: 40, minority: 16, height: 32, width: 32}
    generator: {steps: 30}
    sampler: {steps: 5}
    synthetic: {gmm-components: 2, render: residual}
    classifier: {epochs: 2}
    evaluation:
      splits: 2
      runs: 1
      methods: [original-resampled, linear, mixup, manifold, deformation]
      synthetic-per-class: 12

    """

  /// A whole run: models, synthetic images, scores, fidelity, audit and report have the same bytes as of images in memory,
  /// and nothing stays in the folder of temporary files.
  @Test func aRunFromAFileHasTheSameBytes() throws {
    try withTemporaryFolder { folder in
      try Data(Self.recipe.utf8).write(to: folder.appending(path: "tiny.yaml"))
      let scratch = folder.appending(path: "scratch", directoryHint: .isDirectory)
      try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
      let run = folder.appending(path: "run", directoryHint: .isDirectory)
      var found: [[String: Data]] = []
      var texts: [String] = []
      for environment in [["MANIKIN_PIXELS_IN_MEMORY": "\(1 << 40)"], Self.inFile] {
        let outcome = try Command.run(
          ["run", "tiny.yaml", "--out", "run"], in: folder,
          environment: environment.merging(["TMPDIR": scratch.path]) { $1 })
        try #require(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.errors.contains("read from a temporary file") == (environment == Self.inFile))
        found.append(try KillTests.contents(of: run))
        texts.append(outcome.output)
        try FileManager.default.removeItem(at: run)
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == [])
      #expect(texts[0] == texts[1] && found[0].count > 40)
      #expect(Set(found[0].keys) == Set(found[1].keys))
      for (path, data) in found[0] {
        let isSame = found[1][path] == data  // on its own: the differences of long files would be listed one by one
        #expect(isSame, "\(path)")
      }
    }
  }

  /// One sentence, code 1 and nothing left where the file cannot be made, or does not fit.
  @Test func aFileThatCannotBeWrittenIsSaidInASentence() throws {
    try withTemporaryFolder { folder in
      let made = try Command.run(
        ["phantom", "data", "--subjects", "24", "--minority", "10", "--size", "32x32"], in: folder)
      try #require(made.code == 0, "\(made.errors)")
      let arguments = ["train", "data", "--out", "run", "--steps", "1", "--quiet"]
      let missing = try Command.run(
        arguments, in: folder, environment: Self.inFile.merging(["TMPDIR": "/nowhere/at/all"]) { $1 })
      #expect(missing.code == 1 && missing.errorLines.count == 1, "\(missing.errors)")
      #expect(
        missing.errors.contains("cannot write /nowhere/at/all: No such file or directory; set TMPDIR to a folder"),
        "\(missing.errors)")
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "run").path))
    }
  }
}
