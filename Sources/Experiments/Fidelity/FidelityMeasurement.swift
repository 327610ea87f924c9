import Assessment
import Geometry
import Randomness
import Tensors

/// Measures the fidelity of the synthetic images of one split.
struct FidelityMeasurement: Sendable {
  /// With the seed of the split.
  let recipe: Recipe
  let data: ExperimentData
  let synthetic: [SyntheticMethod: [SyntheticSet]]

  private struct Comparison {
    let className: String
    let reference: Fidelity.Reference
    /// Nil for real images.
    let method: String?
    let real: FeatureTable
    let compared: FeatureTable
  }

  /// By features that need no training.
  func byImageFeatures() -> [Fidelity.Entry] {
    let features = ImageFeatures(height: data.set.size.height, width: data.set.size.width)
    return entries { features.table($0.values) }
  }

  /// By the last hidden layer of a classifier of real images: the one that the first run of `original-resampled` trains,
  /// trained here again, so that a run that was broken off needs nothing but its images. On one thread, as there: sums over
  /// several would round otherwise.
  func byClassifierFeatures() throws -> [Fidelity.Entry] {
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

  private func entries(_ table: (Tensor) -> FeatureTable) -> [Fidelity.Entry] {
    let comparisons = data.classes.flatMap { comparisons(of: $0, table) }
    let seed = UInt64(recipe.seed)
    return concurrentMap(comparisons.count) { index in
      let item = comparisons[index]
      return Fidelity.Entry(
        className: item.className, reference: item.reference, method: item.method,
        report: FidelityReport(real: item.real, synthetic: item.compared, seed: seed))
    }
  }

  private func comparisons(of className: String, _ table: (Tensor) -> FeatureTable) -> [Comparison] {
    let sets = SyntheticMethod.allCases.compactMap { method in
      synthetic[method]?.first { $0.className == className && $0.images.shape[0] > 0 }
    }
    let trainingImages = data.indices(of: className, in: .train)
    guard let drawn = sets.first?.images.shape[0], !trainingImages.isEmpty else { return [] }
    let count = min(drawn, trainingImages.count)
    let made = sets.map { set -> (method: String?, table: FeatureTable) in
      (set.method.rawValue, table(set.images.rows(Array(0..<min(count, set.images.shape[0])))))
    }
    let training = table(data.tensor(trainingImages))
    let testImages = data.indices(of: className, in: .test)
    let test = testImages.isEmpty ? nil : table(data.tensor(testImages))
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
