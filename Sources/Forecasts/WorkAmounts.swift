import Classification
import Datasets
import Generators
import ImageSets
import Recipes
import Samplers

/// How much work the stages of one split are, in images, passes and chains. It follows from the recipe and the images alone and is
/// the same on every machine.
package struct WorkAmounts: Sendable {
  /// The training of one generative model.
  package struct Training: Sendable, Equatable {
    /// Images that a pass shows.
    package var rows: Int
    /// Optimiser steps of a pass.
    package var steps: Int
    /// Passes at most: an early stop ends before.
    package var epochs: Int
    /// Validation images, which are judged after each pass.
    var validation: Int
  }

  let recipe: Recipe
  /// Training images by class, in the order of the classes.
  package let counts: [Int]
  /// Validation images by class.
  let held: [Int]
  /// Test images.
  let test: Int
  let methods: [EvaluationMethod]
  /// Of those, the ways of drawing.
  let synthetic: [SyntheticMethod]

  package init(_ recipe: Recipe, data: ExperimentData, methods: [EvaluationMethod], synthetic: [SyntheticMethod]) {
    self.recipe = recipe
    (self.methods, self.synthetic) = (methods, synthetic)
    counts = data.classes.map { data.indices(of: $0, in: .train).count }
    held = data.classes.map { data.indices(of: $0, in: .validation).count }
    test = data.indices(in: .test).count
  }

  /// Of training images alone.
  package init(_ recipe: Recipe, counts: [Int]) {
    (self.recipe, self.counts) = (recipe, counts)
    held = counts.map { _ in 0 }
    (test, methods, synthetic) = (0, [], [])
  }

  var classes: Int { counts.count }
  /// Training images of all classes.
  package var trainingImages: Int { counts.reduce(0, +) }
  /// Validation images of all classes.
  var validationImages: Int { held.reduce(0, +) }
  /// Images that the methods draw for all classes together.
  var syntheticImages: Int { synthetic.count * recipe.evaluation.syntheticPerClass * classes }

  /// - Parameter label: the class that a model is trained for; nil for one model of all of them.
  package func training(_ label: Int?) -> Training {
    let configuration = recipe.generatorConfiguration
    let rows = label.map { counts[$0] } ?? classes * (counts.max() ?? 1)
    return Training(
      rows: rows, steps: Self.steps(rows, configuration.batchSize),
      epochs: GeneratorTraining(configuration).epochs(images: rows),
      validation: label.map { held[$0] } ?? validationImages)
  }

  /// Every training of a split's models.
  package var trainings: [Training] {
    recipe.generator.share == .all ? [training(nil)] : counts.indices.map { training($0) }
  }

  /// Images in a pass of a method's classifier; nil for a method without a network.
  package func images(of method: EvaluationMethod) -> Int? {
    let settings = recipe.evaluation
    let largest = counts.max() ?? 1
    switch method {
    case .linear, .covariates: return nil
    case .original: return trainingImages
    case .originalResampled: return largest * classes
    default: return settings.syntheticPerClass * classes + (settings.trainOn == .both ? largest * classes : 0)
    }
  }

  /// Optimiser steps of a pass over so many images.
  package static func steps(_ images: Int, _ batch: Int) -> Int { (images + batch - 1) / max(1, batch) }

  /// When the last of some jobs ends that `workers` take in turn, each the next one when it is free.
  ///
  /// - Parameter seconds: of each job, in the order in which they are started.
  package static func span(_ seconds: [Double], workers: Int) -> Double {
    var free = [Double](repeating: 0, count: max(1, workers))
    for job in seconds {
      let first = free.indices.min { free[$0] < free[$1] }!
      free[first] += job
    }
    return free.max()!
  }
}
