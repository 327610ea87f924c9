import Foundation
import Testing

/// A model of all classes, ways of rendering, and interpolation, from the command line.
@Suite struct RenderTests {
  private static let short = ["--steps", "20", "--set", "sampler.steps=5", "--quiet"]

  /// The manifest's rows as dictionaries.
  private static func manifest(_ folder: URL) throws -> [[String: String]] {
    let lines = try String(contentsOf: folder.appending(path: "manifest.csv"), encoding: .utf8)
      .split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0], $0)) }
  }

  @Test func oneModelOfAllClassesServesEveryCommand() throws {
    try withTemporaryFolder { folder in
      let phantom = ["phantom", "data", "--subjects", "24", "--minority", "8", "--size", "32x32"]
      #expect(try Command.run(phantom, in: folder).code == 0)
      let trained = try Command.run(
        ["train", "data", "--out", "models", "--share", "all"] + Self.short.dropLast(3) + ["--quiet"], in: folder)
      try #require(trained.code == 0, "\(trained.errors)")
      let cards = try ["AD", "CN"].map { name in
        try #require(
          JSONSerialization.jsonObject(
            with: Data(contentsOf: folder.appending(path: "models/models/\(name)/model.json"))) as? [String: Any])
      }
      #expect(cards.allSatisfy { $0["sharedAmong"] as? [String] == ["AD", "CN"] })
      #expect(cards.map { ($0["trainingImages"] as? [String])?.count } == [8, 16])

      let common = ["generate", "models", "--per-class", "6", "--set", "sampler.steps=5", "--quiet"]
      var pixels: [String: Data] = [:]
      for render in ["decode", "residual", "observe"] {
        for method in ["manifold", "interpolation"] {
          let out = "\(method)-\(render)"
          let made = try Command.run(common + ["--out", out, "--method", method, "--render", render], in: folder)
          try #require(made.code == 0, "\(made.errors)")
          let rows = try Self.manifest(folder.appending(path: out))
          #expect(rows.count == 12 && rows.allSatisfy { $0["render"] == render && $0["method"] == method })
          for row in rows {
            #expect((row["residual_training_image"] != "n/a") == (render == "residual"))
            #expect((row["second_training_image"] != "n/a") == (method == "interpolation"))
            #expect(row["source_training_image"]!.hasPrefix(row["class"]!))
            guard method == "interpolation" else { continue }
            #expect(row["source_training_image"] != row["second_training_image"])
            let position = try #require(Double(row["position"]!))
            guard render == "residual" else { continue }
            let nearer = position > 0.5 ? "second_training_image" : "source_training_image"
            #expect(row["residual_training_image"] == row[nearer])
          }
          pixels[out] = try Data(contentsOf: folder.appending(path: "\(out)/AD/synthetic-AD-00001.nii.gz"))
        }
      }
      #expect(Set(pixels.values).count == 6)

      let between = try Command.run(
        ["interpolate", "models", "1", "2", "--class", "AD", "--out", "between"], in: folder)
      #expect(between.code == 0, "\(between.errors)")

      // A residual is of a training image: without them there is none.
      try FileManager.default.removeItem(at: folder.appending(path: "data"))
      let refused = try Command.run(common + ["--out", "none", "--render", "residual"], in: folder)
      #expect(refused.code == 2 && refused.errorLines.count == 1 && refused.errors.contains("training images"))
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "none").path))
      #expect(try Command.run(common + ["--out", "noisy", "--render", "observe"], in: folder).code == 0)
    }
  }

  /// What no option says goes by the run's recipe; an option goes before it.
  @Test func generateGoesByTheRecipeOfItsRun() throws {
    try withTemporaryFolder { folder in
      let phantom = ["phantom", "data", "--subjects", "24", "--minority", "8", "--size", "32x32"]
      #expect(try Command.run(phantom, in: folder).code == 0)
      let settings = ["--set", "synthetic.render=decode", "--set", "metric.lambda=0.5", "--seed", "5"]
      let trained = try Command.run(
        ["train", "data", "--out", "run", "--steps", "20", "--quiet", "--set", "sampler.steps=5"] + settings, in: folder
      )
      try #require(trained.code == 0, "\(trained.errors)")
      func made(_ models: String, _ out: String, _ further: [String]) throws -> Data {
        let outcome = try Command.run(
          ["generate", models, "--per-class", "3", "--quiet", "--out", out] + further, in: folder)
        try #require(outcome.code == 0, "\(outcome.errors)")
        #expect(try Self.manifest(folder.appending(path: out)).allSatisfy { $0["render"] == "decode" })
        return try Data(contentsOf: folder.appending(path: "\(out)/AD/synthetic-AD-00002.nii.gz"))
      }
      let plain = try made("run", "plain", [])
      #expect(try made("run/models", "same", settings) == plain)
      #expect(try made("run", "lambda", ["--set", "metric.lambda=0.001"]) != plain)
      #expect(try made("run", "seed", ["--seed", "6"]) != plain)
    }
  }

  @Test func anEvaluationWithASharedModelAndRealImagesBeside() throws {
    try withTemporaryFolder { folder in
      let phantom = ["phantom", "data", "--subjects", "60", "--minority", "20", "--size", "32x32"]
      #expect(try Command.run(phantom, in: folder).code == 0)
      let arguments =
        [
          "evaluate", "data", "--out", "run", "--share", "all", "--render", "residual", "--train-on", "both", "--runs",
          "1",
        ]
        + ["--methods", "original-matched,manifold,interpolation", "--synthetic-per-class", "10"]
        + ["--set", "classifier.epochs=2"] + Self.short
      let outcome = try Command.run(arguments, in: folder)
      try #require(outcome.code == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("interpolation"))
      // Other images, other scores: the run is not continued.
      let other = try Command.run(arguments.map { $0 == "residual" ? "decode" : $0 }, in: folder)
      #expect(other.code == 1 && other.errors.contains("rendering"), "\(other.errors)")
    }
  }

  /// Changed images are other images to the classifiers of synthetic methods, and to no other.
  @Test func syntheticMethodsTrainOnChangedImages() throws {
    try withTemporaryFolder { folder in
      let phantom = ["phantom", "data", "--subjects", "60", "--minority", "20", "--size", "32x32"]
      #expect(try Command.run(phantom, in: folder).code == 0)
      var predictions: [[String]] = []
      for kind in ["none", "none", "classical", "mixup", "elastic"] {
        let out = "\(kind)-\(predictions.count)"
        let outcome = try Command.run(
          ["evaluate", "data", "--out", out, "--splits", "2", "--runs", "1", "--synthetic-per-class", "10"]
            + ["--methods", "original-matched,elastic,transfer,deformation", "--set", "classifier.epochs=2"]
            + ["--set", "evaluation.augmentation=\(kind)"] + Self.short, in: folder)
        try #require(outcome.code == 0, "\(outcome.errors)")
        let text = try String(contentsOf: folder.appending(path: "\(out)/predictions.csv"), encoding: .utf8)
        predictions.append(text.split(separator: "\n").map(String.init))
      }
      for method in ["original-matched", "transfer", "deformation"] {
        let rows = predictions.map { $0.filter { $0.contains(",\(method),") } }
        #expect(!rows[0].isEmpty && rows[0] == rows[1])
        #expect(Set(rows).count == (method == "original-matched" ? 1 : 4))
      }
      #expect(predictions[0].contains { $0.contains(",elastic,") })
      // A class's own model knows nothing of another's codes.
      let alone = try Command.run(
        ["evaluate", "data", "--out", "alone", "--share", "none", "--methods", "transfer", "--runs", "1"] + Self.short,
        in: folder)
      #expect(alone.code == 2 && alone.errorLines.count == 1 && alone.errors.contains("transfer"), "\(alone.errors)")
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "alone").path))
    }
  }
}

