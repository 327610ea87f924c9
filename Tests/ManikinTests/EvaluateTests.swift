import Foundation
import Testing

@Suite struct EvaluateTests {
  private static let files = FileManager.default
  private static let arguments = [
    "evaluate", "data", "--protocol", "paper", "--steps", "20", "--runs", "1", "--synthetic-per-class", "10", "--set",
    "classifier.epochs=2",
    "--set", "sampler.steps=5", "--set", "synthetic.gmm-components=2",
  ]

  /// Modification times of all files, by path.
  private static func times(in folder: URL) throws -> [String: Date] {
    var times: [String: Date] = [:]
    for path in try files.subpathsOfDirectory(atPath: folder.path) where !path.hasPrefix(".") {
      let attributes = try files.attributesOfItem(atPath: folder.appending(path: path).path)
      if attributes[.type] as? FileAttributeType == .typeRegular {
        times[path] = attributes[.modificationDate] as? Date
      }
    }
    return times
  }

  @Test func aTinyExperimentFromEndToEnd() throws {
    try withTemporaryFolder { folder in
      let phantom = try Command.run(
        ["phantom", "data", "--subjects", "60", "--minority", "20", "--size", "32x32"], in: folder)
      #expect(phantom.code == 0)
      #expect(phantom.output == "data: 20 AD and 40 CN, 32 x 32 pixels\n")

      let first = try Command.run(Self.arguments + ["--out", "first"], in: folder)
      try #require(first.code == 0, "\(first.errors)")
      let run = folder.appending(path: "first", directoryHint: .isDirectory)
      for path in [
        "recipe.yaml", "versions.json", "results.csv", "predictions.csv", "results.json", "training.csv",
        "models/AD/weights.safetensors", "models/AD/codes.safetensors", "models/CN/weights.safetensors",
        "models/CN/model.json", "synthetic/manifold/manifest.csv", "synthetic/prior/manifest.csv",
      ] {
        let size = try Self.files.attributesOfItem(atPath: run.appending(path: path).path)[.size] as? Int
        #expect((size ?? 0) > 0, "\(path)")
      }
      let csv = try String(contentsOf: run.appending(path: "results.csv"), encoding: .utf8)
      // One run of twelve methods, ten figures each; predictions of 4 AD and 8 CN.
      #expect(csv.split(separator: "\n").count == 1 + 12 * 10)
      let predictions = try String(contentsOf: run.appending(path: "predictions.csv"), encoding: .utf8)
      #expect(predictions.split(separator: "\n").count == 1 + 12 * 12)
      let report = try String(contentsOf: run.appending(path: "report.html"), encoding: .utf8)
      #expect(report.contains("Without a threshold") && report.contains("one split"))
      #expect(first.output.contains("original-matched") && first.output.contains("balanced accuracy"))
      #expect(first.errors.contains("Open the report: "))
      let images = try Self.files.contentsOfDirectory(atPath: run.appending(path: "synthetic/manifold/AD").path)
      #expect(images.count { $0.hasSuffix(".nii.gz") } == 10)

      let second = try Command.run(Self.arguments + ["--out", "second", "--threads", "1", "--quiet"], in: folder)
      #expect(second.code == 0 && second.errors == "")
      let other = folder.appending(path: "second", directoryHint: .isDirectory)
      for path in [
        "results.csv", "predictions.csv", "results.json", "models/AD/weights.safetensors",
        "synthetic/manifold/manifest.csv",
      ] {
        let (a, b) = (
          try Data(contentsOf: run.appending(path: path)), try Data(contentsOf: other.appending(path: path))
        )
        let isSame = a == b  // on its own: the differences of long files would be listed one by one
        #expect(isSame, "\(path)")
      }
      #expect(second.output == first.output)

      try resuming(run, in: folder)
      try generating(in: folder)
    }
  }

