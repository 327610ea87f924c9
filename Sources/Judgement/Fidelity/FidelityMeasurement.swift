import Assessment
import Datasets
import Evaluations
import Geometry
import Parallelism
import Randomness
import Recipes
import Tensors

/// Measures the fidelity of the synthetic images of one split.
package struct FidelityMeasurement: Sendable {
  /// The images of one method by class, `[image, height, width, channel]`; classes may be missing.
  package typealias Method = (name: String, images: [String: Tensor])

  /// With the seed of the split.
  let recipe: Recipe
  let data: ExperimentData
  let methods: [Method]

  package init(recipe: Recipe, data: ExperimentData, methods: [Method]) {
    (self.recipe, self.data, self.methods) = (recipe, data, methods)
  }

  private struct Comparison {
    let className: String
    let reference: Fidelity.Reference
    /// Nil for real images.
    let method: String?
    let real: FeatureTable
    let compared: FeatureTable
  }

  /// By features that need no training.
  package func byImageFeatures() -> [Fidelity.Entry] {
    let features = ImageFeatures(
      height: data.set.size.height, width: data.set.size.width, channels: data.set.channels)
    return entries { features.table($0.values) }
  }

  /// By the last hidden layer of a classifier of real images: the one that the first run of `original-resampled` trains,
  /// trained here again, so that a run that was broken off needs nothing but its images. On one thread, as there: sums over
  /// several would round otherwise.
  package func byClassifierFeatures() throws -> [Fidelity.Entry] {
    try ComputeThreads.with(1) {
      let sets = EvaluationSets(recipe: recipe, data: data, synthetic: [:])
      let classifier = try sets.train(
        .originalResampled, run: 0, pool: sets.pool(of: .originalResampled), validation: sets.labelled(.validation)
      ) {}
      return entries { images in
        let features = classifier.features(images)
        return FeatureTable(
          kind: Fidelity.classifierFeatures,
          values: Matrix(
            rows: features.shape[0], columns: features.shape[1], values: features.values.map(Double.init)))
      }
    }
  }

  /// - Parameter standardising: whether every feature is brought to the same spread first.
  func entries(
    standardising: Bool = true, _ table: (Tensor) throws -> FeatureTable
  ) rethrows -> [Fidelity.Entry] {
    let wanted = try data.classes.flatMap { try comparisons(of: $0, table) }
    let seed = UInt64(recipe.seed)
    return concurrentMap(wanted.count) { index in
      let item = wanted[index]
      return Fidelity.Entry(
        className: item.className, reference: item.reference, method: item.method,
        report: FidelityReport(
          real: item.real, synthetic: item.compared, standardising: standardising, seed: seed))
    }
  }

  private func comparisons(
    of className: String, _ table: (Tensor) throws -> FeatureTable
  ) rethrows -> [Comparison] {
    let trainingImages = data.indices(of: className, in: .train)
    let drawn = methods.compactMap { $0.images[className]?.shape[0] }.max() ?? 0
    let count = min(drawn, trainingImages.count)
    guard count > 0 else { return [] }
    let made = try methods.compactMap { method -> (method: String?, table: FeatureTable)? in
      guard let images = method.images[className], images.shape[0] > 0 else { return nil }
      return (method.name, try table(images.rows(Array(0..<min(count, images.shape[0])))))
    }
    let training = try FeatureTable(of: data.rows(trainingImages), table)
    let testImages = data.indices(of: className, in: .test)
    let test = testImages.isEmpty ? nil : try FeatureTable(of: data.rows(testImages), table)
    // As many real images as synthetic ones stand beside them.
    var stream = RandomStream(seed: UInt64(recipe.seed), purpose: "fidelity/\(className)")
    let chosen = stream.permutation(trainingImages.count).prefix(count).sorted()
    let yardsticks: [Fidelity.Reference: FeatureTable] =
      test.map { [.test: training.selecting(chosen), .training: $0] } ?? [:]
    return Fidelity.Reference.allCases.flatMap { reference -> [Comparison] in
      guard let real = reference == .test ? test : training else { return [] }
      var compared = made
      if let yardstick = yardsticks[reference] { compared.insert((nil, yardstick), at: 0) }
      return compared.map {
        Comparison(className: className, reference: reference, method: $0.method, real: real, compared: $0.table)
      }
    }
  }
}
