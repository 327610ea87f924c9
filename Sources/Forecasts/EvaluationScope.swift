import Datasets
import Recipes
import Samplers

/// What an evaluation, or a training of models alone, goes by, as far as its forecast needs it.
package struct EvaluationScope: Sendable {
  package let recipe: Recipe
  /// All images.
  package let data: ExperimentData
  /// The images as each split divides them.
  package let divisions: [ExperimentData]
  package let plan: EvaluationPlan
  /// The ways of drawing that the evaluation asks for.
  package let synthetic: [SyntheticMethod]
  /// Whether classifiers are part of it.
  package let isScored: Bool
  /// Images of another place, which every classifier is asked about.
  package let further: Int

  package init(
    _ recipe: Recipe, data: ExperimentData, divisions: [ExperimentData], plan: EvaluationPlan,
    synthetic: [SyntheticMethod], isScored: Bool, further: Int
  ) {
    (self.recipe, self.data, self.divisions, self.plan) = (recipe, data, divisions, plan)
    (self.synthetic, self.isScored, self.further) = (synthetic, isScored, further)
  }

  /// What is left of a split.
  package struct Rest: Sendable {
    /// Whether its models are trained.
    package var trains: Bool
    /// Whether its images are drawn and judged by what needs no classifier.
    package var draws: Bool
    /// The classifiers to train, in their order.
    package var jobs: [EvaluationMethod]

    package init(trains: Bool, draws: Bool, jobs: [EvaluationMethod]) {
      (self.trains, self.draws, self.jobs) = (trains, draws, jobs)
    }
  }
}
