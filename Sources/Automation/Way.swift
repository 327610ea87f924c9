import Recipes
import Samplers

/// A way of training a classifier on a set of images: one of the methods of an evaluation with its settings, so that a recipe
/// says all of it.
package struct Way: Sendable, Equatable {
  /// Kinds of ways; of each a committee has one.
  package enum Family: String, Sendable, Codable {
    case linear, real, classical, mixup, elastic, deformation, latent, paper
  }

  package var name: String
  package var family: Family
  package var method: EvaluationMethod
  /// Keys of a recipe and their values.
  package var settings: [Setting]
  /// What it does, after "a classifier", in a few words for the methods section.
  package var meaning: String

  package struct Setting: Sendable, Equatable, Codable {
    package var key: String
    package var value: String

    package init(_ key: String, _ value: String) { (self.key, self.value) = (key, value) }
  }

  package init(
    _ name: String, _ family: Family, _ method: EvaluationMethod, _ settings: [Setting] = [], _ meaning: String
  ) {
    (self.name, self.family, self.method, self.settings, self.meaning) = (name, family, method, settings, meaning)
  }

  /// The way of drawing; nil where nothing is drawn.
  package var drawing: SyntheticMethod? { method.synthetic }

  /// Whether generative models are trained for it.
  package var needsModels: Bool { drawing.map { $0 != .deformation } ?? false }

  package var isLinear: Bool { method == .linear }

  /// A recipe with this way's settings, in which it is evaluated beside the real images alone.
  ///
  /// - Throws: `ExperimentsError` where the recipe's other settings rule it out.
  package func recipe(_ base: Recipe) throws -> Recipe {
    var recipe = base
    recipe.evaluation.methods = [.originalMatched] + (method == .originalMatched ? [] : [method])
    if let drawing { recipe.synthetic.method = drawing }
    return try recipe.overriding(settings.map { .init(key: $0.key, text: $0.value, option: "way \(name)") })
  }
}
