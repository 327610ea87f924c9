/// How well age alone tells two classes apart: what a classifier of images has to beat.
enum AgeBaseline {
  /// The best balanced accuracy of a rule "from this age on", and the age; either class may be the older one.
  ///
  /// The threshold is chosen on the same people, so the number is optimistic by a little.
  ///
  /// - Returns: nil unless both lists have an entry.
  static func best(_ first: [Double], _ second: [Double]) -> (balancedAccuracy: Double, age: Double)? {
    guard !first.isEmpty, !second.isEmpty else { return nil }
    var best = (balancedAccuracy: 0.0, age: 0.0)
    for age in Set(first + second).sorted() {
      let sensitivity = Double(first.count { $0 >= age }) / Double(first.count)
      let specificity = Double(second.count { $0 < age }) / Double(second.count)
      let accuracy = (sensitivity + specificity) / 2
      let either = max(accuracy, 1 - accuracy)
      if either > best.balancedAccuracy { best = (either, age) }
    }
    return best
  }
}
