/// How well predicted classes agree with actual ones.
///
/// Every figure is a fraction in [0, 1], or nil where it is not defined: a precision when nothing was predicted as the
/// class, a recall when nothing belongs to it, an F1 when neither happened.
public struct Scores: Sendable, Equatable {
  public struct ClassScores: Sendable, Equatable {
    /// Of the images predicted as this class, the share that is.
    public var precision: Double?
    /// Of the images of this class, the share predicted as such.
    public var recall: Double?
    /// 2 TP / (2 TP + FP + FN).
    public var f1: Double?
  }

  /// Counts by `[actual][predicted]`.
  public let confusion: [[Int]]

  /// Counts how often each class was predicted as each.
  ///
  /// - Parameters:
  ///   - actual: the class of each image, 0 ..< classes.
  ///   - predicted: the class that was predicted for each image, 0 ..< classes.
  ///   - classes: how many there are.
  public init(actual: [Int], predicted: [Int], classes: Int) {
    precondition(actual.count == predicted.count, "\(actual.count) actual and \(predicted.count) predicted classes")
    var confusion = [[Int]](repeating: [Int](repeating: 0, count: classes), count: classes)
    for (truth, guess) in zip(actual, predicted) { confusion[truth][guess] += 1 }
    self.confusion = confusion
  }

  /// One entry for each class.
  public var perClass: [ClassScores] {
    confusion.indices.map { index in
      let hits = confusion[index][index]
      let actual = confusion[index].reduce(0, +)
      let predicted = confusion.reduce(0) { $0 + $1[index] }
      return ClassScores(
        precision: Self.ratio(hits, predicted), recall: Self.ratio(hits, actual),
        f1: Self.ratio(2 * hits, actual + predicted))
    }
  }

  /// The mean recall over the classes that occur; nil for no images.
  ///
  /// Source: Brodersen et al., "The balanced accuracy and its posterior distribution", ICPR 2010.
  public var balancedAccuracy: Double? {
    let recalls = perClass.compactMap(\.recall)
    return recalls.isEmpty ? nil : recalls.reduce(0, +) / Double(recalls.count)
  }

  private static func ratio(_ part: Int, _ whole: Int) -> Double? {
    whole == 0 ? nil : Double(part) / Double(whole)
  }
}
