import Foundation
import Generators
import Recipes
import Samplers
import Testing

/// The recipes that come with Manikin.
@Suite struct RecipeFilesTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Recipes", directoryHint: .isDirectory)

  @Test func everyRecipeHolds() throws {
    let files = try FileManager.default.contentsOfDirectory(at: Self.folder, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == "yaml" }
    #expect(files.count >= 2)
    for file in files {
      let recipe = try Recipe(contentsOf: file)
      #expect(recipe.name == file.deletingPathExtension().lastPathComponent)
      #expect(try Recipe(yaml: recipe.yaml(), file: "resolved", folder: Self.folder) == recipe)
      let text = try String(contentsOf: file, encoding: .utf8)
      #expect(text.split(separator: "\n").allSatisfy { $0.count <= 100 }, "\(file.lastPathComponent)")
    }
  }

  /// The figures of the paper's Appendices B.3, C.3 and D, section 4.3 and Table 4.
  @Test func paperRecipeIsThePapers() throws {
    let recipe = try Recipe(contentsOf: Self.folder.appending(path: "oasis-paper.yaml"))
    #expect(recipe.data.source == nil, "the images are the user's to name")
    #expect([recipe.data.split.train, recipe.data.split.validation, recipe.data.split.test] == [0.7, 0.1, 0.2])
    #expect(recipe.preprocessing.height == 208 && recipe.preprocessing.width == 176)
    let generator = recipe.generator
    #expect(generator.architecture == .oasis && generator.latentDimensions == 16 && generator.length == .epochs(1000))
    #expect(generator.batchSize == 100 && generator.learningRate == 1e-4 && generator.beta == 1)
    #expect(generator.plateauPatience == 20 && generator.plateauFactor == 0.5 && generator.keep == .best)
    #expect(recipe.metric.centroids == 50 && recipe.metric.rho == nil)
    #expect(recipe.metric.lambda == 1 && recipe.metric.tau == 0)
    #expect(recipe.sampler.steps == 100 && recipe.sampler.leapfrogSteps == 10 && recipe.sampler.stepSize == 0.01)
    let classifier = recipe.classifier
    #expect(classifier.epochs == 50 && classifier.batchSize == 200 && classifier.learningRate == 1e-4)
    #expect(classifier.plateauPatience == 5 && classifier.plateauFactor == 0.5)
    let evaluation = recipe.evaluation
    #expect(evaluation.runs == 20 && evaluation.trainOn == .synthetic && evaluation.syntheticPerClass == 2000)
    #expect(evaluation.methods == [.original, .originalResampled, .drawn(.prior), .drawn(.gmm), .drawn(.manifold)])
  }

  /// Few patients, whom synthetic images could help, and a test set that tells a gain of a few points from chance.
  @Test func quickstartTeachesWithImagesOfItsOwn() throws {
    let recipe = try Recipe(contentsOf: Self.folder.appending(path: "quickstart.yaml"))
    let phantom = try #require(recipe.data.phantom)
    #expect(phantom.subjects * phantom.height * phantom.width <= 1000 * 64 * 56)
    #expect(recipe.data.minority == 20 && Double(phantom.subjects) * recipe.data.split.test >= 500)
    #expect(recipe.evaluation.methods.contains(.linear) && recipe.evaluation.methods.contains(.classical))
    #expect(recipe.generator.architecture == .compact)
  }
}
