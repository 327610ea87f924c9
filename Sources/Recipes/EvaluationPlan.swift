import Randomness

/// What an evaluation comes down to for the images at hand: how many splits and trainings, of which methods.
package struct EvaluationPlan: Sendable {
  /// Splits, each with generative models of its own.
  package let splits: Int
  /// Trainings of each method's classifier on each split.
  package let runs: Int
  package let methods: [EvaluationMethod]
  /// What a user should know of the choice.
  package let notes: [String]

  /// - Parameters:
  ///   - isSplit: whether the images came split already.
  ///   - sites: how many sites are tested on in turn; nil where they are not.
  package init(_ recipe: Recipe, isSplit: Bool, sites: Int? = nil) {
    let settings = recipe.evaluation
    let isRepeated = settings.protocol == .repeated && !isSplit && settings.runs > 0
    splits = settings.runs > 0 ? sites ?? (isRepeated ? settings.splits : 1) : 1
    runs = isRepeated ? settings.runs : settings.chosenRuns ?? EvaluationSettings.usualRuns(.paper)
    let joins = !recipe.data.covariates.isEmpty && !settings.methods.contains(.covariates)
    methods = settings.methods + (joins ? [.covariates] : [])
    notes =
      isSplit && settings.protocol == .repeated && settings.runs > 0
      ? [
        "the images come already split, so that split alone is evaluated, with \(runs) "
          + "training\(runs == 1 ? "" : "s") of each method: the intervals say nothing of other splits"
      ]
      : []
  }

  /// The recipe for one split: the same but for the seed, which is the recipe's own on the first split.
  package static func recipe(_ recipe: Recipe, split index: Int) -> Recipe {
    guard index > 0 else { return recipe }
    var recipe = recipe
    var stream = RandomStream(seed: UInt64(recipe.seed), purpose: "seed of a split", index: index)
    recipe.seed = Int(stream.next() >> 33)
    return recipe
  }
}
