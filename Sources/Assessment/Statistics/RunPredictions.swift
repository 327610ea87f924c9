/// What one trained classifier said of the images of one test set.
public struct RunPredictions: Sendable, Equatable {
  /// Which division of the subjects into training and test the classifier belongs to.
  public let split: Int
  /// Which training on that split; runs of two methods with one number belong together.
  public let run: Int
  /// Who is in each image.
  public let subjects: [String]
  /// The class of each image, from 0.
  public let actual: [Int]
  /// What the classifier took it for.
  public let predicted: [Int]
  /// How probable it found each class, `[image, class]`; empty where that is not known, and scores without a threshold are
  /// then not defined.
  public let probabilities: [Float]

  public init(
    split: Int = 0, run: Int = 0, subjects: [String], actual: [Int], predicted: [Int], probabilities: [Float] = []
  ) {
    precondition(
      subjects.count == actual.count && actual.count == predicted.count,
      "\(subjects.count) subjects, \(actual.count) actual and \(predicted.count) predicted classes")
    precondition(
      actual.isEmpty ? probabilities.isEmpty : probabilities.count % actual.count == 0,
      "\(probabilities.count) probabilities of \(actual.count) images")
    self.split = split
    self.run = run
    self.subjects = subjects
    self.actual = actual
    self.predicted = predicted
    self.probabilities = probabilities
  }
}
