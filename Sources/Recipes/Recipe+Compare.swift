import Files
import Foundation
import Generators
import Samplers

extension Recipe {
  /// Why 'manikin compare' cannot do what the section 'compare' says; nil if it can.
  var compareConflict: Conflict? {
    let sizes = compare.sizes.map { $0 == CompareSettings.all ? Int.max : DecimalText.whole($0) ?? 0 }
    if sizes.contains(where: { $0 < 2 }) || zip(sizes, sizes.dropFirst()).contains(where: { $0 >= $1 }) {
      return Conflict(
        keys: ["compare.sizes"],
        problem: "'sizes' in 'compare' must be ascending whole numbers of 2 or more, and 'all' at most as the last, "
          + "not " + compare.sizes.joined(separator: ", "))
    }
    let impossible = compare.methods.filter { $0 == .deformation || $0 == .transfer }
    guard let method = impossible.first else { return nil }
    return Conflict(
      keys: ["compare.methods"],
      problem: "the method '\(method.rawValue)' in 'compare' moves images between classes, and the comparison has "
        + "none: leave it out")
  }

  /// What one of the compared models asks of the recipe and does not get; nil if all can be trained.
  package var compareModelConflict: Conflict? {
    compare.models.lazy.compactMap { kind in
      var own = self
      own.generator.model = kind
      return own.batchConflict
    }.first
  }

  /// The recipe as it is carried out: with `compare.quick` everything in it is small.
  package var comparing: Recipe {
    var own = self
    // Classes play no part, and images are a decoder's own.
    own.generator.share = .none
    own.synthetic.render = .decode
    own.evaluation.chosenRuns = 0
    guard compare.quick else { return own }
    own.generator.architecture = .compact
    own.generator.precision = .float32
    own.generator.length = .steps(300)
    own.generator.batchSize = min(generator.batchSize, 50)
    own.generator.latentDimensions = min(generator.latentDimensions, 16)
    own.generator.settings.secondStageSteps = min(generator.settings.secondStageSteps, 300)
    own.metric.centroids = min(metric.centroids ?? 200, 200)
    if (preprocessing.height ?? .max) > 32 || (preprocessing.width ?? .max) > 32 {
      (own.preprocessing.height, own.preprocessing.width, own.preprocessing.fit) = (32, 32, .resize)
    }
    own.compare.seeds = 1
    own.compare.settings = min(compare.settings, 3)
    own.compare.samples = min(compare.samples ?? 300, 300)
    own.compare.sizes = quickSizes
    return own
  }

  /// Training sets of at most 1,000 images: a curve beyond that keeps its points, a tenth as far.
  private var quickSizes: [String] {
    let numbers = compare.sizes.compactMap { Int($0) }
    let reach = numbers.last.map { $0 > 1000 ? 10 : 1 } ?? 1
    var sizes: [String] = []
    for number in numbers {
      let text = "\(min(1000, max(2, number / reach)))"
      if !sizes.contains(text) { sizes.append(text) }
    }
    return compare.sizes.contains(CompareSettings.all) && sizes.last != "1000" ? sizes + [CompareSettings.all] : sizes
  }

  /// The most training images of a size; all when nil.
  package var mostTrainingImages: Int? { compare.quick ? 1000 : nil }

  /// The recipe of one training: the same but for the seed, which is the recipe's own for the first.
  package func compared(_ kind: ModelKind, settings: ModelSettings, seed index: Int) -> Recipe {
    var own = EvaluationPlan.recipe(self, split: index)
    own.generator.model = kind
    own.generator.settings = settings
    return own
  }
}