  /// At a learning rate of next to nothing no epoch does better on validation images than the first, which `best` keeps, so
  /// that two more epochs change nothing; `last` keeps what they made.
  @Test func theLastEpochIsScoredWhenTheRecipeSaysSo() throws {
    try withTemporaryFolder { folder in
      try #require(
        Command.run(["phantom", "data", "--subjects", "60", "--minority", "20", "--size", "32x32"], in: folder).code
          == 0)
      func predictions(_ keep: String, epochs: Int) throws -> String {
        let out = "\(keep)-\(epochs)"
        let outcome = try Command.run(
          [
            "evaluate", "data", "--protocol", "paper", "--runs", "1", "--set", "evaluation.methods=original", "--out",
            out,
          ]
            + ["--set", "classifier.learning-rate=1e-9", "--set", "classifier.epochs=\(epochs)"]
            + ["--set", "classifier.keep=\(keep)", "--quiet"], in: folder)
        try #require(outcome.code == 0, "\(outcome.errors)")
        return try String(contentsOf: folder.appending(path: "\(out)/predictions.csv"), encoding: .utf8)
      }
      let first = try predictions("best", epochs: 1)
      let best = try predictions("best", epochs: 3)
      let last = try predictions("last", epochs: 3)
      #expect(best == first)
      #expect(last != first)
    }
  }

  /// A finished run changes nothing but its report and its pictures, one with other settings is refused, and more runs go on.
  private func resuming(_ run: URL, in folder: URL) throws {
    let before = try Self.times(in: run)
    let again = try Command.run(Self.arguments + ["--out", "first"], in: folder)
    #expect(again.code == 0)
    #expect(again.errors.contains("Continuing the run"))
    #expect(!again.errors.contains("Training"), "\(again.errors)")
    let changed = Set(
      try Self.times(in: run).filter { before[$0.key] != $0.value }.keys.filter { !$0.hasPrefix("maps/") })
    #expect(changed.isSubset(of: ["report.html", "results.json", "training.csv"]), "\(changed)")

    let refused = try Command.run(Self.arguments + ["--out", "first", "--seed", "1", "--quiet"], in: folder)
    #expect(refused.code == 1 && refused.output == "" && refused.errorLines.count == 1)
    #expect(refused.errors.contains("seed"), "\(refused.errors)")

    let csv = try String(contentsOf: run.appending(path: "results.csv"), encoding: .utf8)
    let more = try Command.run(
      Self.arguments + ["--out", "first", "--set", "evaluation.runs=2", "--quiet"], in: folder)
    // The option --runs comes after --set, so that one run stays; without it there are two.
    #expect(more.code == 0)
    let options = Self.arguments.map { $0 == "1" ? "2" : $0 }
    #expect(try Command.run(options + ["--out", "first", "--quiet"], in: folder).code == 0)
    let longer = try String(contentsOf: run.appending(path: "results.csv"), encoding: .utf8)
    #expect(longer.hasPrefix(csv) && longer.split(separator: "\n").count == 1 + 2 * 12 * 10)
  }

  /// Images from the models of the run, the same from the same seed.
  private func generating(in folder: URL) throws {
    let arguments = ["generate", "first", "--per-class", "3", "--set", "sampler.steps=5"]
    for out in ["images", "same"] {
      let outcome = try Command.run(arguments + ["--out", out], in: folder)
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(outcome.output.hasPrefix("AD: 3 images in \(out)/AD\nCN: 3 images in \(out)/CN\n"))
    }
    let manifests = try ["images", "same"].map {
      try String(contentsOf: folder.appending(path: "\($0)/manifest.csv"), encoding: .utf8)
    }
    #expect(manifests[0] == manifests[1] && manifests[0].split(separator: "\n").count == 7)
    let sheets = try ["images", "same"].map {
      try String(contentsOf: folder.appending(path: "\($0)/DATASHEET.md"), encoding: .utf8)
    }
    #expect(sheets[0] == sheets[1])
    // 60 subjects, of which 14 AD and 28 CN were for training.
    #expect(sheets[0].contains("| AD | 3 | 14 |") && sheets[0].contains("| CN | 3 | 28 |"), "\(sheets[0])")
    for part in ["privacy audit: ", "TO BE FILLED IN", "diagnosis", "not anonymous", "steps: 5"] {
      #expect(sheets[0].contains(part), "\(part)")
    }
    let refused = try Command.run(arguments + ["--out", "images"], in: folder)
    #expect(refused.code != 0 && refused.errorLines.count == 1 && refused.errors.contains("--overwrite"))
  }
}
