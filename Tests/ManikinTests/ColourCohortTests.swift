import Foundation
import Imaging
import Randomness
import Testing

/// Cohorts in colour from end to end.
@Suite struct ColourCohortTests {
  private static let files = FileManager.default
  private static let quick = ["--steps", "20", "--set", "sampler.steps=5"]

  /// Discs on a dark ground, 24 x 24 pixels, as PNG files: A is redder, B bluer, and the luminance of both is alike.
  private static func make(_ name: String, each count: Int = 24, in folder: URL) throws {
    var random = RandomStream(seed: 1, purpose: "discs")
    for (className, red) in [("A", 30.0), ("B", -30.0)] {
      let target = folder.appending(path: "\(name)/\(className)", directoryHint: .isDirectory)
      try files.createDirectory(at: target, withIntermediateDirectories: true)
      for index in 0..<count {
        let (row, column, radius) = (random.uniform(9, 15), random.uniform(9, 15), random.uniform(4, 8))
        let pixels = (0..<576).flatMap { pixel -> [UInt8] in
          let distance = hypot(Double(pixel / 24) - row, Double(pixel % 24) - column)
          let grey = 85 + 60 / (1 + exp(distance - radius)) + random.uniform(-4, 4)
          return [grey + red, grey, grey - red * 299 / 114].map { UInt8(min(255, max(0, $0.rounded()))) }
        }
        try ImageFile.writePNG(
          pixels, width: 24, height: 24, channels: 3, to: target.appending(path: "\(className)\(100 + index).png"))
      }
    }
  }

  private static func scores(_ run: String, in folder: URL) throws -> [String: Double] {
    let text = try String(contentsOf: folder.appending(path: "\(run)/results.csv"), encoding: .utf8)
    let rows = text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    let (method, metric, value) = (
      rows[0].firstIndex(of: "method")!, rows[0].firstIndex(of: "metric")!, rows[0].firstIndex(of: "value")!
    )
    return Dictionary(
      uniqueKeysWithValues: rows.filter { $0[metric] == "balanced_accuracy" }.map {
        (String($0[method]), Double($0[value])!)
      })
  }

  /// A picture's header says 8 bits and colour type 2.
  private static func isColour(_ png: Data) -> Bool { png.count > 25 && png[png.startIndex + 25] == 2 }

  @Test func hueTellsTheClassesApart() throws {
    try withTemporaryFolder { folder in
      try Self.make("data", in: folder)
      let methods = "original,linear,classical,mixup,elastic,manifold,deformation"
      func evaluate(_ out: String, _ further: [String]) throws -> Command.Outcome {
        try Command.run(
          ["evaluate", "data", "--out", out, "--protocol", "paper", "--runs", "1", "--synthetic-per-class", "12"]
            + ["--set", "classifier.epochs=6"] + Self.quick + further, in: folder)
      }
      let colour = try evaluate("colour", ["--methods", methods])
      try #require(colour.code == 0, "\(colour.errors)")
      #expect(colour.errors.contains("note: all 48 images in colour") && colour.errors.contains("3 channels"))
      let scores = try Self.scores("colour", in: folder)
      #expect(scores.count == 7 && scores["linear"]! == 1 && scores["elastic"]! == 1, "\(scores)")

      let run = folder.appending(path: "colour", directoryHint: .isDirectory)
      let card = try String(contentsOf: run.appending(path: "models/A/model.json"), encoding: .utf8)
      #expect(card.contains("\"channels\" : 3") && !card.contains("\"colour\""), "\(card)")
      for method in ["manifold", "deformation"] {
        let file = run.appending(path: "synthetic/\(method)/A/synthetic-A-00001.nii.gz")
        #expect(try ImageFile.header(file).dataType == "rgb24")
        let image = try ImageFile.read(file)
        #expect(image.channels == 3 && image.height == 24 && image.pixels.allSatisfy { (0...255).contains($0) })
        // Redder than its luminance, as its class is.
        let red = stride(from: 0, to: image.pixels.count, by: 3).reduce(Float(0)) { $0 + image.pixels[$1] } / 576
        #expect(red > image.luminance.pixels.reduce(0, +) / 576 + 10, "\(method): \(red)")
        let sheet = try String(contentsOf: run.appending(path: "synthetic/\(method)/DATASHEET.md"), encoding: .utf8)
        #expect(sheet.contains("red, green and blue of 8 bits each (datatype 128), 0 to 255"), "\(sheet)")
      }
      let report = try String(contentsOf: run.appending(path: "report.html"), encoding: .utf8)
      let pictures = report.matches(of: /data:image\/png;base64,([A-Za-z0-9+\/=]+)/).compactMap {
        Data(base64Encoded: String($0.1))
      }
      #expect(pictures.contains(where: Self.isColour) && report.contains("24 x 24 pixels in colour"))

      // The same again, and what only grey shows.
      let grey = try evaluate("grey", ["--methods", "original,linear", "--colour", "grey"])
      try #require(grey.code == 0, "\(grey.errors)")
      #expect(grey.errors.contains("only the luminance is taken"))
      let guessed = try Self.scores("grey", in: folder)
      #expect(guessed["linear"]! < 0.9, "\(guessed)")
      let plain = try String(contentsOf: folder.appending(path: "grey/models/A/model.json"), encoding: .utf8)
      #expect(!plain.contains("channels") && plain.contains("\"colour\" : \"grey\""), "\(plain)")
    }
  }

