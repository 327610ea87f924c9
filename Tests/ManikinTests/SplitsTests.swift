import Foundation
import Testing

/// The protocol of several splits, from end to end.
@Suite struct SplitsTests {
  static let arguments = [
    "evaluate", "data", "--splits", "2", "--runs", "1", "--steps", "20", "--synthetic-per-class", "6", "--set",
    "classifier.epochs=1", "--set", "sampler.steps=5", "--set", "synthetic.gmm-components=2", "--quiet",
  ]

  /// Rows of a CSV file without quotes, by column.
  private static func rows(_ file: URL) throws -> [[String: String]] {
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0], $0)) }
  }

  private static func makeData(_ name: String, in folder: URL) throws {
    let outcome = try Command.run(
      ["phantom", name, "--subjects", "40", "--minority", "15", "--size", "32x32"], in: folder)
    try #require(outcome.code == 0, "\(outcome.errors)")
  }

  /// Nothing synthetic is made from a test or validation image: every source and every nearest image is one that the
  /// split's models were trained on, no such image is tested, and other pixels in the test images of a split leave all
  /// its models and synthetic images the same, byte by byte.
  @Test func nothingSyntheticComesFromTestImages() throws {
    try withTemporaryFolder { folder in
      try Self.makeData("data", in: folder)
      let methods = ["--methods", "original-resampled,posterior,smote,manifold"]
      let first = try Command.run(Self.arguments + methods + ["--out", "first"], in: folder)
      try #require(first.code == 0, "\(first.errors)")
      #expect(first.output.contains("2 splits x 1 run"))
      let run = folder.appending(path: "first", directoryHint: .isDirectory)
      #expect(!FileManager.default.fileExists(atPath: run.appending(path: "models").path))
      let predictions = try Self.rows(run.appending(path: "predictions.csv"))
      var tested: [Set<String>] = []
      for split in 1...2 {
        let part = run.appending(path: "splits/0\(split)", directoryHint: .isDirectory)
        let test = Set(predictions.filter { $0["split"] == "\(split)" }.map { $0["image"]! })
        #expect(test.count == 8)
        tested.append(test)
        var trained = Set<String>()
        for name in ["AD", "CN"] {
          let card = try JSONSerialization.jsonObject(
            with: Data(contentsOf: part.appending(path: "models/\(name)/model.json")))
          trained.formUnion(try #require((card as? [String: Any])?["trainingImages"] as? [String]))
        }
        // Of 15 and 25 subjects, 3 and 5 are for test, 2 and 3 for validation.
        #expect(trained.count == 27 && trained.isDisjoint(with: test))
        for method in ["posterior", "smote", "manifold"] {
          let manifest = try Self.rows(part.appending(path: "synthetic/\(method)/manifest.csv"))
          #expect(manifest.count == 12)
          for row in manifest {
            #expect(trained.contains(row["source_training_image"]!) && trained.contains(row["nearest_training_image"]!))
          }
        }
      }
      #expect(tested[0] != tested[1])
      try everySplitsFigures(of: run, methods, in: folder)
      try otherTestPixels(tested, run, methods, in: folder)
    }
  }

  /// Chains, leak and crowding of both splits stand in `results.json` and, with their range, in the report; and when a
  /// split's figures are lost, they are found again as they were.
  private func everySplitsFigures(of run: URL, _ methods: [String], in folder: URL) throws {
    let results = try Data(contentsOf: run.appending(path: "results.json"))
    let document = try #require(JSONSerialization.jsonObject(with: results) as? [String: Any])
    let splits = try #require(document["splits"] as? [[String: Any]])
    #expect(splits.count == 2)
    let acceptances = try splits.map { split in
      let samplers = try #require(split["samplers"] as? [[String: Any]])
      #expect(samplers.count == 2)
      #expect((split["quality"] as? [String: Any])?.keys.sorted() == ["manifold", "posterior", "smote"])
      return samplers.compactMap { $0["medianDisplacement"] as? Double }
    }
    #expect(acceptances[0] != acceptances[1], "models of their own move by other amounts")
    let page = try String(contentsOf: run.appending(path: "report.html"), encoding: .utf8)
    #expect(page.contains("moved in latent space, mean and range over 2 splits"))
    #expect(!FileManager.default.fileExists(atPath: run.appending(path: "crowding.json").path))
    #expect(FileManager.default.fileExists(atPath: run.appending(path: "splits/02/crowding.json").path))

    try FileManager.default.removeItem(at: run.appending(path: "splits/02/figures.json"))
    #expect(try Command.run(Self.arguments + methods + ["--out", "first"], in: folder).code == 0)
    #expect(try Data(contentsOf: run.appending(path: "results.json")) == results)
  }

  /// Gives the test images of each split in turn other pixels, and compares what the models made.
  private func otherTestPixels(_ tested: [Set<String>], _ run: URL, _ methods: [String], in folder: URL) throws {
    let files = FileManager.default
    for (split, test) in tested.enumerated() {
      let data = folder.appending(path: "data", directoryHint: .isDirectory)
      try files.removeItem(at: data)
      try Self.makeData("data", in: folder)
      // The test images of each class change places; copies of one would join their subjects, and so change the split.
      for name in ["AD", "CN"] {
        let images = test.filter { $0.hasPrefix(name + "/") }.sorted()
        let contents = try images.map { try Data(contentsOf: data.appending(path: $0)) }
        for (place, image) in images.enumerated() {
          try contents[(place + 1) % images.count].write(to: data.appending(path: image))
        }
      }
      let out = "changed-\(split)"
      let changed = try Command.run(Self.arguments + methods + ["--out", out], in: folder)
      try #require(changed.code == 0, "\(changed.errors)")
      let place = "splits/0\(split + 1)"
      let (old, new) = (run.appending(path: place), folder.appending(path: out).appending(path: place))
      var compared = 0
      for path in try files.subpathsOfDirectory(atPath: old.path)
      where path.hasPrefix("synthetic/") || path.hasSuffix(".safetensors") {
        // What was found when the images were compared with unseen ones stands in it.
        if path.hasSuffix("/DATASHEET.md") { continue }
        var isFolder: ObjCBool = false
        _ = files.fileExists(atPath: old.appending(path: path).path, isDirectory: &isFolder)
        if isFolder.boolValue { continue }
        compared += 1
        #expect(
          try Data(contentsOf: old.appending(path: path)) == Data(contentsOf: new.appending(path: path)), "\(path)")
      }
      #expect(compared > 36)
      let texts = try [run, folder.appending(path: out)].map {
        try String(contentsOf: $0.appending(path: "predictions.csv"), encoding: .utf8)
      }
      #expect(texts[0] != texts[1], "the test images did change")
    }
  }

  /// Images that come split are evaluated on that split, more splits continue a run, and the logistic regression on the
  /// table joins when covariates are named.
  @Test func givenSplitsAndCovariates() throws {
    try withTemporaryFolder { folder in
      try Self.makeData("data", in: folder)
      let quick = ["--methods", "original,original-resampled", "--set", "data.covariates=age,sex"]
      let first = try Command.run(Self.arguments + quick + ["--out", "run"], in: folder)
      try #require(first.code == 0, "\(first.errors)")
      #expect(first.output.contains("\ncovariates ") && first.output.contains("No way of making images was compared"))
      let longer = try Command.run(Self.arguments + quick + ["--splits", "3", "--out", "run"], in: folder)
      #expect(longer.code == 0 && longer.output.contains("3 splits x 1 run"), "\(longer.errors)")
      let csvs = try ["run", "fresh"].map { out in
        if out == "fresh" {
          #expect(try Command.run(Self.arguments + quick + ["--splits", "3", "--out", out], in: folder).code == 0)
        }
        return try Data(contentsOf: folder.appending(path: "\(out)/predictions.csv"))
      }
      #expect(csvs[0] == csvs[1])

      try otherTables(quick, in: folder)

      // The same images, the first six of each class for training.
      for name in ["AD", "CN"] {
        let source = folder.appending(path: "data/\(name)")
        let images = try FileManager.default.contentsOfDirectory(atPath: source.path).sorted()
        for (side, range) in [("train", 0..<6), ("val", 6..<8), ("test", 8..<12)] {
          let target = folder.appending(path: "given/\(side)/\(name)")
          try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
          for image in images[range] {
            try FileManager.default.copyItem(at: source.appending(path: image), to: target.appending(path: image))
          }
        }
      }
      let arguments = Self.arguments.map { $0 == "data" ? "given" : $0 }.filter { $0 != "--quiet" }
      let given = try Command.run(arguments + ["--methods", "original,prior", "--out", "one"], in: folder)
      #expect(given.code == 0 && given.errors.contains("note: the images come already split"), "\(given.errors)")
      #expect(given.output.contains("1 run on one split") && given.output.contains("One repeat cannot say whether"))
      #expect(!given.output.contains(" gains "), "\(given.output)")
      #expect(FileManager.default.fileExists(atPath: folder.appending(path: "one/models/AD/model.json").path))

      let missing = try Command.run(
        Self.arguments + ["--methods", "original", "--set", "data.covariates=age,height", "--out", "none"], in: folder)
      #expect(missing.code == 1 && missing.errors.contains("no column 'height'") && missing.errorLines.count == 1)
      let unnamed = try Command.run(Self.arguments + ["--methods", "covariates", "--out", "none"], in: folder)
      #expect(unnamed.code == 2 && unnamed.errors.contains("give 'covariates' in 'data'"), "\(unnamed.errors)")
    }
  }

  /// A run does not go on with another table than it began with; columns that it does not read may change.
  private func otherTables(_ quick: [String], in folder: URL) throws {
    let table = folder.appending(path: "data/participants.tsv")
    let lines = try String(contentsOf: table, encoding: .utf8).split(separator: "\n").map {
      $0.split(separator: "\t").map(String.init)
    }
    #expect(lines[0][1] == "class" && lines[0][2] == "age" && lines[0][4] == "severity")
    func write(column: Int, of row: Int, _ text: String) throws {
      var changed = lines
      changed[row][column] = text
      try Data(changed.map { $0.joined(separator: "\t") + "\n" }.joined().utf8).write(to: table)
    }
    let again = Self.arguments + quick + ["--splits", "3", "--out", "run"]
    try write(column: 4, of: 5, "0.5")
    let same = try Command.run(again, in: folder)
    #expect(same.code == 0, "\(same.errors)")
    let before = try Data(contentsOf: folder.appending(path: "run/predictions.csv"))
    try write(column: 2, of: 5, "101")
    let refused = try Command.run(again, in: folder)
    #expect(refused.code == 1 && refused.output == "" && refused.errorLines.count == 1)
    #expect(refused.errors.contains("the table of covariates changed since the run in"), "\(refused.errors)")
    #expect(try Data(contentsOf: folder.appending(path: "run/predictions.csv")) == before)

    // Classes from the table, without those of the folders.
    try write(column: 2, of: 5, lines[5][2])
    let labelled = Self.arguments + ["--methods", "original", "--labels", "data/participants.tsv", "--out", "labelled"]
    let first = try Command.run(labelled, in: folder)
    #expect(first.code == 0, "\(first.errors)")
    try write(column: 1, of: 5, lines[5][1] == "AD" ? "CN" : "AD")
    let other = try Command.run(labelled, in: folder)
    #expect(other.code == 1 && other.errors.contains("the table of classes and subjects changed"), "\(other.errors)")
    try write(column: 1, of: 5, lines[5][1])
  }
}
