import Randomness

/// How training images are divided again and again, for choosing among ways on images that none of them was trained on.
///
/// Subjects are dealt out class by class, so that every fold has its share of each; a subject with images of several classes
/// goes by the rarest. Every repeat deals anew.
package struct InnerFolds: Sendable {
  /// A fold of a repeat, from 0.
  package struct Place: Hashable, Sendable, Codable, Comparable {
    package var `repeat`: Int
    package var fold: Int

    package init(repeat: Int, fold: Int) { (self.repeat, self.fold) = (`repeat`, fold) }

    package static func < (first: Place, second: Place) -> Bool {
      (first.repeat, first.fold) < (second.repeat, second.fold)
    }
  }

  /// In a repeat.
  package let count: Int
  /// `[repeat][position]`: the fold of each image.
  private let folds: [[Int]]
  private let images: [Int]

  /// - Parameters:
  ///   - images: numbers of the images.
  ///   - labels: of each, 0 ..< classes.
  ///   - subjects: of each.
  ///   - most: folds in a repeat; fewer where a class has fewer subjects, which must be two at least.
  /// - Returns: nil where a class has one subject.
  package init?(
    images: [Int], labels: [Int], subjects: [String], classes: Int, most: Int, repeats: Int, stream: RandomStream
  ) {
    let counts = labels.reduce(into: [Int](repeating: 0, count: classes)) { $0[$1] += 1 }
    var labelOf: [String: Int] = [:]
    for (subject, label) in zip(subjects, labels) {
      if let known = labelOf[subject], (counts[known], known) <= (counts[label], label) { continue }
      labelOf[subject] = label
    }
    let members = (0..<classes).map { label in labelOf.filter { $0.value == label }.keys.sorted() }
    let count = min(most, members.map(\.count).min() ?? 0)
    guard count > 1 else { return nil }
    self.count = count
    self.images = images
    folds = (0..<repeats).map { number in
      var foldOf: [String: Int] = [:]
      for (label, names) in members.enumerated() {
        var stream = stream.substream("repeat \(number)", index: label)
        for (place, index) in stream.permutation(names.count).enumerated() { foldOf[names[index]] = place % count }
      }
      return subjects.map { foldOf[$0]! }
    }
  }

  package var repeats: Int { folds.count }

  /// The images that are held out in a fold, and those that are learned from.
  package func sides(_ place: Place) -> (heldOut: [Int], training: [Int]) {
    let own = folds[place.repeat]
    return (
      images.indices.filter { own[$0] == place.fold }.map { images[$0] },
      images.indices.filter { own[$0] != place.fold }.map { images[$0] }
    )
  }
}
