import Foundation
import Testing

/// Images of another place, and divisions by site, from end to end.
@Suite struct OtherPlacesTests {
  private static let small = [
    "--methods", "original,linear", "--steps", "2", "--set", "classifier.epochs=1", "--quiet",
  ]

  private static func phantom(_ name: String, seed: Int, subjects: Int = 30, size: String = "32x32", in folder: URL)
    throws
  {
    let made = try Command.run(
      [
        "phantom", name, "--subjects", "\(subjects)", "--minority", "12", "--size", size, "--seed", "\(seed)",
        "--quiet",
      ], in: folder)
    try #require(made.code == 0, "\(made.errors)")
  }

  private static func text(_ path: String, in folder: URL) throws -> String {
    try String(contentsOf: folder.appending(path: path), encoding: .utf8)
  }

  /// Every classifier is scored there; asking for it later gives the same bytes as asking at once.
  @Test func anotherPlaceIsScored() throws {
    try withTemporaryFolder { folder in
      try Self.phantom("data", seed: 1, in: folder)
      try Self.phantom("elsewhere", seed: 2, subjects: 24, in: folder)
      let arguments = ["evaluate", "data", "--splits", "2", "--runs", "1"] + Self.small
      let outcome = try Command.run(arguments + ["--out", "run", "--test", "elsewhere"], in: folder)
      try #require(outcome.code == 0, "\(outcome.errors)")
      #expect(
        outcome.output.contains("On elsewhere, which no classifier has learned from (24 images of 24 subjects: 12"))
      #expect(outcome.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
      let predictions = try Self.text("run/external/predictions.csv", in: folder)
      // Two methods on two splits.
      #expect(predictions.split(separator: "\n").count == 1 + 4 * 24)
      let results = try #require(
        JSONSerialization.jsonObject(with: Data(contentsOf: folder.appending(path: "run/results.json")))
          as? [String: Any])
      let external = try #require(results["external"] as? [String: Any])
      #expect(external["name"] as? String == "elsewhere" && external["subjects"] as? Int == 24)
      let shift = try #require(external["shift"] as? [String: Any])
      #expect((shift["shares"] as? [[String: Any]])?.count == 2)
      #expect(try Self.text("run/report.html", in: folder).contains("On elsewhere"))
      #expect(try !Self.text("run/recipe.yaml", in: folder).contains(folder.path))

