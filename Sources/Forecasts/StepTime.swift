import Foundation

/// How long a step takes by the number of its images, as measured: a fixed part and one for each image.
package struct StepTime: Sendable, Equatable {
  /// Seconds whatever the number of images; at least 0.
  package var fixed: Double
  /// Seconds for each image; at least 0.
  package var perImage: Double

  package init(fixed: Double, perImage: Double) { (self.fixed, self.perImage) = (fixed, perImage) }

  /// The line through two readings, or through the larger one and 0 where they do not rise.
  ///
  /// - Parameter readings: images and seconds, two or more; the smallest and the largest number of images count.
  package init(_ readings: [(images: Int, seconds: Double)]) {
    let sorted = readings.sorted { $0.images < $1.images }
    guard let (few, many) = sorted.first.map({ ($0, sorted.last!) }) else {
      self.init(fixed: 0, perImage: 0)
      return
    }
    let slope =
      many.images > few.images ? (many.seconds - few.seconds) / Double(many.images - few.images) : .infinity
    let fixed = many.seconds - slope * Double(many.images)
    guard slope > 0, slope.isFinite, fixed >= 0 else {
      self.init(fixed: 0, perImage: many.seconds / Double(max(1, many.images)))
      return
    }
    self.init(fixed: fixed, perImage: slope)
  }

  package func seconds(images: Int) -> Double { fixed + perImage * Double(images) }

  /// A whole pass in batches.
  package func seconds(images: Int, batch: Int) -> Double {
    Double(WorkAmounts.steps(images, batch)) * fixed + perImage * Double(images)
  }

  /// Measures a step on the calling thread: of a quarter and then of all of so many images or, where these take long, of fewer.
  ///
  /// - Parameters:
  ///   - images: of a whole step, at least 1.
  ///   - least: the fewest images that a step works on.
  ///   - budget: seconds that the measuring takes, about; every size is worked on twice at least, the first time untimed.
  ///   - now: seconds from any fixed moment.
  ///   - step: a step of so many images.
  package static func measure(
    images: Int, least: Int = 1, budget: Double, now: () -> Double = { ProcessInfo.processInfo.systemUptime },
    _ step: (Int) throws -> Void
  ) rethrows -> StepTime {
    let few = min(images, max(least, min(4, (images + 3) / 4)))
    try step(few)
    let first = try median(budget / 4, now) { try step(few) }
    // A step is at most proportional to its images.
    let most = Int(min(Double(images), Double(few) * max(1, budget / 2 / max(first, 1e-9))))
    guard most > few else { return StepTime([(few, first)]) }
    try step(most)
    return StepTime([(few, first), (most, try median(budget / 2, now) { try step(most) })])
  }

  /// Median seconds of a work that is repeated until so many have passed, three times at least where it is not much longer than that:
  /// other work on the machine stretches single ones.
  private static func median(
    _ seconds: Double, _ now: () -> Double, _ work: () throws -> Void
  ) rethrows -> Double {
    var readings: [Double] = []
    var passed = 0.0
    repeat {
      let start = now()
      try work()
      readings.append(now() - start)
      passed += readings.last!
    } while (passed < seconds || readings.count < 3 && passed < 4 * seconds) && readings.count < 12
    return readings.sorted()[(readings.count - 1) / 2]
  }
}
