import Foundation
import ImageFiles
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
      #expect(scores.count == 7 && scores["linear"]! == 1, "\(scores)")

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
      let grey = try evaluate("grey", ["--methods", "original,linear,prior", "--colour", "grey"])
      try #require(grey.code == 0, "\(grey.errors)")
      #expect(grey.errors.contains("only the luminance is taken"))
      let guessed = try Self.scores("grey", in: folder)
      #expect(guessed["linear"]! < 0.9, "\(guessed)")
      let plain = try String(contentsOf: folder.appending(path: "grey/models/A/model.json"), encoding: .utf8)
      #expect(!plain.contains("channels") && plain.contains("\"colour\" : \"grey\""), "\(plain)")
    }
  }

  /// Runs a command that has to succeed.
  @discardableResult
  private static func run(_ arguments: [String], in folder: URL) throws -> Command.Outcome {
    let outcome = try Command.run(arguments, in: folder)
    try #require(outcome.code == 0, "\(arguments) ends with \(outcome.code): \(outcome.errors)")
    return outcome
  }

  private static func type(_ path: String, in folder: URL) throws -> String {
    try ImageFile.header(folder.appending(path: path)).dataType
  }

  @Test func coloursAreInspectedAndAudited() throws {
    try withTemporaryFolder { folder in
      try Self.make("data", each: 6, in: folder)
      let inspection = try Self.run(["inspect", "data", "--sheets", "sheets"], in: folder)
      let words = inspection.output.split { $0.isWhitespace }.joined(separator: " ")
      #expect(words.contains("all 12 images in colour") && words.contains("read in colour (3 channels)"))
      #expect(Self.isColour(try Data(contentsOf: folder.appending(path: "sheets/A.png"))))
      // An exact copy is found again, though it was written in 8 bits; so is one of the luminance.
      let original = try ImageFile.read(folder.appending(path: "data/A/A100.png"))
      for (name, copy) in [("colour", original), ("grey", original.luminance)] {
        let target = folder.appending(path: "\(name)/A", directoryHint: .isDirectory)
        try Self.files.createDirectory(at: target, withIntermediateDirectories: true)
        try ImageFile.writeNIfTI(copy, to: target.appending(path: "copy.nii.gz"))
        let audit = try Self.run(["audit", name, "data", "--pairs", "\(name).png"], in: folder)
        #expect(audit.output.contains("1 image is a copy of a training image"), "\(name): \(audit.output)")
        let pairs = try Data(contentsOf: folder.appending(path: "\(name).png"))
        #expect(Self.isColour(pairs) == (name == "colour"))
      }
    }
  }

  @Test func modelsOfColoursDrawColours() throws {
    try withTemporaryFolder { folder in
      try Self.make("data", each: 8, in: folder)
      try Self.run(["train", "data", "--out", "models", "--latent-dimensions", "2"] + Self.quick, in: folder)
      for (name, how) in [
        ("residual", ["--render", "residual"]), ("decode", ["--render", "decode"]),
        ("observe", ["--render", "observe"]),
        ("deformed", ["--method", "deformation"]),
      ] {
        let made = try Self.run(["generate", "models", "--per-class", "6", "--out", name] + how, in: folder)
        #expect(!made.errors.contains("not found"), "\(made.errors)")
        let file = folder.appending(path: "\(name)/B/synthetic-B-00006.png")
        #expect(Self.isColour(try Data(contentsOf: file)))
      }
      for (name, how) in [("as-nifti", ["--format", "nifti"])] {
        try Self.run(["generate", "models", "--per-class", "6", "--out", name] + how, in: folder)
        #expect(try Self.type("\(name)/B/synthetic-B-00006.nii.gz", in: folder) == "rgb24")
      }
      try Self.run(
        ["interpolate", "models", "--class", "A", "1", "2", "--steps", "3", "--out", "between"], in: folder)
      #expect(try Self.type("between/geodesic/step-02.nii.gz", in: folder) == "rgb24")
      #expect(Self.isColour(try Data(contentsOf: folder.appending(path: "between/geodesic.png"))))
      let neighbours = try Self.run(["neighbours", "models", "data/A/A100.png", "--class", "A"], in: folder)
      #expect(neighbours.output.contains("A/A1"))

      // A card that says another number of channels is no model's.
      let cardFile = folder.appending(path: "models/models/A/model.json")
      let card = try String(contentsOf: cardFile, encoding: .utf8)
      for (channels, words) in [("2", "1 or 3 channels, not 2"), ("1", "shape")] {
        try card.replacing("\"channels\" : 3", with: "\"channels\" : \(channels)")
          .write(to: cardFile, atomically: true, encoding: .utf8)
        let refused = try Command.run(["generate", "models", "--per-class", "1", "--out", "no"], in: folder)
        #expect(refused.code == 1 && refused.errors.contains(words), "\(refused.errors)")
      }

      // What was written is a cohort in colour.
      let again = try Self.run(
        ["evaluate", "decode", "--out", "again", "--protocol", "paper", "--runs", "1", "--synthetic-per-class", "4"]
          + ["--methods", "original,manifold", "--set", "classifier.epochs=2"] + Self.quick, in: folder)
      #expect(again.errors.contains("note: all 12 images in colour"), "\(again.errors)")
    }
  }

  @Test func coloursAreAugmentedAndCompared() throws {
    try withTemporaryFolder { folder in
      try Self.make("data", each: 8, in: folder)
      try Self.run(
        ["augment", "data", "--per-class", "2", "--out", "bids", "--models", "models", "--layout", "bids"] + Self.quick,
        in: folder)
      #expect(try Self.type("bids/sub-synthA00001/anat/sub-synthA00001_T1w.nii.gz", in: folder) == "rgb24")
      try Self.run(["run", "models/recipe.yaml", "--out", "rerun", "--set", "evaluation.runs=0"], in: folder)
      let grid = try Self.run(
        ["grid", "data", "--out", "grid", "--runs", "1", "--synthetic-per-class", "4"]
          + ["classifier.epochs=1", "grid.methods=manifold", "grid.shares=all", "grid.renders=decode"]
          .flatMap { ["--set", $0] } + ["--set", "grid.augmentations=none"] + Self.quick, in: folder)
      #expect(grid.errors.contains("note: all 16 images in colour"), "\(grid.errors)")
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