      // The scores within are those of a run without other images.
      let alone = try Command.run(arguments + ["--out", "later"], in: folder)
      try #require(alone.code == 0, "\(alone.errors)")
      #expect(try !Self.text("later/results.json", in: folder).contains("\"external\""))
      #expect(try Self.text("later/predictions.csv", in: folder) == Self.text("run/predictions.csv", in: folder))
      let added = try Command.run(arguments + ["--out", "later", "--test", "elsewhere"], in: folder)
      try #require(added.code == 0, "\(added.errors)")
      for file in ["external/predictions.csv", "external/results.csv", "predictions.csv"] {
        #expect(try Self.text("later/\(file)", in: folder) == Self.text("run/\(file)", in: folder), "\(file)")
      }
    }
  }

  @Test func imagesThatCannotBeATestAreRefused() throws {
    try withTemporaryFolder { folder in
      try Self.phantom("data", seed: 1, in: folder)
      try Self.phantom("copies", seed: 2, in: folder)
      try Self.phantom("large", seed: 2, size: "40x40", in: folder)
      try Self.phantom("three", seed: 3, in: folder)
      let files = FileManager.default
      let name = try #require(
        try files.contentsOfDirectory(atPath: folder.appending(path: "data/AD").path).sorted().first)
      try files.copyItem(
        at: folder.appending(path: "data/AD/\(name)"), to: folder.appending(path: "copies/AD/copy.nii.gz"))
      try files.moveItem(at: folder.appending(path: "three/AD"), to: folder.appending(path: "three/MCI"))
      func evaluate(_ test: String, _ further: [String] = []) throws -> Command.Outcome {
        try Command.run(
          ["evaluate", "data", "--out", "run-\(test)", "--test", test, "--splits", "2", "--runs", "1"] + Self.small
            + further,
          in: folder)
      }
      let copied = try evaluate("copies")
      #expect(
        copied.code == 1 && copied.errorLines.count == 1 && copied.errors.contains("copy.nii.gz"), "\(copied.errors)")
      #expect(!files.fileExists(atPath: folder.appending(path: "run-copies").path))
      let allowed = try evaluate("copies", ["--allow-leaks"])
      #expect(allowed.code == 0 && allowed.output.contains("LEAK: 1 image of copies"), "\(allowed.errors)")
      let large = try evaluate("large")
      #expect(large.code == 1 && large.errors.contains("--size 32x32"), "\(large.errors)")
      #expect(try evaluate("large", ["--size", "32x32"]).code == 0)
      let other = try evaluate("three")
      #expect(
        other.code == 1 && other.errors.contains("no images of the class AD") && other.errors.contains("MCI"),
        "\(other.errors)")
      #expect(try evaluate("data").code == 1)
    }
  }

  /// Each split tests on one site, and `inspect` says that one of them is brighter.
  @Test func sites() throws {
    try withTemporaryFolder { folder in
      try Self.phantom("data", seed: 1, subjects: 36, in: folder)
      let file = folder.appending(path: "data/participants.tsv")
      let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init)
      let sites = ["Basel", "Graz", "Lyon"]
      let rows = lines.dropFirst().enumerated().map { $1 + "\t" + sites[$0 % 3] }
      try ([lines[0] + "\tsite"] + rows).joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)
      let siteOf = Dictionary(
        uniqueKeysWithValues: rows.map { row in
          let cells = row.split(separator: "\t")
          return (String(cells[0]), String(cells.last!))
        })

      let outcome = try Command.run(
        ["evaluate", "data", "--out", "run", "--split-by", "site", "--runs", "1"] + Self.small, in: folder)
      try #require(outcome.code == 0, "\(outcome.errors)")
      let predictions = try Self.text("run/predictions.csv", in: folder).split(separator: "\n").dropFirst()
      let tested = Dictionary(grouping: predictions.map { $0.split(separator: ",") }, by: { String($0[0]) })
        .mapValues { Set($0.map { siteOf[String($0[3])]! }) }
      #expect(tested == ["1": ["Basel"], "2": ["Graz"], "3": ["Lyon"]])

      // Another site for somebody is another division: models of the old one must not be taken for it.
      let recipe = try Self.text("run/recipe.yaml", in: folder)
      let known = try String(contentsOf: file, encoding: .utf8)
      try known.replacing("\tLyon", with: "\tGraz", maxReplacements: 1).write(
        to: file, atomically: true, encoding: .utf8)
      let changed = try Command.run(
        ["evaluate", "data", "--out", "run", "--split-by", "site", "--runs", "1"] + Self.small, in: folder)
      #expect(changed.code == 1 && changed.errors.contains("sites of the images"), "\(changed.errors)")
      #expect(try Self.text("run/recipe.yaml", in: folder) == recipe)
      try known.write(to: file, atomically: true, encoding: .utf8)

      let looked = try Command.run(["inspect", "data"], in: folder)
      #expect(looked.output.contains("Sites, by the column 'site':") && looked.output.contains("Graz"))
      #expect(looked.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
      let json = try Command.run(["inspect", "data", "--json", "--quiet"], in: folder)
      let document = try #require(
        JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
      #expect(document["images"] as? Int == 36)
      #expect(((document["sites"] as? [String: Any])?["sites"] as? [Any])?.count == 3)

      let unknown = try Command.run(
        ["evaluate", "data", "--out", "none", "--split-by", "site", "--site-column", "ward"] + Self.small, in: folder)
      #expect(unknown.code == 1 && unknown.errors.contains("ward"), "\(unknown.errors)")
    }
  }

  /// Two people a class say nothing of others; and what is refused leaves the recipe as it was.
  @Test func fewPeopleElsewhereAreNotCompared() throws {
    try withTemporaryFolder { folder in
      try Self.phantom("data", seed: 1, in: folder)
      try Self.phantom("elsewhere", seed: 2, subjects: 24, in: folder)
      let files = FileManager.default
      for name in ["AD", "CN"] {
        let place = folder.appending(path: "elsewhere/\(name)")
        for file in try files.contentsOfDirectory(atPath: place.path).sorted().dropFirst(2) {
          try files.removeItem(at: place.appending(path: file))
        }
      }
      let arguments = ["evaluate", "data", "--splits", "2", "--runs", "1", "--out", "run"] + Self.small
      let outcome = try Command.run(arguments + ["--test", "elsewhere"], in: folder)
      try #require(outcome.code == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("Too few people there to compare methods."))
      #expect(outcome.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
      let recipe = try Self.text("run/recipe.yaml", in: folder)
      try Self.phantom("third", seed: 3, in: folder)
      let refused = try Command.run(arguments + ["--test", "third"], in: folder)
      #expect(refused.code == 1 && refused.errors.contains("images of another place"), "\(refused.errors)")
      #expect(try Self.text("run/recipe.yaml", in: folder) == recipe)
    }
  }
}
