import Files
import ImageSets

/// What a split that was given has on two sides: people and images.
package struct SplitLeakage: Sendable, Equatable {
  /// Subjects with images on two sides, sorted.
  let subjects: [String]
  /// Paths of images that are the same and lie on two sides, in groups.
  let copies: [[String]]

  /// - Parameter copies: numbers of images that are the same, as `ImageSet.copies` gives them.
  init(_ images: [CohortImage], copies: [[Int]]) {
    let sides = Dictionary(grouping: images, by: \.subject).mapValues { Set($0.map(\.split)) }
    subjects = sides.filter { $0.value.count > 1 }.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    self.copies = copies.filter { Set($0.map { images[$0].split }).count > 1 }.map { $0.map { images[$0].path } }
  }

  var isEmpty: Bool { subjects.isEmpty && copies.isEmpty }

  /// What is on two sides, with examples; without full stop.
  private var facts: String {
    var facts: [String] = []
    if let first = subjects.first {
      facts.append(
        "\(subjects.count) subject\(subjects.count == 1 ? " has" : "s have") images on two sides of the split, such as "
          + first)
    }
    if let first = copies.first {
      facts.append(
        "\(copies.count) image\(copies.count == 1 ? " is" : "s are") on two sides of the split, such as "
          + first.prefix(2).joined(separator: " and "))
    }
    return facts.joined(separator: ", and ")
  }

  /// The first thing to say of scores on such a split; nil if it is clean.
  package var sentence: String? {
    isEmpty ? nil : "LEAK: \(facts), so the scores below are too high and say nothing of new people."
  }

  /// - Throws: `ImagingError` that names what is on two sides.
  func refuse() throws {
    guard !isEmpty else { return }
    throw ImagingError.invalid(
      what: facts,
      remedy: "remove the copies or keep all images of a subject on one side, or give --allow-leaks to go on and have "
        + "it said in the answer")
  }
}

/// How many test subjects of a split a classifier has seen in training.
package struct SubjectOverlap: Sendable, Equatable {
  package let testSubjects: Int
  /// Of these, how many have training or validation images as well, or share an image with somebody who has.
  package let inTraining: Int

  /// - Parameters:
  ///   - scored: the sides whose subjects are counted.
  ///   - trained: the sides that take part in training, or in the choice of an epoch.
  package init(_ data: ExperimentData, scored: [Split] = [.test], trained: [Split] = [.train, .validation]) {
    func subjects(_ sides: [Split]) -> Set<String> {
      Set(sides.flatMap { data.indices(in: $0) }.map { data.set.images[$0].subject })
    }
    let test = subjects(scored)
    testSubjects = test.count
    let images = Dictionary(data.set.images.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
    let copied = data.leakage.copies.map { $0.compactMap { images[$0] } }.filter { copies in
      copies.contains { $0.split.map(trained.contains) ?? false }
    }
    let seen = copied.flatMap { $0 }.filter { $0.split.map(scored.contains) ?? false }.map(\.subject)
    inTraining = test.intersection(subjects(trained).union(seen)).count
  }

  /// Such as "0 of 61 test subjects are in training".
  package var sentence: String {
    "\(inTraining) of \(testSubjects) test subject\(testSubjects == 1 ? " is" : "s are") in training"
  }

  /// One sentence for all splits: the numbers of each where they differ.
  package static func sentence(_ overlaps: [SubjectOverlap]) -> String {
    guard let first = overlaps.first else { return "" }
    if overlaps.count == 1 { return first.sentence }
    if overlaps.allSatisfy({ $0 == first }) { return "\(first.sentence), in each of \(overlaps.count) splits" }
    return overlaps.enumerated().map { "\($1.sentence) in split \($0 + 1)" }.joined(separator: ", ")
  }
}
