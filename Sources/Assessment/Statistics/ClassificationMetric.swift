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
  /// The area under the ROC curve, the mean over classes of one against the rest: `RankedPredictions.rocArea`.
  case rocArea
  /// The mean over classes of the average precision: `RankedPredictions.averagePrecision`.
  case averagePrecision
  /// The mean squared error of the probabilities, from 0 to 2, lower is better: `RankedPredictions.brierScore`.
  case brierScore

  /// What needs no threshold: how images are ordered, and how far off the probabilities are.
  public static let withoutThreshold: [ClassificationMetric] = [.rocArea, .averagePrecision, .brierScore]

  public var needsProbabilities: Bool { Self.withoutThreshold.contains(self) }

  /// Whether a smaller value is a better one.
  public var isError: Bool { self == .brierScore }

  /// What the figure can be.
  var range: ClosedRange<Double> { self == .brierScore ? 0...2 : 0...1 }

  /// The figure from counts `[actual][predicted]`; nil where it is not defined, and for what needs probabilities.
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
    case .rocArea, .averagePrecision, .brierScore: return nil
    }
  }

  /// The figure of one classifier on its test set; nil where it is not defined.
  public func value(of run: RunPredictions, classes: Int) -> Double? {
    let present = Set(run.actual).sorted()
    guard !needsProbabilities else {
      return RankedPredictions(run, classes: classes)?.value(of: self, weights: nil)
    }
    var confusion = [[Int]](repeating: [Int](repeating: 0, count: classes), count: classes)
    for (actual, predicted) in zip(run.actual, run.predicted) { confusion[actual][predicted] += 1 }
    return value(confusion, present: present)
  }
}
