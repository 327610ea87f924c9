import Classification
import Datasets
import ImageFiles
import ImageSets
import Randomness
import Recipes
import Samplers
import Synthesis
import Tensors

/// What each method trains the classifier on, on one split.
package struct EvaluationSets: Sendable {
  /// With the seed of the split.
  package let recipe: Recipe
  package let data: ExperimentData
  /// Synthetic images by method, in the order of the classes.
  package let synthetic: [SyntheticMethod: [SyntheticSet]]

  package init(recipe: Recipe, data: ExperimentData, synthetic: [SyntheticMethod: [SyntheticSet]]) {
    self.recipe = recipe
    self.data = data
    self.synthetic = synthetic
  }

  /// The training of one classifier.
  package struct Training {
    package let images: LabelledImages
    package var classWeights: [Double]?
    package var augmentation = TrainingAugmentation.none
  }

  /// The images of a side with their labels; nil for none.
  package func labelled(_ split: Split) -> LabelledImages? {
    let indices = data.indices(in: split)
    guard !indices.isEmpty else { return nil }
    return LabelledImages(
      images: data.rows(indices), labels: indices.map { data.label(data.set.images[$0].className) })
  }

  /// All images that a method may train on, once each.
  package func pool(of method: EvaluationMethod) -> LabelledImages {
    let real = labelled(.train)!
    guard let kind = method.synthetic, let sets = synthetic[kind] else { return real }
    let images = sets.map { TensorRows($0.images) }
    let labels = sets.flatMap { set in Array(repeating: data.label(set.className), count: set.images.shape[0]) }
    switch recipe.evaluation.trainOn {
    case .synthetic: return LabelledImages(images: .joined(images), labels: labels)
    case .both:
      return LabelledImages(images: .joined([real.images] + images), labels: real.labels + labels)
    }
  }

  /// What one run trains on: for the baselines on real images, drawn anew in each run.
  package func training(_ method: EvaluationMethod, run: Int, pool: LabelledImages) -> Training {
    let stream = RandomStream(seed: UInt64(recipe.seed), purpose: "resampling", index: run)
    let counts = pool.classCounts(data.classes.count)
    // As many images of each class as stand beside a synthetic set.
    let matched =
      recipe.evaluation.syntheticPerClass + (recipe.evaluation.trainOn == .both ? counts.max() ?? 0 : 0)
    let augmentation = recipe.evaluation.training(recipe.evaluation.augmentation)
    func rows(of labels: [Int], perClass count: Int) -> [Int] {
      LabelledImages.rows(of: labels, perClass: data.classes.map { _ in count }, stream)
    }
    func balanced(to count: Int) -> LabelledImages { pool.selecting(rows(of: pool.labels, perClass: count)) }
    switch method {
    case .original, .linear, .covariates: return Training(images: pool)
    case .drawn:
      guard recipe.evaluation.trainOn == .both else { return Training(images: pool, augmentation: augmentation) }
      // The real images come first: balanced as in the baseline, so that only what else there is differs.
      let real = Array(pool.labels.prefix(data.indices(in: .train).count))
      let largest = data.classes.indices.map { label in real.count { $0 == label } }.max() ?? 0
      return Training(
        images: pool.selecting(
          rows(of: real, perClass: largest) + Array(real.count..<pool.labels.count)),
        augmentation: augmentation)
    case .originalResampled: return Training(images: balanced(to: counts.max() ?? 0))
    case .originalMatched: return Training(images: balanced(to: matched))
    case .originalWeighted:
      return Training(
        images: pool.selecting(
          LabelledImages.repeated(Array(pool.labels.indices), to: matched * counts.count, stream)),
        classWeights: counts.map { Double(pool.labels.count) / Double(counts.count * max(1, $0)) })
    case .classical, .mixup, .elastic:
      return Training(images: balanced(to: matched), augmentation: recipe.evaluation.training(method.change ?? .none))
    }
  }

  /// Trains the classifier of one run. All methods of a run start from the same weights, so that they can be compared in
  /// pairs.
  package func train(
    _ method: EvaluationMethod, run: Int, pool: LabelledImages, validation: LabelledImages?, onEpoch: () -> Void
  ) throws -> Classifier {
    let stream = RandomStream(seed: UInt64(recipe.seed), purpose: "classifier", index: run)
    let classifier = try Classifier(
      height: data.set.size.height, width: data.set.size.width, channels: data.set.channels,
      classes: data.classes.count, stream: stream.substream("weights"))
    let chosen = training(method, run: run, pool: pool)
    try classifier.train(
      chosen.images, validation: validation, configuration: recipe.classifier,
      classWeights: chosen.classWeights, augmentation: chosen.augmentation, stream: stream.substream("training")
    ) { _ in onEpoch() }
    return classifier
  }
}