/// Finding out first whether synthetic images help, and which.
@Suite struct BenefitCommandTests {
  private static let short = [
    "--steps", "20", "--set", "sampler.steps=5", "--set", "classifier.epochs=2", "--quiet",
  ]

  private static func phantom(_ folder: URL, subjects: Int = 40, minority: Int = 14) throws {
    let made = try Command.run(
      ["phantom", "data", "--subjects", "\(subjects)", "--minority", "\(minority)", "--size", "32x32"], in: folder)
    #expect(made.code == 0)
  }

  /// Two epochs teach nothing, so there is no evidence of help: the folder balances with real images.
  @Test func whereNothingHelpsCopiesAreWritten() throws {
    try withTemporaryFolder { folder in
      try Self.phantom(folder)
      let arguments = ["augment", "data", "--out", "extra", "--models", "m", "--only-if-helpful"] + Self.short
      let refused = try Command.run(arguments + ["--layout", "bids"], in: folder)
      #expect(refused.code == 2 && refused.errors.contains("--only-if-helpful"))
      let outcome = try Command.run(arguments, in: folder)
      try #require(outcome.code == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("paired repeats: no evidence that they help"), "\(outcome.output)")
      let manifest = try String(contentsOf: folder.appending(path: "extra/manifest.csv"), encoding: .utf8)
      let lines = manifest.split(separator: "\n").dropFirst()
      // 26 CN and 14 AD: twelve copies of different AD images.
      #expect(lines.count == 12 && lines.allSatisfy { $0.hasPrefix("AD/copy-AD-") && $0.contains(",copy,AD/") })
      #expect(Set(lines.map { $0.split(separator: ",").last! }).count == 12)
      let description = try String(
        contentsOf: folder.appending(path: "extra/dataset_description.json"), encoding: .utf8)
      #expect(description.contains("not synthetic"))
    }
  }

