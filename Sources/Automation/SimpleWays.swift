import Classification
import Datasets
import Experiments
import Foundation
import Geometry
import Recipes
import Tensors

/// Ways that anybody would try first, `linear` and `real`, scored on the test images of a division beside what was chosen
/// there, so that it shows whether the choice gains more than the simplest thing, or than the settings of the race.
struct SimpleWays {
  let ways: [Way]
  let data: ExperimentData
  /// With the seed of the division.
  let recipe: Recipe
  let time: TimeKeeper
  /// As a value of the clock's `elapsed`; what would not fit before it is not begun.
  let end: Double

  /// Of each way, its trainings' predictions, or why there are none.
  struct Scores {
    var found: [String: [HeldOut]] = [:]
    var missing: [String: String] = [:]
  }

  static let names = ["linear", "real"]
  static let noTime = "no time"

  /// With the settings of the race; where it has no way of such a name, those of the usual table.
  static func ways(_ raced: [Way]) -> [Way] {
    names.compactMap { name in
      raced.first { $0.name == name } ?? Way.table(hasValidation: false).first { $0.name == name }
    }
  }

  /// Trains each way on all training images of the division.
  ///
  /// - Parameter runs: trainings of a network; a linear model comes out alike every time, and counts as often.
  func score(runs: Int) throws -> Scores {
    var scores = Scores()
    let load = Workload(data)
    for way in ways {
      let own: Recipe
      do {
        own = try way.recipe(recipe)
      } catch {
        scores.missing[way.name] = "\(error)"
        continue
      }
      let (kind, units) = way.isLinear ? (Workload.linear, load.linear) : (Workload.network, load.network(own))
      let trainings = way.isLinear ? 1 : runs
      let rounds = (Double(trainings) / Double(min(recipe.threadCount, trainings))).rounded(.up)
      guard time.elapsed + rounds * (time.forecast(kind, units: units) ?? 0) <= end else {
        scores.missing[way.name] = Self.noTime
        continue
      }
      let trial = MethodTrial(own, way.method, data: data, drawn: nil)
      do {
        let found = try TestRuns(data: data, recipe: recipe, time: time).predictions(
          of: trial, count: trainings, kind: kind, units: units)
        scores.found[way.name] = way.isLinear ? Array(repeating: found[0], count: runs) : found
      } catch let error as ClassificationError {
        scores.missing[way.name] = error.description
      } catch let error as GeometryError {
        scores.missing[way.name] = "\(error)"
      }
    }
    ComputeMemory.release()
    return scores
  }
}
