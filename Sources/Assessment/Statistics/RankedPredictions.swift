/// The scores of a classifier that no threshold takes part in, from the order of its probabilities.
///
/// Images are sorted once; a bootstrap then weighs them, so that a draw costs one pass over the images. Images of equal
/// probability stand together: they are one threshold.
public struct RankedPredictions: Sendable {
  private let actual: [Int]
  /// For each class of the test set, its images in descending order of their probability of it.
  private let orders: [Order]
  /// Of each image: the sum over classes of (probability - 1 if it is the image's class, else 0) squared.
  private let errors: [Double]

  private struct Order: Sendable {
    let label: Int
    let images: [Int]
    /// Whether the image at this place is the last one of its probability.
    let isLast: [Bool]
  }

  /// Nil where the probabilities are not known or not finite.
  public init?(_ run: RunPredictions, classes: Int) {
    let count = run.actual.count
    guard count > 0, run.probabilities.count == count * classes, run.probabilities.allSatisfy(\.isFinite) else {
      return nil
    }
    func probability(_ image: Int, _ label: Int) -> Float { run.probabilities[image * classes + label] }
    actual = run.actual
    orders = Set(run.actual).sorted().map { label in
      let images = Array(0..<count).sorted { (-probability($0, label), $0) < (-probability($1, label), $1) }
      return Order(
        label: label, images: images,
        isLast: images.indices.map {
          $0 + 1 == count || probability(images[$0], label) != probability(images[$0 + 1], label)
        })
    }
    errors = (0..<count).map { image in
      (0..<classes).reduce(0.0) { sum, label in
        let error = Double(probability(image, label)) - (run.actual[image] == label ? 1 : 0)
        return sum + error * error
      }
    }
  }

  /// - Parameter weights: how often each image counts; nil for once.
  func value(of metric: ClassificationMetric, weights: [Int]?) -> Double? {
    switch metric {
    case .rocArea: rocArea(weights)
    case .averagePrecision: averagePrecision(weights)
    case .brierScore: brierScore(weights)
    case .balancedAccuracy, .f1, .precision, .recall: nil
    }
  }

  /// The probability that an image of a class is found more probable to be of it than an image of another class, ties
  /// counting half: the mean over the classes of the test set, each against the rest. In [0, 1]; 0.5 is chance. Nil when a
  /// class has no image, or all of them.
  ///
  /// Source: Hanley and McNeil, "The meaning and use of the area under a receiver operating characteristic (ROC) curve",
  /// Radiology 143, 1982; one against the rest: Provost and Domingos, "Well-trained PETs", 2000 (here unweighted).
  public func rocArea(_ weights: [Int]? = nil) -> Double? {
    mean(weights) { positives, negatives, steps in
      var area = 0.0
      var above = 0
      steps { own, other in
        area += Double(other) * (Double(above) + Double(own) / 2)
        above += own
      }
      return negatives == 0 ? nil : area / (Double(positives) * Double(negatives))
    }
  }

  /// The mean over the images of a class of the precision at the threshold that just takes the image in, then over the
  /// classes of the test set: the area under the precision-recall curve as a sum of steps, without interpolation. In [0, 1];
  /// chance is the mean share of a class. Nil when a class has no image.
  public func averagePrecision(_ weights: [Int]? = nil) -> Double? {
    mean(weights) { positives, _, steps in
      var sum = 0.0
      var (above, all) = (0, 0)
      steps { own, other in
        above += own
        all += own + other
        if own > 0 { sum += Double(own) * Double(above) / Double(all) }
      }
      return sum / Double(positives)
    }
  }

  /// The mean over images of the squared distance between the probabilities and the truth, all classes added up: from 0
  /// (certain and right) to 2 (certain and wrong). Nil without images.
  ///
  /// Source: Brier, "Verification of forecasts expressed in terms of probability", Monthly Weather Review 78, 1950.
  public func brierScore(_ weights: [Int]? = nil) -> Double? {
    guard let weights else { return errors.reduce(0, +) / Double(errors.count) }
    let total = weights.reduce(0, +)
    guard total > 0 else { return nil }
    return zip(errors, weights).reduce(0.0) { $0 + $1.0 * Double($1.1) } / Double(total)
  }

  /// The mean over classes of a figure of the steps down the order: at each probability, how many images of the class and
  /// of the others have it.
  private func mean(
    _ weights: [Int]?,
    _ figure: (_ positives: Int, _ negatives: Int, _ steps: ((_ own: Int, _ other: Int) -> Void) -> Void) -> Double?
  ) -> Double? {
    var sum = 0.0
    for order in orders {
      var (positives, all) = (0, 0)
      for image in actual.indices {
        let weight = weights?[image] ?? 1
        all += weight
        if actual[image] == order.label { positives += weight }
      }
      guard positives > 0 else { return nil }
      let value = figure(positives, all - positives) { step in
        var (own, other) = (0, 0)
        for (place, image) in order.images.enumerated() {
          let weight = weights?[image] ?? 1
          if actual[image] == order.label { own += weight } else { other += weight }
          if order.isLast[place] {
            step(own, other)
            (own, other) = (0, 0)
          }
        }
      }
      guard let value else { return nil }
      sum += value
    }
    return sum / Double(orders.count)
  }
}
