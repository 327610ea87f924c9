import Foundation
import Testing

/// Fidelity, audit and data sheets of a run.
@Suite struct JudgementTests {
  private static let arguments = [
    "evaluate", "data", "--protocol", "paper", "--out", "run", "--steps", "20", "--runs", "1", "--render", "decode",
    "--methods", "original-resampled,posterior,manifold", "--synthetic-per-class", "30", "--set", "classifier.epochs=2",
    "--set", "sampler.steps=5",
  ]

  private static func json(_ file: URL) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any], "\(file.path)")
  }

  private static func makeData(in folder: URL) throws {
    let made = try Command.run(
      ["phantom", "data", "--subjects", "60", "--minority", "20", "--size", "32x32", "--quiet"], in: folder)
    try #require(made.code == 0, "\(made.errors)")
  }

  /// The data sheet of a folder, and what every one says.
  private func sheet(_ folder: URL) throws -> String {
    let text = try String(contentsOf: folder.appending(path: "DATASHEET.md"), encoding: .utf8)
    for part in [
      "# Data sheet: Synthetic images of ", "not anonymous", "diagnosis", "TO BE FILLED IN", "seed 0", "manifest.csv",
    ] {
      #expect(text.contains(part), "\(part)")
    }
    return text
  }

  @Test func aRunSaysHowAlikeItsImagesAreAndWhatTheyGiveAway() throws {
    try withTemporaryFolder { folder in
      try Self.makeData(in: folder)
      let first = try Command.run(Self.arguments, in: folder)
      try #require(first.code == 0, "\(first.errors)")
      let run = folder.appending(path: "run", directoryHint: .isDirectory)
      let fidelity = try #require(
        Self.json(run.appending(path: "fidelity.json"))["entries"] as? [[String: Any]])
      // 2 kinds of features, 2 classes, 2 references, 2 methods and the real images.
      #expect(fidelity.count == 24 && fidelity.count { $0["method"] == nil } == 8)
      // 14 of 20 AD are for training and 4 for testing; 28 of 40 CN, and 8.
      for entry in fidelity where entry["method"] != nil {
        #expect(entry["count"] as? Int == (entry["className"] as? String == "AD" ? 14 : 28))
      }
      let audit = try Self.json(run.appending(path: "audit.json"))
      #expect(audit.keys.sorted() == ["manifold", "posterior"])
      for method in audit.values {
        let classes = try #require((method as? [String: Any])?["classes"] as? [[String: Any]])
        #expect(classes.map { $0["heldOut"] as? Int } == [6, 12])
        #expect(classes.allSatisfy { $0["synthetic"] as? Int == 30 })
        #expect(((method as? [String: Any])?["membership"] as? [String: Any])?["interval"] != nil)
      }

      let page = try String(contentsOf: run.appending(path: "report.html"), encoding: .utf8)
      let marks = ["training", "sampler", "fidelity", "audit", "repeat"].map { page.range(of: "<section id=\"\($0)\"") }
      #expect(marks.allSatisfy { $0 != nil } && marks.map { $0!.lowerBound } == marks.map { $0!.lowerBound }.sorted())
      #expect(page.contains("Features of a classifier of real images, against test images"))
      #expect(page.contains("4 test images for 100 features: the Fréchet distance is dominated by sampling error"))

      let text = try sheet(run.appending(path: "synthetic/posterior"))
      #expect(text.contains("| AD | 30 | 14 |") && text.contains("| CN | 30 | 28 |"))
      #expect(text.contains("method: posterior"))
      #expect(text.contains("- membership inference: AUC 0.") && text.contains("- mark of the class: "), "\(text)")
      try startingAgain(run, in: folder)
      try aPlantedCopy(run, in: folder)
    }
  }

  /// Files that are there are not made again; those that are gone come back with the same bytes, and a sheet keeps what
  /// its owner filled in.
  private func startingAgain(_ run: URL, in folder: URL) throws {
    let before = try KillTests.contents(of: run)
    for names in [[], ["fidelity.json"], ["audit.json", "synthetic/manifold/DATASHEET.md"]] {
      for name in names { try FileManager.default.removeItem(at: run.appending(path: name)) }
      let again = try Command.run(Self.arguments, in: folder)
      #expect(again.code == 0, "\(again.errors)")
      #expect(again.errors.contains("Comparing synthetic with real images") != names.isEmpty, "\(again.errors)")
      let after = try KillTests.contents(of: run)
      #expect(Set(after.keys) == Set(before.keys))
      for (path, data) in before { #expect(after[path] == data, "\(path) after \(names) were removed") }
    }
    let file = run.appending(path: "synthetic/posterior/DATASHEET.md")
    let filled = try String(contentsOf: file, encoding: .utf8).replacing("TO BE FILLED IN", with: "CC0")
    try Data(filled.utf8).write(to: file)
    #expect(try Command.run(Self.arguments, in: folder).code == 0)
    #expect(try String(contentsOf: file, encoding: .utf8) == filled)
  }

  /// A training image in the place of a synthetic one is found and named, in the file, on the page and on the screen.
  private func aPlantedCopy(_ run: URL, in folder: URL) throws {
    let card = try Self.json(run.appending(path: "models/AD/model.json"))
    let original = try #require((card["trainingImages"] as? [String])?[4])
    let planted = run.appending(path: "synthetic/manifold/AD/synthetic-AD-00007.nii.gz")
    try FileManager.default.removeItem(at: planted)
    try FileManager.default.copyItem(at: folder.appending(path: "data/\(original)"), to: planted)
    try FileManager.default.removeItem(at: run.appending(path: "audit.json"))
    let outcome = try Command.run(Self.arguments, in: folder)
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains(/warning: privacy audit: .*manifold/), "\(outcome.errors)")
    let audit = try Self.json(run.appending(path: "audit.json"))
    let copies = try #require((audit["manifold"] as? [String: Any])?["copies"] as? [[String: Any]])
    let found = try #require(copies.first, "the planted copy was not found")
    #expect(found["synthetic"] as? String == "AD/synthetic-AD-00007.nii.gz" && found["training"] as? String == original)
    #expect(found["distance"] as? Double == 0)
    let page = try String(contentsOf: run.appending(path: "report.html"), encoding: .utf8)
    #expect(page.contains("manifold: Share these images only as you would share the originals: 1 image is a copy"))
  }

  /// A run without classifiers has no test images: only the training images are compared with, and no one is unseen.
  @Test func withoutClassifiersTheTrainingImagesAreTheReference() throws {
    try withTemporaryFolder { folder in
      try Self.makeData(in: folder)
      let recipe = """
        data: {path: data}
        generator: {steps: 20}
        sampler: {steps: 5}
        evaluation: {runs: 0, methods: [prior], synthetic-per-class: 12}

        """
      try Data(recipe.utf8).write(to: folder.appending(path: "look.yaml"))
      let outcome = try Command.run(["run", "look.yaml", "--out", "run", "--quiet"], in: folder)
      try #require(outcome.code == 0, "\(outcome.errors)")
      let run = folder.appending(path: "run", directoryHint: .isDirectory)
      let entries = try #require(
        Self.json(run.appending(path: "fidelity.json"))["entries"] as? [[String: Any]])
      #expect(entries.count == 2 && entries.allSatisfy { $0["reference"] as? String == "training images" })
      let audit = try #require(Self.json(run.appending(path: "audit.json"))["prior"] as? [String: Any])
      #expect(audit["membership"] == nil && audit["hasHeldOut"] as? Bool == false)
      #expect(try sheet(run.appending(path: "synthetic/prior")).contains("for want of images that took no part"))
    }
  }

  /// The sheets of further splits are there, and say that nobody audited those images.
  @Test func everySplitHasItsSheets() throws {
    try withTemporaryFolder { folder in
      try Self.makeData(in: folder)
      let outcome = try Command.run(
        [
          "evaluate", "data", "--splits", "2", "--out", "run", "--steps", "20", "--runs", "1", "--methods",
          "original-resampled,prior", "--synthetic-per-class", "12", "--set", "classifier.epochs=1", "--quiet",
        ], in: folder)
      try #require(outcome.code == 0, "\(outcome.errors)")
      let run = folder.appending(path: "run", directoryHint: .isDirectory)
      #expect(try sheet(run.appending(path: "splits/01/synthetic/prior")).contains("- membership inference: AUC 0."))
      let second = try String(
        contentsOf: run.appending(path: "splits/02/synthetic/prior/DATASHEET.md"), encoding: .utf8)
      #expect(
        second.contains("- privacy audit: none; do one with `manikin audit SYNTHETIC DATA`")
          && second.contains("| AD | 12 | 14 |"))
      #expect(FileManager.default.fileExists(atPath: run.appending(path: "fidelity.json").path))
      #expect(!FileManager.default.fileExists(atPath: run.appending(path: "splits/01/fidelity.json").path))
    }
  }

  /// A BIDS derivative keeps its top free.
  @Test func aDerivativeHasItsSheetInCode() throws {
    try withTemporaryFolder { folder in
      try Self.makeData(in: folder)
      let outcome = try Command.run(
        [
          "augment", "data", "--out", "extra", "--models", "models", "--layout", "bids", "--steps", "20", "--set",
          "sampler.steps=5", "--quiet",
        ], in: folder)
      try #require(outcome.code == 0, "\(outcome.errors)")
      let text = try String(contentsOf: folder.appending(path: "extra/code/DATASHEET.md"), encoding: .utf8)
      #expect(text.contains("| AD | 20 | 20 |") && text.contains("fine detail of one person's image"), "\(text)")
      #expect(!text.contains("SHA-256 is"))
    }
  }
}
