import Datasets
import Experiments
import ImageSets
import Recipes
import Tensors

/// Trainings of one way on all training images of a division, side by side, and what they say of its test images.
struct TestRuns {
  let data: ExperimentData
  /// With the seed of the division.
  let recipe: Recipe
  let time: TimeKeeper

  /// One prediction of the test images for each training, numbered from 0.
  ///
  /// - Parameters:
  ///   - kind: of work, by which its time is kept.
  ///   - units: of that work in one training.
  func predictions(of trial: MethodTrial, count: Int, kind: String, units: Double) throws -> [HeldOut] {
    let numbers = TrialRunner.subjectNumbers(data)
    return try ComputeThreads.map(jobs: count, workers: min(recipe.threadCount, count)) { number in
      let trained = try time.timed(kind, units: units) { try trial.train(run: number) }
      return TrialRunner.heldOut(trained, data, of: .test, numbers)
    }
  }
}
