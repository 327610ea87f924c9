import Files
import ImageSets

extension CohortInspection {
  /// Fewer training images than this in a class draw a warning.
  static let fewImages = 20
  /// The least side of an image that a network here takes, in pixels.
  static let smallestSide = 16

  mutating func judge(_ cohort: Cohort, _ scans: [ImageScan]) {
    problems += cohort.classNameClashes.map(\.description)
    judgeFiles(scans)
    judgeReading(scans)
    judgeCounts(cohort)
    judgeGeometry(scans.filter { $0.problem == nil })
    judgeDuplicates()
    judgeNearDuplicates()
    judgeSliceSeries()
    judgeSubjects(cohort)
  }

  private mutating func judgeFiles(_ scans: [ImageScan]) {
    let unreadable = scans.compactMap(\.problem)
    problems += unreadable.prefix(5)
    if unreadable.count > 5 { problems.append("\(unreadable.count - 5) more images cannot be read") }
    func paths(_ condition: (ImageScan) -> Bool) -> [String] { scans.filter(condition).map(\.image.path) }
    let constant = paths(\.isConstant)
    if !constant.isEmpty {
      problems.append(
        "all pixels are equal in \(TextList.count(constant.count, "image")) (\(TextList.firstFew(constant))); "
          + "remove \(constant.count == 1 ? "it" : "them")")
    }
    let small = paths { $0.problem == nil && $0.smallestSide < Self.smallestSide }
    if !small.isEmpty {
      problems.append(
        "\(TextList.count(small.count, "image")) smaller than \(Self.smallestSide) pixels (\(TextList.firstFew(small)))"
          + "; bring them to one with --size")
    }
    let nonFinite = paths { $0.nonFiniteCount > 0 }
    if !nonFinite.isEmpty {
      let voxels = scans.reduce(0) { $0 + $1.nonFiniteCount }
      warnings.append(
        "\(TextList.count(voxels, "voxel")) NaN or infinite, read as 0, in "
          + "\(TextList.count(nonFinite.count, "image")) (\(TextList.firstFew(nonFinite))); "
          + "check that 0 is right for them")
    }
    if scans.contains(where: { $0.problem == nil && $0.range == nil }) {
      notes.append("the images are volumes; choose a slice by plane and position to see intensities")
    }
  }

  private mutating func judgeCounts(_ cohort: Cohort) {
    let side: Split? = cohort.isSplit ? .train : nil
    let noun = cohort.isSplit ? "training image" : "image"
    let counts = cohort.classes.map { (name: $0, count: cohort.images(of: $0, in: side).count) }
    for (name, count) in counts where count < Self.fewImages {
      let what = "the class \(name) has \(TextList.count(count, noun))"
      if count < 2 {
        problems.append("\(what); at least 2 are needed to learn from")
      } else {
        warnings.append("\(what); with fewer than \(Self.fewImages) a model learns little more than these")
      }
    }
    let ascending = counts.sorted { $0.count < $1.count }
    if ascending.count < 2 {
      balance = "only one class, \(classes.first ?? ""): images can be generated but no classifier trained"
    } else {
      let (least, most) = (ascending[0], ascending[ascending.count - 1])
      let ratio = Double(most.count) / Double(max(1, least.count))
      let tenths = Int((ratio * 10).rounded())
      balance =
        least.count == most.count
        ? "balanced: every class has \(TextList.count(least.count, noun))"
        : "imbalanced: \(most.name) has \(tenths / 10).\(tenths % 10) times as many \(noun)s as \(least.name) "
          + "(\(most.count) to \(least.count))"
    }
    var classesOf: [String: Set<String>] = [:]
    for image in cohort.images { classesOf[image.subject, default: []].insert(image.className) }
    let several = classesOf.filter { $0.value.count > 1 }.keys.sortedBytewise()
    if !several.isEmpty {
      warnings.append(
        "\(TextList.count(several.count, "subject")) with images in several classes (\(TextList.firstFew(several))); "
          + "they are kept on one side of a split")
    }
  }

  private mutating func judgeGeometry(_ scans: [ImageScan]) {
    mixed(scans, "sizes", \.size, "bring them to one with --size")
    mixed(scans.filter { !$0.spacing.isEmpty }, "pixel sizes in mm", \.spacing, "resample them to one first")
    mixed(
      scans, "orientations", \.orientation,
      scans.contains { $0.orientation == "none" }
        ? "images that state none are taken as they are stored, so check that they look like the others"
        : "they are turned alike when read, but check that they come from one protocol")
    let types = classes.map { name in Set(scans.filter { $0.image.className == name }.map(\.dataType)) }
    if Set(types).count > 1 { mixed(scans, "data types", \.dataType, "store all classes alike") }
  }

  private mutating func mixed(
    _ scans: [ImageScan], _ what: String, _ value: (ImageScan) -> String, _ remedy: String
  ) {
    let all = Self.tally(scans.map(value))
    guard all.count > 1 else { return }
    let listed = TextList.firstFew(all.map { "\($0.value) (\($0.count))" }, limit: 4)
    let rare = scans.first { value($0) == all[all.count - 1].value }
    let byClass = classes.map { name in Set(scans.filter { $0.image.className == name }.map(value)) }
    let confounds = Set(byClass).count > 1 ? " (not the same in every class, which a classifier can learn)" : ""
    warnings.append(
      "\(all.count) \(what)\(confounds): \(listed), such as \(rare?.image.path ?? ""); \(remedy)")
  }

  private mutating func judgeDuplicates() {
    guard !duplicates.isEmpty else { return }
    func example(_ condition: (Duplicate) -> Bool) -> (count: Int, text: String)? {
      let found = duplicates.filter(condition)
      guard let first = found.first else { return nil }
      return (found.count, TextList.firstFew(first.paths, limit: 2))
    }
    if let (count, text) = example(\.isAcrossSplits) {
      warnings.append(
        "\(TextList.count(count, "image")) found on two sides of the split (\(text)); the test is not independent, "
          + "so remove the copies")
    }
    if let (count, text) = example(\.isAcrossClasses) {
      warnings.append("\(TextList.count(count, "image")) found in two classes (\(text)); remove the wrong ones")
    }
    if let (count, text) = example({ !$0.isAcrossSplits && !$0.isAcrossClasses }) {
      let fate = isSplit ? "" : ", and may come to lie on two sides of a split"
      warnings.append(
        "\(TextList.count(count, "image")) stored more than once (\(text)); copies count double\(fate)")
    }
  }
}
