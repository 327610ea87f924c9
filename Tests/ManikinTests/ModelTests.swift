import Foundation
import Testing

/// Models by their names, from training to images, and what is refused.
@Suite struct ModelTests {
  private static func makeData(in folder: URL) throws {
    let outcome = try Command.run(
      ["phantom", "data", "--subjects", "24", "--minority", "8", "--size", "32x32"], in: folder)
    try #require(outcome.code == 0, "\(outcome.errors)")
  }

  private static func oneLine(_ text: String) -> String {
    text.split { $0.isWhitespace }.joined(separator: " ")
  }

  /// Each draws from its own prior, one model of all classes or one for each, and alike every time.
  @Test(arguments: [("vamp", "all"), ("rhvae", "none"), ("two-stage", "all")])
  func modelsDrawFromTheirOwnPriors(model: String, share: String) throws {
    try withTemporaryFolder { folder in
      try Self.makeData(in: folder)
      let trained = try Command.run(
        [
          "train", "data", "--model", model, "--share", share, "--steps", "6", "--latent-dimensions", "3", "--set",
          "generator.second-stage-steps=20", "--out", "models", "--quiet",
        ], in: folder)
      try #require(trained.code == 0, "\(trained.errors)")
      var images: [Data] = []
      for out in ["first", "second"] {
        // The way of drawing has the model's name.
        let drawn = try Command.run(
          [
            "generate", "models", "--per-class", "2", "--method", model, "--render", "decode", "--set",
            "sampler.steps=3", "--out", out, "--quiet",
          ], in: folder)
        try #require(drawn.code == 0, "\(drawn.errors)")
        images.append(try Data(contentsOf: folder.appending(path: "\(out)/AD/synthetic-AD-00002.nii.gz")))
      }
      #expect(images[0] == images[1])
    }
  }

  /// A model without posterior variances has a mixture by default, and says why it has no manifold.
  @Test func whatAModelCannotDoIsRefusedWithWhatItCan() throws {
    try withTemporaryFolder { folder in
      try Self.makeData(in: folder)
      let options = ["--model", "rae-sn", "--steps", "6", "--quiet"]
      let refused = try Command.run(
        ["evaluate", "data", "--methods", "original,manifold", "--out", "none"] + options, in: folder)
      #expect(refused.code == 2 && refused.output.isEmpty)
      #expect(
        Self.oneLine(refused.errors).contains(
          "the method 'manifold' needs the posterior variances of codes, and 'rae-sn' is a model whose codes are points: "
            + "take 'gmm', or a model such as 'vae'"), "\(refused.errors)")
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "none").path))
      let trained = try Command.run(["train", "data", "--out", "models"] + options, in: folder)
      try #require(trained.code == 0, "\(trained.errors)")
      let drawn = try Command.run(
        ["generate", "models", "--per-class", "2", "--out", "images", "--quiet"], in: folder)
      #expect(drawn.code == 0, "\(drawn.errors)")
      let description = try String(
        contentsOf: folder.appending(path: "images/dataset_description.json"), encoding: .utf8)
      #expect(description.contains("gmm"))
    }
  }

  /// A loss that compares the images of a batch has no batch of one, and none in parts.
  @Test(arguments: ["generator.batch-size=1", "generator.images-at-once=2"])
  func batchesThatHaveNoLossAreRefused(setting: String) throws {
    try withTemporaryFolder { folder in
      try Self.makeData(in: folder)
      let refused = try Command.run(
        ["train", "data", "--model", "wae", "--set", setting, "--out", "models", "--quiet"], in: folder)
      #expect(refused.code == 2 && refused.errorLines.count == 1, "\(refused.errors)")
      #expect(refused.errors.contains("compares the images of a batch with each other"), "\(refused.errors)")
    }
  }
}
