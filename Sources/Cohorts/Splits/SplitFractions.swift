import Files
import ImageSets

/// How a cohort is divided; the fractions add up to 1.
public struct SplitFractions: Codable, Sendable, Equatable {
  /// More than 0.
  public var train: Double
  /// 0 to have no such side.
  public var validation: Double
  /// 0 to have no such side.
  public var test: Double

  public init(train: Double = 0.7, validation: Double = 0.1, test: Double = 0.2) {
    self.train = train
    self.validation = validation
    self.test = test
  }

  public func fraction(of split: Split) -> Double {
    switch split {
    case .train: train
    case .validation: validation
    case .test: test
    }
  }

  /// - Throws: `ImagingError` for fractions that are negative, not finite, without training, or of another sum than 1.
  public func validate() throws {
    let all = [train, validation, test]
    guard all.allSatisfy({ $0 >= 0 && $0 <= 1 }), train > 0, abs(all.reduce(0, +) - 1) < 1e-6 else {
      throw ImagingError.invalid(
        what: "the split fractions train \(train), validation \(validation), test \(test) are no division",
        remedy: "give numbers from 0 to 1 that add up to 1, with train above 0")
    }
  }

  /// How many of `count` subjects go to each side: the rounded fraction, and at least one where the fraction is
  /// positive; training takes the rest.
  ///
  /// - Returns: nil if there are fewer subjects than sides.
  func counts(of count: Int) -> [Split: Int]? {
    guard count >= Split.allCases.filter({ fraction(of: $0) > 0 }).count else { return nil }
    func share(_ fraction: Double) -> Int { fraction > 0 ? max(1, Int((fraction * Double(count)).rounded())) : 0 }
    var validationCount = share(validation)
    var testCount = share(test)
    while validationCount + testCount >= count {
      if testCount >= validationCount { testCount -= 1 } else { validationCount -= 1 }
    }
    return [.train: count - validationCount - testCount, .validation: validationCount, .test: testCount]
  }
}
