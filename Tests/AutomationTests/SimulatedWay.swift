import Automation
import Foundation
import Randomness

/// Simulated classifiers: what they say of an image is how hard it is, the same for every way, and a way's own chance.
struct SimulatedWay {
  /// Distance of the classes' means in standard deviations: 0 knows nothing.
  var skill: Double
  /// Added to every log-odds: a shifted threshold.
  var shift = 0.0
  var scale = 1.0

  /// Log-odds of the second class for images with these numbers and labels.
  func heldOut(_ images: [Int], labels: [Int], name: String, cohort: RandomStream) -> HeldOut {
    let probabilities = images.indices.map { index -> [Float] in
      var shared = cohort.substream("image", index: images[index])
      var own = cohort.substream("image of \(name)", index: images[index])
      let noise = 0.8 * shared.normal() + 0.6 * own.normal()
      let odds = scale * (skill * (Double(labels[index]) - 0.5) + noise) + shift
      let second = 1 / (1 + exp(-odds))
      return [Float(1 - second), Float(second)]
    }
    return HeldOut(images: images, subjects: images, labels: labels, probabilities: probabilities)
  }
}

/// A cohort of numbers: 20 images of the first class, 60 of the second.
struct SimulatedCohort {
  let stream: RandomStream
  let labels: [Int]
  let folds: InnerFolds

  init(seed: UInt64, few: Int = 20, many: Int = 60) {
    stream = RandomStream(seed: seed, purpose: "simulated cohort")
    labels = Array(repeating: 0, count: few) + Array(repeating: 1, count: many)
    folds = InnerFolds(
      images: Array(labels.indices), labels: labels, subjects: labels.indices.map { "s\($0)" }, classes: 2, most: 5,
      repeats: 2, stream: stream)!
  }

  /// Runs a race of ways, the simplest first.
  func race(
    _ ways: [(name: String, way: SimulatedWay)], isMeasured: (Int, Race.Job) -> Bool = { _, _ in true },
    refusal: (String) -> String? = { _ in nil }
  ) -> Race.Outcome {
    Race(rungs: Procedure.rungs(folds), classes: 2).run(ways.map(\.name), refusal: refusal) { rung, jobs in
      jobs.map { job in
        guard isMeasured(rung, job) else { return nil }
        let images = folds.sides(job.place).heldOut
        return ways.first { $0.name == job.way }!.way.heldOut(
          images, labels: images.map { labels[$0] }, name: "\(job.way) \(job.place.repeat)", cohort: stream)
      }
    }
  }

  func choice(_ ways: [(name: String, way: SimulatedWay)]) -> Choice? {
    Choice(race(ways), ways: ways.map(\.name), classes: 2)
  }
}
