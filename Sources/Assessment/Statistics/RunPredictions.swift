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

  public init(split: Int = 0, run: Int = 0, subjects: [String], actual: [Int], predicted: [Int]) {
    precondition(
      subjects.count == actual.count && actual.count == predicted.count,
      "\(subjects.count) subjects, \(actual.count) actual and \(predicted.count) predicted classes")
    self.split = split
    self.run = run
    self.subjects = subjects
    self.actual = actual
    self.predicted = predicted
  }
}

/// A figure of a classifier on a test set.
public enum ClassificationMetric: Sendable, Hashable {
  /// The mean recall over the classes of the test set.
  case balancedAccuracy
  /// 2 TP / (2 TP + FP + FN) of one class.
  case f1(Int)
  /// TP / (TP + FP) of one class.
  case precision(Int)
  /// TP / (TP + FN) of one class.
  case recall(Int)

  /// The figure from counts `[actual][predicted]`; nil where it is not defined.
  ///
  /// - Parameter present: the classes of the test set. Balanced accuracy is not defined when one of them has lost all of
  ///   its images, since it would then be another quantity.
  func value(_ confusion: [[Int]], present: [Int]) -> Double? {
    func ratio(_ part: Int, _ whole: Int) -> Double? { whole == 0 ? nil : Double(part) / Double(whole) }
    func actual(_ index: Int) -> Int { confusion[index].reduce(0, +) }
    func predicted(_ index: Int) -> Int { confusion.reduce(0) { $0 + $1[index] } }
    switch self {
    case .recall(let index): return ratio(confusion[index][index], actual(index))
    case .precision(let index): return ratio(confusion[index][index], predicted(index))
    case .f1(let index): return ratio(2 * confusion[index][index], actual(index) + predicted(index))
    case .balancedAccuracy:
      let recalls = present.compactMap { ratio(confusion[$0][$0], actual($0)) }
      return recalls.isEmpty || recalls.count < present.count ? nil : recalls.reduce(0, +) / Double(recalls.count)
    }
  }
}
