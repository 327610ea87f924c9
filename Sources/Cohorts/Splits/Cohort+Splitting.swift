import Files
import ImageSets
import Randomness

extension Cohort {
  /// The cohort with a side for every image.
  ///
  /// Subjects are divided, not images, and each class by itself, so that every class has the asked fractions of its
  /// subjects on every side. A class with as many subjects as sides or more gets one on each. Where a subject has
  /// images of several classes, the rarest class (by subjects) decides. Where none has, the division of a class depends only on
  /// its name, its subjects, the seed and the index.
  ///
  /// A cohort that is already split keeps its split. If that has no validation side and `validationFromTraining` is
  /// true, `validation / (train + validation)` of the training subjects of each class become one.
  ///
  /// - Parameters:
  ///   - fractions: the share of subjects on each side.
  ///   - seed: from which the division follows, with `index`.
  ///   - index: which of many divisions, from 0.
  ///   - validationFromTraining: whether a split that came without validation images gets some of its training subjects
  ///     for them.
  /// - Throws: `ImagingError` for wrong fractions and for a class with fewer subjects than sides.
  public func split(
    by fractions: SplitFractions = SplitFractions(), seed: UInt64, index: Int = 0, validationFromTraining: Bool = false
  ) throws -> Cohort {
    try fractions.validate()
    guard isSplit else { return try dividing(images, by: fractions, seed: seed, index: index, \.className) }
    guard validationFromTraining, fractions.validation > 0, !images.contains(where: { $0.split == .validation }) else {
      return self
    }
    let share = fractions.validation / (fractions.train + fractions.validation)
    return try dividing(
      images(in: .train), by: SplitFractions(train: 1 - share, validation: share, test: 0), seed: seed, index: index,
      \.className)
  }

  /// The side of every image, in the order of the images; empty if the cohort is not split.
  public var assignments: [SplitAssignment] {
    images.compactMap { image in
      image.split.map {
        SplitAssignment(path: image.path, subject: image.subject, className: image.className, split: $0)
      }
    }
  }

  /// The cohort with new sides for the subjects of some of its images.
  ///
  /// - Parameter stratum: what of an image decides where fractions hold: its class, or a part of its class.
  func dividing(
    _ divided: [CohortImage], by fractions: SplitFractions, seed: UInt64, index: Int,
    _ stratum: (CohortImage) -> String
  ) throws -> Cohort {
    let sides = Split.allCases.filter { fractions.fraction(of: $0) > 0 }
    var strataOf: [String: Set<String>] = [:]
    for image in divided { strataOf[image.subject, default: []].insert(stratum(image)) }
    let strata = Set(divided.map(stratum)).union(divided.isEmpty ? [] : missingClasses(divided)).sortedBytewise()
    let subjectsOf = Dictionary(
      uniqueKeysWithValues: strata.map { name in (name, Self.subjects(of: divided.filter { stratum($0) == name })) })

    var wanted: [String: [Split: Int]] = [:]
    for name in strata {
      let subjects = subjectsOf[name]!
      guard let counts = fractions.counts(of: subjects.count) else {
        throw tooFewSubjects(subjects.count, in: name, sides: sides)
      }
      wanted[name] = counts
    }

    var sideOf: [String: Split] = [:]
    let rarestFirst = strata.indices.sorted {
      (subjectsOf[strata[$0]]!.count, $0) < (subjectsOf[strata[$1]]!.count, $1)
    }
    for name in rarestFirst.map({ strata[$0] }) {
      let subjects = subjectsOf[name]!
      var stream = RandomStream(seed: seed, purpose: "split/\(name)", index: index)
      for position in stream.permutation(subjects.count) where sideOf[subjects[position]] == nil {
        let subject = subjects[position]
        let side = sides.max { wanted[name]![$0]! < wanted[name]![$1]! }!
        sideOf[subject] = side
        for other in strataOf[subject]! { wanted[other]![side]! -= 1 }
      }
      for side in sides where !subjects.contains(where: { sideOf[$0] == side }) {
        throw ImagingError.invalid(
          what: "the class \(name) of \(root.path) gets no subject on the \(side.rawValue) side, because its subjects "
            + "also have images of other classes",
          remedy: "add subjects, or split the cohort by hand into train, val and test")
      }
    }

    var result = self
    result.isSplit = true
    for position in result.images.indices {
      if let side = sideOf[result.images[position].subject] { result.images[position].split = side }
    }
    return result
  }

  /// Classes of which none of these images is: there is nothing of them to divide.
  private func missingClasses(_ images: [CohortImage]) -> Set<String> {
    Set(classes).subtracting(images.map(\.className))
  }

  private func tooFewSubjects(_ count: Int, in name: String, sides: [Split]) -> ImagingError {
    .invalid(
      what: "the class \(name) of \(root.path) has \(TextList.count(count, "subject")), too few to put one on each of "
        + TextList.joined(sides.map(\.rawValue)),
      remedy: "add images of other subjects or remove the class")
  }
}
