import Datasets
import Generators
import Recipes

/// How much work steps are, in the units that `StepCosts` counts.
package struct Workload: Sendable {
  let classes: Int
  /// Training images of the largest class.
  let largest: Int
  let training: Int
  let validation: Int

  package init(_ data: ExperimentData) {
    let counts = data.classes.map { data.indices(of: $0, in: .train).count }
    (classes, largest, training) = (data.classes.count, counts.max() ?? 0, counts.reduce(0, +))
    validation = data.indices(in: .validation).count
  }

  static let network = "network"
  static let linear = "linear"
  /// Models of one kind cost what those of another do not.
  static func models(_ kind: ModelKind) -> String { kind == .vae ? "models" : "models \(kind.rawValue)" }
  static let shapes = "shapes"
  static func drawing(_ method: String) -> String { "drawing \(method)" }

  /// Images that a classifier's training sees; a look at a validation image is a third of that.
  func network(_ recipe: Recipe) -> Double {
    let own = recipe.evaluation.trainOn == .both ? largest : 0
    let seen = classes * (recipe.evaluation.syntheticPerClass + own)
    return Double(recipe.classifier.epochs) * (Double(seen) + Double(validation) / 3)
  }

  /// A linear model's time grows with the square of its images.
  var linear: Double { Double(training) * Double(training) }

  /// Images that the training of generative models sees.
  func models(_ recipe: Recipe) -> Double {
    let steps = recipe.generator.steps ?? (recipe.generator.epochs ?? 1) * max(1, training / recipe.generator.batchSize)
    return Double(steps * recipe.generator.batchSize * (recipe.generator.share == .all ? 1 : classes))
  }

  /// Registrations of images.
  var shapes: Double { Double(training + 2 * largest) }

  func drawn(_ recipe: Recipe) -> Double { Double(classes * recipe.evaluation.syntheticPerClass) }
}
