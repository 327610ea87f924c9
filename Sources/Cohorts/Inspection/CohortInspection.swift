import Files
import ImageFiles
import ImageSets

/// What is in a cohort, and what in it will hurt.
public struct CohortInspection: Codable, Sendable, Equatable {
  /// A value and how many images have it.
  public struct Tally: Codable, Sendable, Equatable {
    public var value: String
    public var count: Int
  }

  /// Intensities as stored (after slope and intercept), before preprocessing.
  public struct IntensityRange: Codable, Sendable, Equatable {
    public var lowestMinimum: Float
    public var medianMinimum: Float
    public var medianMaximum: Float
    public var highestMaximum: Float
  }

  /// The images of one class on one side of the split.
  public struct Group: Codable, Sendable, Equatable {
    public var className: String
    /// Nil if the cohort is not split.
    public var split: Split?
    public var images: Int
    public var subjects: Int
    /// Rows by columns, the commonest first; file order for volumes.
    public var sizes: [Tally]
    /// In millimetres, in the order of the sizes; no entry for files that do not say.
    public var spacingsMillimetres: [Tally]
    /// Where the file axes point, such as `RAS`, or `none`.
    public var orientations: [Tally]
    public var dataTypes: [Tally]
    /// Nil if no image could be read or no slice was chosen of volumes.
    public var intensity: IntensityRange?
  }

  /// Images that are the same.
  public struct Duplicate: Codable, Sendable, Equatable {
    public var paths: [String]
    /// Whether the files are equal byte for byte; otherwise only their pixels are.
    public var isByteIdentical: Bool
    public var isAcrossClasses: Bool
    public var isAcrossSplits: Bool
    public var isAcrossSubjects: Bool
  }

  /// Images of different subjects that are nearly equal: their fine detail at 32 x 32 pixels correlates by 0.95 or more
  /// (`Fingerprint`). They may be of one person under two names.
  public struct NearDuplicate: Codable, Sendable, Equatable {
    public var paths: [String]
    public var subjects: [String]
    /// The greatest among them.
    public var correlation: Float
    public var isAcrossClasses: Bool
    public var isAcrossSplits: Bool
  }

  public var root: String
  public var isSplit: Bool
  public var classes: [String]
  public var images: Int
  public var subjects: Int
  /// How subjects were found, by an example, in a sentence.
  public var subjectRule: String
  /// By class, then by side.
  public var groups: [Group]
  /// How the classes compare in number, in a sentence.
  public var balance: String
  public var duplicates: [Duplicate]
  public var nearDuplicates: [NearDuplicate]
  /// Classes whose files follow each other like slices of one person.
  public var sliceSeries: [SliceSeries]
  /// The least correlation of near duplicates.
  public var nearDuplicateThreshold: Float
  /// How images were taken, such as CT, where an import from DICOM says so; otherwise empty.
  public var modalities: [Tally]
  /// Subjects with images on two sides of the given split.
  public var subjectsOnTwoSides: [String]
  /// What makes the cohort unfit, one sentence each.
  public var problems: [String]
  /// What will hurt, one sentence each.
  public var warnings: [String]
  /// What was passed over, one sentence each.
  public var notes: [String]

  /// Reads every image of the cohort; a file that cannot be read becomes one of the problems.
  ///
  /// - Parameters:
  ///   - cohort: as `Cohort.load` found it, best with `checksSplit: false`, so that a faulty split is listed here.
  ///   - selection: which slice of volumes to look at; without one, their intensities are not.
  ///   - progress: called now and then, on the caller's thread, with the number of images read.
  public init(of cohort: Cohort, selection: SliceSelection? = nil, progress: ((Int) -> Void)? = nil) throws {
    let scans = try ParallelMap.map(count: cohort.images.count, progress: progress) {
      ImageScan(cohort.images[$0], selection: selection)
    }
    root = cohort.root.path
    isSplit = cohort.isSplit
    classes = cohort.classes
    images = cohort.images.count
    subjects = Cohort.subjects(of: cohort.images).count
    subjectRule = Self.subjectRule(of: cohort)
    let sides: [Split?] = cohort.isSplit ? Split.allCases : [nil]
    groups = cohort.classes.flatMap { name in
      sides.compactMap { side in
        Group(name, side, scans.filter { $0.image.className == name && $0.image.split == side })
      }
    }
    balance = ""
    duplicates = try Self.duplicates(scans)
    nearDuplicates = try Self.nearDuplicates(scans)
    sliceSeries = Self.sliceSeries(scans)
    modalities = Self.tally(ImportRecord.modalities(of: cohort))
    nearDuplicateThreshold = Fingerprint.threshold
    subjectsOnTwoSides = cohort.isSplit ? Self.subjectsOnTwoSides(cohort) : []
    problems = []
    warnings = []
    notes = cohort.notes
    judge(cohort, scans)
  }