  @Test func augmentSaysWhatItsImagesGiveAway() throws {
    try withTemporaryFolder { folder in
      try Self.phantom(folder, subjects: 80, minority: 20)
      let arguments = ["augment", "data", "--out", "extra", "--models", "m", "--share", "none", "--render", "decode"]
      let outcome = try Command.run(arguments + Self.short, in: folder)
      try #require(outcome.code == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("AD: behind 40 generated images stand "))
      func document(_ name: String) throws -> [String: Any] {
        let data = try Data(contentsOf: folder.appending(path: "extra/\(name)"))
        return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
      }
      #expect((try document("crowding.json")["manifold"] as? [Any])?.count == 1)
      // After 20 steps a decoder gives a blur, of one class alone.
      let leak = try #require(document("leak.json")["manifold"] as? [String: Any])
      #expect(leak["verdict"] as? String != "none")
      let sentence = try #require(leak["sentence"] as? String)
      #expect((outcome.output + outcome.errors).contains(sentence))
    }
  }

  @Test func aGridGoesOnWhereItWas() throws {
    try withTemporaryFolder { folder in
      try Self.phantom(folder)
      let arguments =
        ["grid", "data", "--out", "grid", "--synthetic-per-class", "12", "--set", "grid.renders=[residual]"]
        + ["--set", "grid.methods=[manifold, transfer]", "--set", "grid.augmentations=none,mixup"]
        + ["--set", "grid.train-on=both,synthetic"] + Self.short
      let first = try Command.run(arguments + ["--runs", "1"], in: folder)
      try #require(first.code == 0, "\(first.errors)")
      #expect(first.output.contains("Chosen on validation images: "))
      let csv = try String(contentsOf: folder.appending(path: "grid/grid.csv"), encoding: .utf8)
      // Real images, and three ways, as they are and mixed, beside real images and alone: transfer goes with the model of
      // all classes only.
      let ways = ["none/residual/manifold", "all/residual/manifold", "all/residual/transfer"]
      let mixed =
        (["real"] + ways).flatMap { [$0, "\($0)+mixup"] } + ways.flatMap { ["\($0) alone", "\($0)+mixup alone"] }
      let names = Set(csv.split(separator: "\n").dropFirst().map { String($0.prefix { $0 != "," }) })
      #expect(names == Set(mixed), "\(names)")
      let more = try Command.run(arguments + ["--runs", "2", "--json"], in: folder)
      try #require(more.code == 0, "\(more.errors)")
      let longer = try String(contentsOf: folder.appending(path: "grid/grid.csv"), encoding: .utf8)
      #expect(longer.hasPrefix(csv) && longer.split(separator: "\n").count == 1 + 28)
      let object = try #require(JSONSerialization.jsonObject(with: Data(more.output.utf8)) as? [String: Any])
      #expect((object["ways"] as? [Any])?.count == 14)
    }
  }
}
