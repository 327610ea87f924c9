import Classification
import Foundation
import Geometry
import Randomness
import Tensors
import Testing

@Suite struct LinearDiscriminantTests {
  /// Gaussians at -1 and 1 on the first axis, of standard deviation 1 there and 3 on the second.
  private static func gaussians(_ counts: [Int], seed: UInt64) -> (points: Matrix, labels: [Int]) {
    var random = RandomStream(seed: seed, purpose: "test")
    let labels = counts.enumerated().flatMap { Array(repeating: $0.offset, count: $0.element) }
    let rows = labels.map { [2 * Double($0) - 1 + random.normal(), 3 * random.normal()] }
    return (Matrix(rows), labels)
  }

  /// With equal priors the probability of the second class at x is 1 / (1 + exp(-2 x)), whatever the classes' numbers; with
  /// priors by number it would be another by far.
  @Test func meetsBayesWithEqualPriors() throws {
    let (points, labels) = Self.gaussians([40_000, 4_000], seed: 1)
    let model = try LinearDiscriminant(points: points, labels: labels, classes: 2)
    #expect(model.shrinkage < 0.01)
    for x in [-1.5, 0, 0.4, 2] {
      let found = model.probabilities(Matrix([[x, 1]]))[0]
      #expect(abs(found[1] - 1 / (1 + exp(-2 * x))) < 0.03)
      #expect(abs(found[0] + found[1] - 1) < 1e-12)
      let byNumber = 1 / (1 + 10 * exp(-2 * x))
      if abs(x) < 1 { #expect(abs(found[1] - byNumber) > 0.2) }
    }
  }

  @Test func threeClassesAndMoreDimensionsThanPoints() throws {
    var random = RandomStream(seed: 4, purpose: "test")
    let labels = (0..<30).map { $0 % 3 }
    let rows = labels.map { label in (0..<60).map { ($0 % 3 == label ? 2.0 : 0) + random.normal() } }
    let model = try LinearDiscriminant(points: Matrix(rows), labels: labels, classes: 3)
    #expect(model.shrinkage > 0)
    let fresh = (0..<30).map { index in (0..<60).map { ($0 % 3 == index % 3 ? 2.0 : 0) + random.normal() } }
    let found = model.probabilities(Matrix(fresh))
    #expect(
      found.indices.allSatisfy { index in found[index].indices.max { found[index][$0] < found[index][$1] } == index % 3
      })
  }

  @Test func classesThatDoNotVaryAreAnError() {
    #expect(throws: GeometryError.self) {
      _ = try LinearDiscriminant(points: Matrix([[1, 2], [1, 2], [3, 4]]), labels: [0, 0, 1], classes: 2)
    }
  }

  private static func classifier(_ set: LabelledImages, subjects: [String]? = nil, seed: UInt64 = 1) throws
    -> LinearClassifier
  {
    try LinearClassifier(
      images: set.images, labels: set.labels, subjects: subjects ?? set.labels.indices.map { "s\($0)" }, classes: 2,
      stream: RandomStream(seed: seed, purpose: "test"))
  }

  @Test func tellsImagesApart() throws {
    let model = try Self.classifier(ToyImages.set(120, seed: 1))
    let test = ToyImages.set(100, seed: 2)
    let found = Scores(
      actual: test.labels, predicted: Classifier.mostProbable(model.probabilities(test.images)), classes: 2)
    #expect(try #require(found.balancedAccuracy) > 0.9)
    let again = try Self.classifier(ToyImages.set(120, seed: 1))
    #expect(again.probabilities(test.images).buffer.elementsEqual(model.probabilities(test.images).buffer))
    // The control: trained on the wrong labels, it is as wrong.
    let swapped = try Self.classifier(ToyImages.set(120, seed: 1, swappingLabels: true))
    let wrong = Scores(
      actual: test.labels, predicted: Classifier.mostProbable(swapped.probabilities(test.images)), classes: 2)
    #expect(try #require(wrong.balancedAccuracy) < 0.1)
  }

  /// Images that are ten noisy copies of each person: with folds of images, the number of components that knows the persons
  /// looks best; with folds of subjects nothing is to be had, and the smallest number is as good as any.
  @Test func aSubjectsImagesAreLeftOutTogether() throws {
    var random = RandomStream(seed: 6, purpose: "test")
    let people = (0..<40).map { _ in (0..<64).map { _ in Float(random.uniform()) } }
    let subjects = (0..<400).map { "p\($0 / 10)" }
    let labels = (0..<400).map { ($0 / 10) % 2 }
    let pixels = (0..<400).flatMap { index in people[index / 10].map { $0 + 0.01 * Float(random.normal()) } }
    let set = LabelledImages(images: Tensor([400, 8, 8, 1], values: pixels), labels: labels)
    let bySubject = try Self.classifier(set, subjects: subjects)
    let byImage = try Self.classifier(set)
    #expect(byImage.count >= 20)
    #expect(bySubject.count != byImage.count)
  }
}
