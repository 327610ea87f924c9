import Files
import ImageSets

extension CohortInspection {
  /// Images that are nearly equal to those of another subject.
  mutating func judgeNearDuplicates() {
    func example(_ condition: (NearDuplicate) -> Bool) -> (count: Int, text: String)? {
      let found = nearDuplicates.filter(condition)
      guard let best = found.max(by: { $0.correlation < $1.correlation }) else { return nil }
      let percent = Int((100 * best.correlation).rounded(.down))
      return (found.count, "\(TextList.firstFew(best.paths, limit: 2)), correlation 0.\(min(99, percent))")
    }
    func warn(_ condition: (NearDuplicate) -> Bool, _ what: String, _ fate: String) {
      guard let (count, text) = example(condition) else { return }
      warnings.append(
        "\(TextList.count(count, "group")) of nearly equal images of different subjects\(what) (\(text)); \(fate)")
    }
    warn(
      \.isAcrossSplits, " on two sides of the split",
      "the test is not independent if they are of one person, so look at them")
    warn({ !$0.isAcrossSplits && $0.isAcrossClasses }, " in two classes", "one of them is in the wrong class")
    warn(
      { !$0.isAcrossSplits && !$0.isAcrossClasses }, "",
      isSplit
        ? "copies count double, so look at them"
        : "a split may part them, so give images of one person one subject's name")
  }

  /// Subjects on two sides, sides without a class, and subjects who may be one person.
  mutating func judgeSubjects(_ cohort: Cohort) {
    if !subjectsOnTwoSides.isEmpty {
      problems.append(
        "\(TextList.count(subjectsOnTwoSides.count, "subject")) on two sides of the split "
          + "(\(TextList.firstFew(subjectsOnTwoSides))); keep all images of a subject on one side, or rename the files "
          + "if these are two people")
    }
    if isSplit {
      for split in Split.allCases {
        let found = Set(cohort.images(in: split).map(\.className))
        let missing = cohort.classes.filter { !found.contains($0) }
        guard !found.isEmpty, !missing.isEmpty else { continue }
        problems.append(
          "the \(split.rawValue) side of the split has no image of the class \(TextList.joined(missing)); give every side "
            + "images of every class")
      }
    }
    let subjects = Cohort.subjects(of: cohort.images)
    let alike = Dictionary(grouping: subjects, by: Self.plain).values.filter { $0.count > 1 }
      .sorted { $0[0].precedesBytewise($1[0]) }
    if let first = alike.first {
      warnings.append(
        "\(TextList.count(alike.count, "group")) of subjects whose names differ only in case, zeros or separators "
          + "(\(TextList.firstFew(first))); give one person one name")
    }
  }

  /// A subject's name in lower case, without separators and without zeros before numbers: `Sub-01` as `sub1`.
  private static func plain(_ subject: String) -> String {
    var plain = ""
    var isInNumber = false
    for character in subject.lowercased() where !"-_ .".contains(character) {
      if character == "0", !isInNumber { continue }
      isInNumber = character.isNumber
      plain.append(character)
    }
    return plain
  }
}
