import Datasets
import Experiments
import Foundation
import Judgement
import Networks
import Recipes
import Runs
import Tensors
import TestFiles
import Testing

/// Images whose likeness to the real ones is known: the training images themselves, and noise.
@Suite struct FidelityMeasurementTests {
  private static func measure(_ body: (FidelityMeasurement, ExperimentData) throws -> Void) throws {
    try withTemporaryFolder { folder in
      var recipe = Recipe()
      recipe.seed = 3
      recipe.classifier.epochs = 2
      recipe.data.phantom = try Recipe(
        yaml: "data: {phantom: {subjects: 60, minority: 24, height: 32, width: 32}}", file: "recipe.yaml",
        folder: folder
      ).data.phantom
      let quiet = ProgressReporter(style: .silent, width: 80, output: { _ in }, now: { 0 })
      let data = try ExperimentData(
        recipe, split: true, phantomFolder: folder.appending(path: "phantom", directoryHint: .isDirectory),
        progress: quiet)
      let same = Dictionary(
        uniqueKeysWithValues: data.classes.map { ($0, data.tensor(data.indices(of: $0, in: .train))) })
      let noise = same.mapValues { images in
        Tensor(images.shape) { target in
          for index in target.indices { target[index] = Float((index * 7919 + index / 13 * 104_729) % 1009) / 1009 }
        }
      }
      try body(
        FidelityMeasurement(recipe: recipe, data: data, methods: [("same", same), ("noise", noise)]), data)
    }
  }

  private func check(_ entries: [Fidelity.Entry]) throws {
    // 2 classes, 2 references; the real images of the other side, and 2 methods.
    #expect(entries.count == 12)
    for name in ["AD", "CN"] {
      func entry(_ reference: Fidelity.Reference, _ method: String?) throws -> Fidelity.Entry {
        try #require(entries.first { $0.className == name && $0.reference == reference && $0.method == method })
      }
      let same = try entry(.training, "same")
      #expect(same.precision == 1 && same.recall == 1 && same.coverage == 1)
      #expect(same.curvePrecision > 0.999 && same.curveRecall > 0.999)
      #expect(try #require(same.frechetDistance) < 1e-6)
      #expect(same.count == same.referenceCount)
      let noise = try entry(.training, "noise")
      #expect(noise.precision == 0 && noise.coverage == 0 && noise.curvePrecision < 0.01)
      #expect(noise.frechetDistance! > 1 && noise.kernelDistance! > same.kernelDistance!)

      // The training images are the yardstick against test images: the same images have the same figures.
      let (copies, real) = (try entry(.test, "same"), try entry(.test, nil))
      #expect(copies.count == real.count && copies.precision == real.precision && copies.recall == real.recall)
      #expect(abs(copies.kernelDistance! - real.kernelDistance!) < 1e-9)
      #expect(try entry(.test, "noise").kernelDistance! > real.kernelDistance!)
      #expect(copies.warnings.contains { $0.contains(/^\d+ test images for \d+ features: the Fréchet/) })
      #expect(real.warnings.allSatisfy { !$0.contains("synthetic") }, "\(real.warnings)")
    }
  }

  @Test func imageFeaturesTellCopiesFromNoise() throws {
    try Self.measure { measurement, _ in try check(measurement.byImageFeatures()) }
  }

  @Test func classifierFeaturesTellCopiesFromNoise() throws {
    try Self.measure { measurement, _ in
      let entries = try measurement.byClassifierFeatures()
      #expect(entries.allSatisfy { $0.features.contains("classifier") })
      // Whatever number of threads there is around it.
      #expect(try ComputeThreads.with(2) { try measurement.byClassifierFeatures() } == entries)
      try check(entries)
    }
  }

  @Test func inceptionNeedsItsWeightsBeforeAnythingIsDone() throws {
    try withTemporaryFolder { folder in
      func recipe(_ fidelity: String) throws -> Recipe {
        try Recipe(
          yaml: "out: RUN\ndata: {phantom: {subjects: 8, minority: 4}}\nfidelity: {\(fidelity)}\n", file: "r.yaml",
          folder: folder)
      }
      #expect(throws: ExperimentsError.self) { try recipe("features: [own, inception]") }
      let quiet = ProgressReporter(style: .silent, width: 80, output: { _ in }, now: { 0 })
      func refusal() throws -> String {
        let recipe = try recipe("features: [inception], inception-weights: w.safetensors")
        do {
          _ = try Experiment(recipe, progress: quiet).evaluate()
          return "accepted"
        } catch { return "\(error)" }
      }
      let weights = folder.appending(path: "w.safetensors")
      #expect(try refusal().contains("w.safetensors: no such file"))
      try Data(repeating: 7, count: 100).write(to: weights)
      #expect(try refusal().contains("the safetensors header is longer than the file; save the state_dict"))
      try SafeTensors.encode([("Conv2d_1a_3x3.conv.weight", .float32(Tensor.zeros([32, 1, 3, 3])))]).write(to: weights)
      #expect(try refusal().contains("the tensor 'Conv2d_1a_3x3.conv.weight' is 32 x 1 x 3 x 3 and should be"))
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "RUN").path))
    }
  }

  @Test func theFindingNamesTheNearestByTheUnbiasedDistance() throws {
    try Self.measure { measurement, _ in
      let entries = measurement.byImageFeatures().filter { $0.className == "AD" && $0.reference == .test }
      let finding = try #require(Fidelity.finding(entries, .test))
      #expect(finding.hasPrefix("AD: by the kernel distance, images of same are most like the "), "\(finding)")
      #expect(finding.contains("those of noise least like them"), "\(finding)")
      #expect(finding.contains("real training images come to"), "\(finding)")
    }
  }
}