  private static func nearDuplicates(_ scans: [ImageScan]) throws -> [NearDuplicate] {
    let groups = try NearDuplicateSearch.groups(scans.map { $0.isConstant ? nil : $0.fingerprint }) { first, second in
      scans[first].image.subject != scans[second].image.subject && scans[first].digest != scans[second].digest
    }
    return groups.map { group in
      let images = group.members.map { scans[$0].image }
      return NearDuplicate(
        paths: images.map(\.path), subjects: Cohort.subjects(of: images), correlation: group.correlation,
        isAcrossClasses: Set(images.map(\.className)).count > 1, isAcrossSplits: Set(images.map(\.split)).count > 1)
    }
  }

  private static func subjectsOnTwoSides(_ cohort: Cohort) -> [String] {
    Dictionary(grouping: cohort.images, by: \.subject).filter { Set($0.value.map(\.split)).count > 1 }.keys
      .sortedBytewise()
  }

  private static func duplicates(_ scans: [ImageScan]) throws -> [Duplicate] {
    let equalFiles = try DuplicateSearch.equalFiles(scans.map { ($0.image.url, $0.digest) })
    let known = Set(equalFiles)
    let equalPixels = Dictionary(grouping: scans.indices.filter { scans[$0].digest != nil }, by: { scans[$0].digest! })
      .values.filter { $0.count > 1 && !known.contains($0) && !scans[$0[0]].isConstant }
    let groups = equalFiles.map { ($0, true) } + equalPixels.map { ($0, false) }
    return groups.sorted { ($0.0[0], $0.1 ? 0 : 1) < ($1.0[0], $1.1 ? 0 : 1) }.map { members, isByteIdentical in
      let images = members.map { scans[$0].image }
      func differ<Value: Hashable>(_ value: (CohortImage) -> Value) -> Bool { Set(images.map(value)).count > 1 }
      return Duplicate(
        paths: images.map(\.path), isByteIdentical: isByteIdentical, isAcrossClasses: differ(\.className),
        isAcrossSplits: differ(\.split), isAcrossSubjects: differ(\.subject))
    }
  }
}

extension CohortInspection.Group {
  /// Nil if there are no scans.
  fileprivate init?(_ className: String, _ split: Split?, _ scans: [ImageScan]) {
    guard !scans.isEmpty else { return nil }
    let read = scans.filter { $0.problem == nil }
    let ranges = read.compactMap(\.range)
    let lows = ranges.map(\.low).sorted()
    let highs = ranges.map(\.high).sorted()
    self.init(
      className: className, split: split, images: scans.count,
      subjects: Cohort.subjects(of: scans.map(\.image)).count,
      sizes: CohortInspection.tally(read.map(\.size)),
      spacingsMillimetres: CohortInspection.tally(read.map(\.spacing).filter { !$0.isEmpty }),
      orientations: CohortInspection.tally(read.map(\.orientation)),
      dataTypes: CohortInspection.tally(read.map(\.dataType)),
      intensity: ranges.isEmpty
        ? nil
        : CohortInspection.IntensityRange(
          lowestMinimum: lows[0], medianMinimum: Self.median(lows), medianMaximum: Self.median(highs),
          highestMaximum: highs[highs.count - 1]))
  }

  private static func median(_ sorted: [Float]) -> Float {
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : sorted[middle - 1] / 2 + sorted[middle] / 2
  }
}

extension CohortInspection {
  /// The different values, the commonest first, then bytewise.
  package static func tally(_ values: [String]) -> [Tally] {
    Dictionary(grouping: values, by: { $0 }).map { Tally(value: $0.key, count: $0.value.count) }.sorted {
      $0.count != $1.count ? $0.count > $1.count : $0.value.precedesBytewise($1.value)
    }
  }
}
