import Automation
import Datasets
import Experiments
import Files
import Foundation
import ImageFiles
import ImageSets
import Recipes
import Runs
import Tensors
import Testing

/// The classifier that a run hands over, applied to images by its files alone.
@Suite(.serialized) struct ClassifyTests {
  private static let ways: [Way] = [.tinyLinear, .tinyReal, .tiny("mixup", .mixup, .mixup)]

  private struct Trained {
    var committee: Committee
    var data: ExperimentData
    var recipe: Recipe
  }

  /// A committee of all ways, in memory.
  private static func train(_ recipe: Recipe, in folder: URL) throws -> Trained {
    let data = try Experiment(recipe, progress: .silent).imagesForTrials()
    let inner = data.sided(training: data.indices(in: .train), validation: data.indices(in: .validation), test: [])
    let procedure = Procedure(
      recipe: recipe, ways: ways, data: inner, store: TrialStore(nil), time: try TimeKeeper(budget: 1e9),
      scratch: folder, progress: .silent, title: "tiny")
    let found = try procedure.race(until: .infinity)
    var choice = try #require(found.choice)
    choice.members = ways.map(\.name)
    return Trained(
      committee: try procedure.train(choice, found.outcome.evidence, run: 0, until: .infinity), data: data,
      recipe: recipe)
  }

  private static func write(_ trained: Trained, to folder: URL) throws {
    let card = ClassifierCard(
      recipe: trained.recipe, classes: trained.data.classes, size: trained.data.set.size,
      channels: trained.data.set.channels)
    _ = try trained.committee.write(card, to: folder) { $0 == "linear" }
  }

  private static func recipe(_ source: URL, out: URL) -> Recipe {
    var recipe = Recipe()
    recipe.threads = 2
    recipe.data.path = source.path
    recipe.out = out.path
    return recipe
  }

  private static func cohort(_ folder: URL, seed: UInt64 = 9) throws -> URL {
    let source = folder.appending(path: "data", directoryHint: .isDirectory)
    try TinyCohort(counts: [16, 24], seed: seed) { label, random in
      // Overlapping, so that probabilities are not all 0 and 1.
      let column = (label == 0 ? 5 : 7) + Int(random.next() % 4)
      return TinyCohort.square(column, &random)
    }.write(to: source)
    return source
  }

  /// The largest difference between what the files say of images and what was said in memory.
  private static func difference(_ source: URL, in folder: URL) throws -> Float {
    let trained = try train(recipe(source, out: folder.appending(path: "run")), in: folder)
    let target = folder.appending(path: "classifier", directoryHint: .isDirectory)
    try write(trained, to: target)
    let found = try AppliedClassifier(contentsOf: target).predictions(of: source, progress: .silent)
    let set = trained.data.set
    let all = Array(set.images.indices)
    let expected = trained.committee.probabilities(trained.data.rows(all), classes: 2)
    #expect(found.count == all.count)
    var largest: Float = 0
    for prediction in found {
      let index = try #require(set.images.firstIndex { $0.path == prediction.image })
      #expect(set.images[index].subject == prediction.subject)
      for (own, other) in zip(prediction.probabilities, expected[index]) { largest = max(largest, abs(own - other)) }
      #expect(abs(prediction.probabilities.reduce(0, +) - 1) < 1e-5)
    }
    // Not all alike, or nothing was compared.
    #expect(Set(expected.map { $0[0] }).count > all.count / 2)
    return largest
  }

  @Test func picturesAreClassifiedAsInMemory() throws {
    try withTemporaryFolder { folder in
      let difference = try Self.difference(Self.cohort(folder), in: folder)
      #expect(difference < 1e-6)
    }
  }

  @Test func volumesAreClassifiedAsInMemory() throws {
    try withTemporaryFolder { folder in
      let pictures = try Self.cohort(folder, seed: 10)
      let volumes = folder.appending(path: "volumes", directoryHint: .isDirectory)
      for path in try FileManager.default.subpathsOfDirectory(atPath: pictures.path) where path.hasSuffix(".png") {
        let target = volumes.appending(path: path.replacing(".png", with: ".nii.gz"))
        try FileManager.default.createDirectory(
          at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        try ImageFile.writeNIfTI(ImageFile.read(pictures.appending(path: path)), to: target)
      }
      let difference = try Self.difference(volumes, in: folder)
      #expect(difference < 1e-6)
    }
  }

  /// Images and classifiers that do not fit are refused, each in a sentence.
  @Test func whatDoesNotFitIsRefused() throws {
    try withTemporaryFolder { folder in
      let source = try Self.cohort(folder)
      let trained = try Self.train(Self.recipe(source, out: folder.appending(path: "run")), in: folder)
      let target = folder.appending(path: "classifier", directoryHint: .isDirectory)
      try Self.write(trained, to: target)
      let classifier = try AppliedClassifier(contentsOf: target)
      func refusal(_ name: String, _ pixels: [UInt8], width: Int, height: Int, channels: Int) throws -> String {
        let file = folder.appending(path: name)
        try ImageFile.writePNG(pixels, width: width, height: height, channels: channels, to: file)
        let error = #expect(throws: ImagingError.self) { try classifier.predictions(of: file, progress: .silent) }
        return error?.description ?? ""
      }
      let ramp = (0..<320).map { (index: Int) -> UInt8 in UInt8(index % 250) }
      #expect(
        try refusal("large.png", ramp, width: 20, height: 16, channels: 1)
          .contains("is 16 x 20 pixels, and the classifier was trained on images of 16 x 16"))
      let colours = (0..<768).map { (index: Int) -> UInt8 in index % 3 == 0 ? 200 : UInt8(index % 250) }
      #expect(
        try refusal("colour.png", colours, width: 16, height: 16, channels: 3).contains("is in colour"))
      let empty = folder.appending(path: "empty", directoryHint: .isDirectory)
      try FileManager.default.createDirectory(at: empty, withIntermediateDirectories: true)
      for place in [empty, folder.appending(path: "nowhere")] {
        #expect(throws: ImagingError.self) { try classifier.predictions(of: place, progress: .silent) }
        #expect(throws: ImagingError.self) { try AppliedClassifier(contentsOf: place) }
      }
      // Weights of another training are not taken for these.
      let weights = target.appending(path: "1-linear-1.safetensors")
      var bytes = try Data(contentsOf: weights)
      bytes[bytes.count - 1] ^= 1
      try bytes.write(to: weights)
      let error = #expect(throws: ImagingError.self) { try AppliedClassifier(contentsOf: target) }
      #expect(error?.description.contains("its weights are not those that classifier.json names") ?? false)
    }
  }

  @Test func theTableQuotesNames() throws {
    try withTemporaryFolder { folder in
      let source = try Self.cohort(folder)
      let trained = try Self.train(Self.recipe(source, out: folder.appending(path: "run")), in: folder)
      let target = folder.appending(path: "classifier", directoryHint: .isDirectory)
      try Self.write(trained, to: target)
      let classifier = try AppliedClassifier(contentsOf: target)
      let named = folder.appending(path: "one, two.png")
      let first = try #require(trained.data.set.images.first)
      try FileManager.default.copyItem(at: first.url, to: named)
      let found = try classifier.predictions(of: named, progress: .silent)
      let lines = classifier.csv(found).split(separator: "\n")
      #expect(lines.count == 2 && lines[0] == "image,subject,predicted,probability_few,probability_many")
      #expect(lines[1].hasPrefix("\"one, two.png\","), "\(lines[1])")
    }
  }
}
