import Cohorts
import Datasets
import Evaluations
import Recipes
import Runs
import Samplers

/// What every part of an experiment shares: the images and how they are divided, what is scored beside them, and what is
/// to be done with them. All of it follows from the recipe and the images.
package struct ExperimentInputs: Sendable {
  package let recipe: Recipe
  package let data: ExperimentData
  package let plan: EvaluationPlan
  /// Images of another place; nil where there are none, or nothing is scored.
  package let external: ExternalTest?
  let covariates: CovariateBaseline?
  /// The ways of drawing that the evaluation asks for.
  package let methods: [SyntheticMethod]

  /// - Parameter isScoring: whether classifiers are trained now, or have been; without, nothing is read for them.
  /// - Throws: `ImagingError`, `ExperimentsError` when the images of another place or the table cannot be used.
  package init(_ recipe: Recipe, data: ExperimentData, isScoring: Bool = true, progress: ProgressReporter) throws {
    self.recipe = recipe
    self.data = data
    let isScored = recipe.evaluation.runs > 0 && isScoring
    external = isScored ? try ExternalTest(recipe, data: data, progress: progress) : nil
    let plan = EvaluationPlan(
      recipe, isSplit: data.cohort.isSplit, sites: data.division.tested.isEmpty ? nil : data.division.tested.count)
    self.plan = plan
    covariates = plan.methods.contains(.covariates) && isScored ? try CovariateBaseline(recipe, data: data) : nil
    methods = SyntheticMethod.allCases.filter { method in plan.methods.contains { $0.synthetic == method } }
  }

  /// Whether classifiers are part of the experiment.
  package var isScored: Bool { recipe.evaluation.runs > 0 }

  /// What a run is held to from its start to its end, as digests by name; without what was not read.
  package var digests: [(name: String, digest: String)] { data.digests(split: isScored) + furtherDigests }

  /// Those of what is not the images themselves.
  var furtherDigests: [(name: String, digest: String)] {
    let synthetics = recipe.synthetic
    return [
      // The models do not depend on it, but the scores do.
      (
        "rendering of synthetic images",
        "\(synthetics.render.rawValue) \(synthetics.path.rawValue) \(synthetics.interpolationSteps)"
          + (synthetics.nearCopies == .redraw ? " without near copies" : "")
      )
    ] + (external.map { [("images of another place", $0.digest)] } ?? [])
      + (covariates.map { [("table of covariates", $0.digest)] } ?? [])
  }

  /// What the user should know of the images and the plan.
  package var notes: [String] { data.notes + plan.notes + (covariates?.notes ?? []) + (external?.notes ?? []) }

  /// What makes the scores too good; nil if nothing does.
  var leak: String? { isScored ? data.leakage.sentence : nil }

  /// The images as one split divides them, from 0.
  package func division(_ split: Int) throws -> ExperimentData { try data.divided(split, recipe) }

  /// Where one split's models and images lie in a run.
  package func place(_ split: Int, in folder: RunFolder) throws -> RunFolder {
    plan.splits > 1 ? try folder.split(split) : folder
  }

  /// The generative half of one split.
  package func split(
    _ split: Int, _ division: ExperimentData, in folder: RunFolder, progress: ProgressReporter
  ) throws -> SplitExperiment {
    SplitExperiment(
      recipe: EvaluationPlan.recipe(recipe, split: split), data: division, folder: try place(split, in: folder),
      methods: methods, split: split, progress: progress)
  }

  /// The classifiers of one split.
  ///
  /// - Parameters:
  ///   - recorder: where predictions of the test images go.
  ///   - elsewhere: where predictions of images of another place go; nil without such images.
  ///   - runs: which trainings of each method; nil for all.
  package func evaluation(
    _ split: Int, _ division: ExperimentData, recorder: EvaluationRecorder, elsewhere: EvaluationRecorder?,
    runs: Range<Int>? = nil, progress: ProgressReporter
  ) -> Evaluation {
    Evaluation(
      recipe: EvaluationPlan.recipe(recipe, split: split), plan: plan, split: split, runs: runs, data: division,
      covariates: covariates, recorder: recorder,
      external: external.flatMap { test in elsewhere.map { (test, $0) } }, progress: progress)
  }
}
