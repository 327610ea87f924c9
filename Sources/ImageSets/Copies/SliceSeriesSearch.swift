import Foundation

/// The search for slices of one person under several subjects' names.
///
/// Such files follow each other: each is more like the next than like files further on. Among different people the next
/// file is no more like than any other, whatever all of them have in common, so it is the most like of 21 in one case of
/// 21. The search counts how often it is, and speaks where chance would make so many once in a million classes.
package enum SliceSeriesSearch {
  /// Files that follow each other and are of different subjects.
  package struct Series: Equatable {
    /// Numbers of images, each more like the one behind it in the list of files than like the others.
    package var firsts: [Int]
    /// The image behind each.
    package var seconds: [Int]
    /// How many pairs were looked at.
    package var pairs: Int
  }

  private static let otherCount = 20
  /// Files so near may be of the same series.
  private static let reach = 4
  private static let chance = 1e-6

  /// - Parameters:
  ///   - fingerprints: of the images of one class in the order of their files; nil for images that are not compared.
  ///   - isApart: whether two images are of different subjects.
  /// - Returns: nil where the files do not follow each other as slices do.
  package static func series(_ fingerprints: [Fingerprint?], isApart: (Int, Int) -> Bool) -> Series? {
    let count = fingerprints.count
    guard count > 2 * reach + 4 else { return nil }
    var found = Series(firsts: [], seconds: [], pairs: 0)
    var expected: [Double] = []
    let compared = fingerprints.indices.filter { fingerprints[$0] != nil }
    // What is near a place is a part of this list that moves on with it.
    var (near, beyond) = (0, 0)
    for place in 0..<count - 1 {
      while near < compared.count, compared[near] < place - reach { near += 1 }
      while beyond < compared.count, compared[beyond] <= place + reach { beyond += 1 }
      guard let own = fingerprints[place], let next = fingerprints[place + 1], isApart(place, place + 1) else {
        continue
      }
      let farCount = compared.count - (beyond - near)
      let others = (0..<min(otherCount, farCount)).map { number -> Int in
        let far = number * farCount / min(otherCount, farCount)
        return compared[far < near ? far : far + beyond - near]
      }
      guard others.count > 4 else { continue }
      found.pairs += 1
      expected.append(1 / Double(others.count + 1))
      let likeness = correlation(own, next)
      if others.allSatisfy({ correlation(own, fingerprints[$0]!) < likeness }) {
        found.firsts.append(place)
        found.seconds.append(place + 1)
      }
    }
    guard let most = expected.max(), tail(found.firsts.count, of: found.pairs, each: most) < chance else { return nil }
    return found
  }

  private static func correlation(_ a: Fingerprint, _ b: Fingerprint) -> Float {
    zip(a.values, b.values).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// The probability of `successes` or more among `count` trials of the probability `each`.
  static func tail(_ successes: Int, of count: Int, each: Double) -> Double {
    guard successes > 0 else { return 1 }
    return (successes...max(successes, count)).reduce(0) { sum, number in
      let ways = lgamma(Double(count + 1)) - lgamma(Double(number + 1)) - lgamma(Double(count - number + 1))
      return sum + exp(ways + Double(number) * log(each) + Double(count - number) * log(1 - each))
    }
  }

  /// The order of files in which `img_2` comes before `img_10`.
  package static func fileOrder(_ path: String) -> String {
    var key = ""
    var digits = ""
    func finish() {
      key += String(repeating: "0", count: max(0, 12 - digits.count)) + digits
      digits = ""
    }
    for character in path {
      if ("0"..."9").contains(character) {
        digits.append(character)
      } else {
        if !digits.isEmpty { finish() }
        key.append(character)
      }
    }
    if !digits.isEmpty { finish() }
    return key
  }
}