  @Test func everyCommandTakesColours() throws {
    try withTemporaryFolder { folder in
      try Self.make("data", each: 12, in: folder)
      func run(_ arguments: [String]) throws -> Command.Outcome {
        let outcome = try Command.run(arguments, in: folder)
        #expect(outcome.code == 0, "\(arguments): \(outcome.errors)")
        return outcome
      }
      func header(_ path: String) throws -> String { try ImageFile.header(folder.appending(path: path)).dataType }
      let inspection = try run(["inspect", "data", "--sheets", "sheets"])
      let words = inspection.output.split { $0.isWhitespace }.joined(separator: " ")
      #expect(words.contains("all 24 images in colour") && words.contains("read in colour (3 channels)"))
      #expect(Self.isColour(try Data(contentsOf: folder.appending(path: "sheets/A.png"))))

      _ = try run(["train", "data", "--out", "models"] + Self.quick)
      for render in ["residual", "decode", "observe"] {
        let made = try run(["generate", "models", "--per-class", "12", "--out", render, "--render", render])
        #expect(!made.errors.contains("not found"), "\(made.errors)")
        #expect(try header("\(render)/B/synthetic-B-00012.nii.gz") == "rgb24")
      }
      let transfer = try run(
        ["generate", "models", "--per-class", "3", "--out", "deformed", "--method", "deformation"])
      #expect(transfer.code == 0)
      _ = try run(["interpolate", "models", "--class", "A", "1", "2", "--steps", "3", "--out", "between"])
      #expect(try header("between/geodesic/step-02.nii.gz") == "rgb24")
      #expect(Self.isColour(try Data(contentsOf: folder.appending(path: "between/geodesic.png"))))
      let file = "data/A/A100.png"
      #expect(try run(["neighbours", "models", file, "--class", "A"]).output.contains("A/A1"))

      let audit = try run(["audit", "residual", "data", "--pairs", "pairs.png"])
      #expect(audit.output.contains("Median distance"), "\(audit.output)")
      #expect(Self.isColour(try Data(contentsOf: folder.appending(path: "pairs.png"))))
      // An exact copy is found again, though it was written in 8 bits.
      try Self.files.createDirectory(at: folder.appending(path: "copies/A"), withIntermediateDirectories: true)
      try ImageFile.writeNIfTI(
        ImageFile.read(folder.appending(path: file)), to: folder.appending(path: "copies/A/copy.nii.gz"))
      #expect(try run(["audit", "copies", "data"]).output.contains("1 image is a copy of a training image"))

      // What was written is a cohort in colour.
      let again = try run(
        ["evaluate", "decode", "--out", "again", "--protocol", "paper", "--runs", "1", "--synthetic-per-class", "4"]
          + ["--methods", "original,manifold", "--set", "classifier.epochs=2"] + Self.quick)
      #expect(again.errors.contains("note: all 24 images in colour"), "\(again.errors)")
      _ = try run(
        ["augment", "data", "--per-class", "2", "--out", "bids", "--models", "m2", "--layout", "bids"] + Self.quick)
      #expect(try header("bids/sub-synthA00001/anat/sub-synthA00001_T1w.nii.gz") == "rgb24")
      _ = try run(["run", "models/recipe.yaml", "--out", "rerun", "--set", "evaluation.runs=0"])
      _ = try run(
        [
          "grid", "data", "--out", "grid", "--runs", "1", "--set", "classifier.epochs=1", "--set",
          "grid.methods=manifold",
        ]
          + Self.quick)
    }
  }

  @Test func whatIsNoChoiceOfColourIsSaid() throws {
    try withTemporaryFolder { folder in
      try Self.make("data", each: 3, in: folder)
      let outcome = try Command.run(["train", "data", "--out", "models", "--colour", "cmyk"], in: folder)
      #expect(outcome.code == 2 && outcome.errorLines.count == 1, "\(outcome.errors)")
      #expect(outcome.errors.contains("--colour") && outcome.errors.contains("auto, grey"), "\(outcome.errors)")
      // A file that is cut short is named, whatever the first ones look like.
      try Self.files.removeItem(at: folder.appending(path: "data/A"))
      for index in 0..<2 {
        try ImageFile.writeNIfTI(
          ImageFile.read(folder.appending(path: "data/B/B10\(index).png")),
          to: folder.appending(path: "data/B/x\(index).nii"))
      }
      let whole = try Data(contentsOf: folder.appending(path: "data/B/x0.nii"))
      try whole.prefix(800).write(to: folder.appending(path: "data/B/cut.nii"))
      let refused = try Command.run(["train", "data", "--out", "models"], in: folder)
      #expect(refused.code == 1 && refused.errorLines.count == 1, "\(refused.errors)")
      #expect(refused.errors.contains("cut.nii") && refused.errors.contains("cut short"), "\(refused.errors)")
    }
  }
}
