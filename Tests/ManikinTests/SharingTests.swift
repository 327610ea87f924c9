import Foundation
import Testing

/// What is shared does not say where it was made, and what is moved goes on.
@Suite struct SharingTests {
  private static let files = FileManager.default
  private static let quick = ["--steps", "3", "--set", "sampler.steps=3"]
  private static let evaluation =
    quick + [
      "--protocol", "paper", "--runs", "1", "--synthetic-per-class", "4", "--methods", "original,manifold",
      "--set", "classifier.epochs=1",
    ]

  private static func phantom(_ name: String, in folder: URL) throws {
    let outcome = try Command.run(
      ["phantom", name, "--subjects", "40", "--minority", "16", "--size", "32x32", "--quiet"], in: folder)
    try #require(outcome.code == 0, "\(outcome.errors)")
  }

  /// The files that hold a text, by path; images are left out.
  private static func files(holding text: String, in folder: URL) throws -> [String] {
    let needle = Data(text.utf8)
    return try files.subpathsOfDirectory(atPath: folder.path).sorted().filter { path in
      guard !path.hasSuffix(".gz"), let data = try? Data(contentsOf: folder.appending(path: path)) else { return false }
      return data.range(of: needle) != nil
    }
  }

  @Test func noFileSaysWhereItWasMade() throws {
    try withTemporaryFolder { parent in
      // Whatever has this word in it says where the folder lies.
      let word = "secret-\(UUID().uuidString)"
      let folder = parent.appending(path: word, directoryHint: .isDirectory)
      let made = folder.appending(path: "made", directoryHint: .isDirectory)
      try Self.files.createDirectory(at: made, withIntermediateDirectories: true)
      try Self.phantom("data", in: folder)
      let data = folder.appending(path: "data").path
      func out(_ name: String) -> String { made.appending(path: name).path }
      for arguments in [
        ["evaluate", data, "--out", out("run")] + Self.evaluation,
        ["train", data, "--out", out("models")] + Self.quick,
        ["augment", data, "--out", out("images"), "--models", out("models-2")] + Self.quick,
        ["augment", data, "--out", out("bids"), "--models", out("models-4"), "--layout", "bids"] + Self.quick,
        ["augment", data, "--out", out("copies"), "--models", out("models-3"), "--only-if-helpful"] + Self.quick,
        ["generate", out("models"), "--per-class", "2", "--out", out("drawn")],
        ["interpolate", out("models/models/AD"), "1", "2", "--steps", "2", "--out", out("between")],
        ["import", "volumes", data, out("imported")],
      ] {
        let outcome = try Command.run(arguments, in: folder)
        #expect(outcome.code == 0, "\(arguments[0]): \(outcome.errors)")
      }
      #expect(try Self.files(holding: word, in: made) == [])
      // The search finds what there is to be found.
      try Data("{\"dataFolder\": \"\(data)\"}".utf8).write(to: made.appending(path: "leak.json"))
      #expect(try Self.files(holding: word, in: made) == ["leak.json"])
    }
  }

  private static func move(_ from: String, to: String, in folder: URL) throws {
    let target = folder.appending(path: to)
    try files.createDirectory(at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
    try files.moveItem(at: folder.appending(path: from), to: target)
  }

  @Test func aRunThatIsMovedGoesOn() throws {
    try withTemporaryFolder { folder in
      try Self.files.createDirectory(at: folder.appending(path: "a"), withIntermediateDirectories: true)
      try Self.phantom("a/data", in: folder)
      let first = try Command.run(["evaluate", "a/data", "--out", "a/run"] + Self.evaluation, in: folder)
      try #require(first.code == 0, "\(first.errors)")

      // Both together.
      try Self.move("a", to: "b/c", in: folder)
      func generate(_ further: [String], out: String) throws -> Command.Outcome {
        try Command.run(["generate", "b/c/run", "--per-class", "2", "--out", out] + further, in: folder)
      }
      let images = try generate([], out: "images")
      #expect(images.code == 0 && !images.errors.contains("not found"), "\(images.errors)")
      let manifest = try String(contentsOf: folder.appending(path: "images/manifest.csv"), encoding: .utf8)
      #expect(manifest.contains("AD/sub-"), "\(manifest)")
      let resolved = try Command.run(["recipe", "b/c/run/recipe.yaml"], in: folder)
      #expect(resolved.output.contains("/b/c/data"), "\(resolved.output)")
      func goesOn(_ data: String) throws {
        let again = try Command.run(["evaluate", data, "--out", "b/c/run"] + Self.evaluation, in: folder)
        #expect(again.code == 0 && again.output == first.output, "\(again.errors)")
        #expect(again.errors.contains("Continuing the run") && !again.errors.contains("Training"), "\(again.errors)")
      }
      try goesOn("b/c/data")

      // The data under another name, given anew.
      try Self.move("b/c/data", to: "elsewhere/photos", in: folder)
      let lost = try generate([], out: "lost")
      #expect(lost.code != 0 && lost.errorLines.last!.contains("--data"), "\(lost.errors)")
      let found = try generate(["--data", "elsewhere/photos"], out: "found")
      #expect(found.code == 0, "\(found.errors)")
      #expect(
        try String(contentsOf: folder.appending(path: "found/manifest.csv"), encoding: .utf8) == manifest)
      for command in [
        ["neighbours", "b/c/run/models/AD", "1", "--count", "2"],
        ["interpolate", "b/c/run/models/AD", "1", "2", "--steps", "2", "--out", "between"],
      ] {
        let outcome = try Command.run(command, in: folder)
        #expect(outcome.code == 0, "\(outcome.errors)")
      }
      try goesOn("elsewhere/photos")
      #expect(try generate([], out: "again").code == 0, "the recipe follows")

      // Other images under the same names are not those of the run.
      let outcome = try Command.run(
        ["phantom", "other", "--subjects", "40", "--minority", "16", "--size", "32x32", "--seed", "9"], in: folder)
      try #require(outcome.code == 0, "\(outcome.errors)")
      let wrong = try generate(["--data", "other"], out: "wrong")
      #expect(wrong.code == 2 && wrong.errors.contains("--data"), "\(wrong.errors)")
      let refused = try Command.run(["evaluate", "other", "--out", "b/c/run"] + Self.evaluation, in: folder)
      #expect(refused.code == 1 && refused.errors.contains("the data changed"), "\(refused.errors)")
    }
  }
}
