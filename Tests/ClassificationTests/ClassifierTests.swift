import Classification
import Randomness
import Tensors
import Testing

@Suite struct ClassifierTests {
  private let stream = RandomStream(seed: 3, purpose: "classifier")

  private func configuration(epochs: Int, batchSize: Int = 20, learningRate: Double = 1e-3) -> ClassifierConfiguration {
    var configuration = ClassifierConfiguration()
    configuration.epochs = epochs
    configuration.batchSize = batchSize
    configuration.learningRate = learningRate
    configuration.plateauPatience = 1000
    return configuration
  }

  private func classifier() throws -> Classifier {
    try Classifier(height: 32, width: 32, classes: 2, stream: stream.substream("weights"))
  }

  @Test func learnsASeparableSetAlikeEveryTime() throws {
    let (training, test) = (ToyImages.set(80, seed: 1), ToyImages.set(101, seed: 2))
    var probabilities: [[Float]] = []
    for _ in 0..<2 {
      let classifier = try classifier()
      let history = try classifier.train(
        training, validation: nil, configuration: configuration(epochs: 30), stream: stream.substream("training"))
      #expect(history.map(\.number) == Array(1...30))
      #expect(history.last!.trainingLoss < 0.5 * history[0].trainingLoss)
      #expect(history.allSatisfy { $0.validationLoss == nil && $0.validationBalancedAccuracy == nil })
      let scores = Scores(actual: test.labels, predicted: classifier.predictions(test.images), classes: 2)
      #expect(scores.balancedAccuracy! > 0.9, "\(scores.confusion)")
      probabilities.append(classifier.probabilities(test.images).values)
    }
    #expect(probabilities[0] == probabilities[1])
    for row in 0..<101 { #expect(abs(probabilities[0][2 * row] + probabilities[0][2 * row + 1] - 1) < 1e-5) }
  }

  /// Labels that say nothing, three of class 0 for each of class 1: probabilities settle at the classes' shares, and at
  /// even ones when the classes are weighted.
  @Test func classWeightsBalanceTheLoss() throws {
    let images = ToyImages.set(80, seed: 1).images
    let training = LabelledImages(images: images, labels: (0..<80).map { $0 / 2 % 4 == 3 ? 1 : 0 })
    var means: [Float] = []
    for weights in [nil, [2.0 / 3, 2]] {
      let classifier = try classifier()
      try classifier.train(
        training, validation: nil, configuration: configuration(epochs: 12, batchSize: 80), classWeights: weights,
        stream: stream.substream("training"))
      means.append(
        classifier.probabilities(images).values.enumerated().filter { $0.0 % 2 == 1 }.reduce(0) { $0 + $1.1 } / 80)
    }
    #expect(means[1] > means[0] + 0.025, "\(means)")
  }

  /// A batch worked off in parts comes to what the whole batch comes to, also where the classes weigh differently in the
  /// parts. The second part repeats the images of the first under the other label, so that batch normalisation sees the
  /// same statistics in each part as in the whole.
  @Test(arguments: [nil, [0.5, 4]] as [[Double]?]) func partsCountByTheirWeights(weights: [Double]?) throws {
    let images = ToyImages.set(12, seed: 1).images
    let set = LabelledImages(images: .joined([images, images]), labels: (0..<24).map { $0 / 12 })
    var losses: [[Double]] = []
    for most in [nil, 12] {
      var configuration = configuration(epochs: 1, learningRate: 3e-3)
      configuration.imagesAtOnce = most
      let step = try classifier().trainingStep(configuration)
      losses.append(try (0..<12).map { _ in try step(set, rows: set.rows, classWeights: weights) })
    }
    for (whole, parts) in zip(losses[0], losses[1]) { #expect(abs(whole - parts) < 2e-3 * whole, "\(losses)") }
    // The same images under two labels: only weights let the loss fall below the log 2 that it starts at.
    if weights != nil { #expect(losses[0].last! < 0.9 * losses[0][0], "\(losses[0])") }
  }

  /// A training on changed images learns the same classes, and goes the same way each time.
  @Test(arguments: [TrainingAugmentation.classical(ClassicalAugmentation()), .mixup(Mixup())])
  func learnsFromChangedImages(augmentation: TrainingAugmentation) throws {
    let (training, test) = (ToyImages.set(80, seed: 1), ToyImages.set(101, seed: 2))
    var probabilities: [[Float]] = []
    for kind in [augmentation, augmentation, .none] {
      let classifier = try classifier()
      try classifier.train(
        training, validation: nil, configuration: configuration(epochs: 30), augmentation: kind,
        stream: stream.substream("training"))
      let scores = Scores(actual: test.labels, predicted: classifier.predictions(test.images), classes: 2)
      #expect(scores.balancedAccuracy! > 0.8, "\(scores.confusion)")
      probabilities.append(classifier.probabilities(test.images).values)
    }
    #expect(probabilities[0] == probabilities[1] && probabilities[0] != probabilities[2])
  }

  @Test func anotherStreamGivesOtherWeights() throws {
    let images = ToyImages.set(4, seed: 2).images
    let other = try Classifier(
      height: 32, width: 32, classes: 2, stream: RandomStream(seed: 4, purpose: "classifier").substream("weights"))
    #expect(try classifier().probabilities(images).values != other.probabilities(images).values)
  }

  /// Validation labels that contradict the training labels make every epoch after the first few worse; what is kept must
  /// be what a training that stopped at the best epoch has.
  @Test func theBestEpochOnValidationImagesIsKept() throws {
    let (training, test) = (ToyImages.set(60, seed: 1), ToyImages.set(40, seed: 2))
    let contradicting = ToyImages.set(40, seed: 5, swappingLabels: true)
    let kept = try classifier()
    let history = try kept.train(
      training, validation: contradicting, configuration: configuration(epochs: 40), stream: stream)
    let accuracies = history.map { $0.validationBalancedAccuracy! }
    let best = accuracies.firstIndex(of: accuracies.max()!)! + 1
    try #require(best < 40 && accuracies.last! < accuracies.max()!, "the test needs a worse last epoch: \(accuracies)")

    let stopped = try classifier()
    try stopped.train(training, validation: nil, configuration: configuration(epochs: best), stream: stream)
    let last = try classifier()
    try last.train(training, validation: nil, configuration: configuration(epochs: 40), stream: stream)
    #expect(kept.probabilities(test.images).values == stopped.probabilities(test.images).values)
    #expect(kept.probabilities(test.images).values != last.probabilities(test.images).values)
  }

  /// 21 images in batches of 20 leave one, which batch normalisation has no variance for.
  @Test func aLastBatchOfOneImageDoesNotBreak() throws {
    let classifier = try classifier()
    let history = try classifier.train(
      ToyImages.set(21, seed: 1), validation: nil, configuration: configuration(epochs: 3), stream: stream)
    #expect(history.allSatisfy { $0.trainingLoss.isFinite && $0.trainingLoss > 0 })
    #expect(classifier.probabilities(ToyImages.set(3, seed: 2).images).isFinite)
  }

  @Test func oneTrainingImageDoesNotBreak() throws {
    let classifier = try classifier()
    let history = try classifier.train(
      ToyImages.set(1, seed: 1), validation: nil, configuration: configuration(epochs: 2), stream: stream)
    #expect(history.allSatisfy { $0.trainingLoss.isFinite })
  }

  @Test func aDivergingLossIsSaid() throws {
    let classifier = try classifier()
    let error = #expect(throws: ClassificationError.self) {
      try classifier.train(
        ToyImages.set(40, seed: 1), validation: nil, configuration: configuration(epochs: 20, learningRate: 1e30),
        stream: stream)
    }
    guard case .diverged(let epoch, 1e30) = error else { return }
    #expect((1...3).contains(epoch))
    #expect("\(error!)".contains("epoch \(epoch)") && "\(error!)".contains("1e+30"))
  }

  @Test func aPlateauHalvesTheLearningRate() throws {
    var configuration = configuration(epochs: 8, learningRate: 1e-3)
    configuration.plateauPatience = 1
    let history = try classifier().train(
      ToyImages.set(40, seed: 1), validation: ToyImages.set(20, seed: 5, swappingLabels: true),
      configuration: configuration, stream: stream)
    #expect(history[0].learningRate == Double(Float(1e-3)))
    #expect(history.last!.learningRate < 0.6e-3)
  }

  @Test func trainingStopsWhenItsObserverThrows() throws {
    struct Stop: Error {}
    var seen = 0
    #expect(throws: Stop.self) {
      try classifier().train(
        ToyImages.set(20, seed: 1), validation: nil, configuration: configuration(epochs: 5), stream: stream
      ) { _ in
        seen += 1
        if seen == 2 { throw Stop() }
      }
    }
    #expect(seen == 2)
  }

  /// More images than go through the network at once; each has its own features, whatever stands beside it.
  @Test func featuresAreOfTheLastHiddenLayer() throws {
    let classifier = try classifier()
    let images = ToyImages.set(203, seed: 1).images.rows(0..<203)
    let features = classifier.features(images)
    #expect(features.shape == [203, 100] && features.isFinite)
    #expect(features.values.allSatisfy { $0 >= 0 } && features.values.contains { $0 > 0 })
    for row in [0, 199, 200, 202] {
      let alone = classifier.features(images.rows([row])).values
      let beside = Array(features.values[(row * 100)..<((row + 1) * 100)])
      #expect(zip(alone, beside).allSatisfy { abs($0 - $1) < 1e-5 }, "row \(row)")
    }
  }

  @Test func repeatedRowsShareImages() throws {
    let images = ToyImages.set(10, seed: 1)
    let selected = images.selecting([0, 0, 2, 1])
    #expect(selected.count == 4)
    #expect(selected.classCounts(2) == [3, 1])
    #expect(try classifier().predictions(Tensor([0, 32, 32, 1], values: [])) == [])
  }
}
