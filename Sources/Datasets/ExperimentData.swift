import Cohorts
import Foundation
import ImageSets
import Phantoms
import Randomness
import Recipes
import Runs
import Tensors

/// The images of an experiment, read, preprocessed and split.
public struct ExperimentData: Sendable {
  /// Class names, sorted.
  public let classes: [String]
  /// Every image with its class and side.
  public let set: ImageSet
  /// What the user should know of the cohort.
  public let notes: [String]
  /// A digest of all files, for stages that depend on them.
  public let digest: String
  /// A digest of what the class folders or the table say of each image: class, subject, side of a given split.
  package let labelDigest: String
  /// The folder of the images.
  package let root: URL
  /// The cohort as it was found.
  package let cohort: Cohort
  /// What a split that came with the images has on two sides; empty if Manikin divides them.
  package let leakage: SplitLeakage
  /// How images are divided.
  package let division: Division
  /// Training images that the recipe leaves out, by number.
  package let unused: Set<Int>

  /// Reads the cohort that a recipe names; the phantom is made first, in `phantomFolder`.
  ///
  /// - Parameters:
  ///   - recipe: names the images and says how they are preprocessed, divided and limited in number.
  ///   - split: whether images are divided into training, validation and test images; otherwise all are for training.
  ///   - isClassified: whether classes are to be told apart; otherwise one class will do, and a split that came without
  ///     validation images gets some of its training images for them.
  ///   - phantomFolder: where the phantom cohort goes, if the recipe asks for one.
  ///   - progress: shows how far making and reading the images is.
  /// - Throws: `ImagingError` or `ExperimentsError`.
  public init(
    _ recipe: Recipe, split: Bool, isClassified: Bool = true, phantomFolder: URL, progress: ProgressReporter
  ) throws {
    guard let source = recipe.data.source else {
      throw ExperimentsError.settings(
        problem:
          "there is no data: give a folder of images, or 'data.path', 'data.phantom' or 'data.shapes' in the recipe")
    }
    let root: URL
    switch source {
    case .folder(let path): root = URL(filePath: path, directoryHint: .isDirectory)
    case .phantom(let settings):
      root = phantomFolder
      if !FileManager.default.fileExists(atPath: root.path) {
        let bar = progress.stage("Making the phantom", total: settings.subjects, unit: "subjects")
        try Phantom.writeCohort(
          to: root,
          configuration: PhantomConfiguration(
            subjects: settings.subjects, minority: settings.minority, height: settings.height, width: settings.width,
            seed: UInt64(settings.seed))
        ) { done, _ in bar.update(to: done) }
        bar.finish()
      }
    case .shapes(let settings):
      root = phantomFolder
      if !FileManager.default.fileExists(atPath: root.path) {
        try Shapes(count: settings.count, size: settings.size, seed: UInt64(settings.seed)).write(to: root)
      }
    }
    var cohort = try Cohort.load(
      root, labels: recipe.labelTable, subjects: recipe.subjectRule, allowsLeaks: recipe.data.allowsLeaks)
    labelDigest = Self.digest(ofLabels: cohort)
    self.root = root
    let found = cohort
    let division = try Division(recipe, cohort, root: root, isUsed: split && isClassified)
    self.division = division
    func divided(_ cohort: Cohort) throws -> Cohort {
      try division.split(cohort, recipe, index: 0, validationFromTraining: !isClassified)
    }
    if split {
      if isClassified { try cohort.requireForEvaluation() } else { try cohort.requireForGeneration() }
      cohort = try divided(cohort)
    } else {
      try cohort.requireForGeneration()
    }
    let images = cohort.images.filter { $0.split != nil || !split }
    let bar = progress.stage("Reading images", total: images.count, unit: "images")
    let lock = NSLock()
    let read = try CohortReader(preprocessing: recipe.preprocessingConfiguration, selection: recipe.sliceSelection)
      .read(images) { done in lock.withLock { bar.update(to: done) } }
    bar.finish()
    let copies = try read.copies()
    leakage = SplitLeakage(found.isSplit ? images : [], copies: found.isSplit ? copies : [])
    if !recipe.data.allowsLeaks { try leakage.refuse() }
    if split, !found.isSplit {
      // Where Manikin divides, people who share an image stay together, whatever their names. All images were read.
      self.cohort = found.joiningSubjects(ofCopies: copies)
      cohort = try divided(self.cohort)
    } else {
      self.cohort = found
    }
    set = read.describing(cohort.images.filter { $0.split != nil || !split })
    classes = cohort.classes
    notes = cohort.notes + division.notes + Self.notes(onCopies: copies, of: images) + set.notes
    digest = try Checksum.ofFiles(images.map { ($0.path, $0.url) })
    unused = Self.unused(set, classes: classes, recipe, index: 0)
  }

  package init(_ other: ExperimentData, classes: [String]? = nil, set: ImageSet, unused: Set<Int>) {
    (notes, digest, root, cohort) = (other.notes, other.digest, other.root, other.cohort)
    self.classes = classes ?? other.classes
    labelDigest = other.labelDigest
    (leakage, division) = (other.leakage, other.division)
    self.set = set
    self.unused = unused
  }

  /// Images that are the same in two classes.
  private static func notes(onCopies copies: [[Int]], of images: [CohortImage]) -> [String] {
    let found = copies.filter { Set($0.map { images[$0].className }).count > 1 }
    guard let first = found.first else { return [] }
    let paths = first.prefix(2).map { images[$0].path }.joined(separator: " and ")
    return [
      "\(found.count) image\(found.count == 1 ? " is" : "s are") in two classes, such as \(paths); remove the wrong ones"
    ]
  }

  /// The cohort's tables and folders as `digest(ofLabels:)` sees them, of images of another place.
  static func labelDigest(of cohort: Cohort) -> String { digest(ofLabels: cohort) }

  private static func digest(ofLabels cohort: Cohort) -> String {
    let lines = cohort.images.map { image in
      [image.path, image.className, image.subject, image.split?.rawValue ?? ""]
        .map { "\($0.utf8.count) \($0)" }.joined(separator: " ") + "\n"
    }
    return Checksum.of(lines.sorted().joined())
  }

  /// The training images of the smallest class whose subjects are beyond `data.minority`, in an order that depends on
  /// the seed and the split alone, so that a smaller number takes some of the subjects of a larger one.
  private static func unused(_ set: ImageSet, classes: [String], _ recipe: Recipe, index: Int) -> Set<Int> {
    guard let limit = recipe.data.minority else { return [] }
    let training = set.images.indices.filter { set.images[$0].split == nil || set.images[$0].split == .train }
    let members = classes.map { name in training.filter { set.images[$0].className == name } }
    let subjects = members.map { Cohort.subjects(of: $0.map { set.images[$0] }) }
    guard let smallest = subjects.indices.min(by: { subjects[$0].count < subjects[$1].count }) else { return [] }
    var stream = RandomStream(seed: UInt64(recipe.seed), purpose: "minority", index: index)
    let kept = Set(stream.permutation(subjects[smallest].count).prefix(limit).map { subjects[smallest][$0] })
    return Set(members[smallest].filter { !kept.contains(set.images[$0].subject) })
  }

  /// What a run of these images is held to from its start to its end, as digests by name.
  ///
  /// - Parameter split: whether they are divided.
  package func digests(split: Bool) -> [(name: String, digest: String)] {
    [
      ("data", digest), ("table of classes and subjects", labelDigest),
      ("division of the images", split ? "split" : "all"),
    ] + (division.digest(of: cohort).map { [("sites of the images", $0)] } ?? [])
  }

  /// The same images under another split of their subjects, counted from 0, the one that they were read with.
  ///
  /// - Precondition: the images did not come split.
  package func divided(_ index: Int, _ recipe: Recipe) throws -> ExperimentData {
    guard index > 0 else { return self }
    let split = try division.split(cohort, recipe, index: index)
    let sides = Dictionary(uniqueKeysWithValues: split.images.map { ($0.path, $0.split) })
    let images = set.images.map { image in
      var image = image
      image.split = sides[image.path] ?? nil
      return image
    }
    let divided = ImageSet(
      images: images, size: set.size, channels: set.channels, pixels: set.pixels, frames: set.frames, notes: set.notes,
      storage: set.storage, limits: set.limits)
    return ExperimentData(
      self, set: divided, unused: Self.unused(divided, classes: classes, recipe, index: index))
  }

  /// The same images and division without their classes: all are of one, under the given name.
  ///
  /// - Parameter leavingOut: images, by number, that are not used.
  package func pooled(as name: String, leavingOut: Set<Int> = []) -> ExperimentData {
    let images = set.images.map { image in
      var image = image
      image.className = name
      return image
    }
    return ExperimentData(
      self, classes: [name],
      set: ImageSet(
        images: images, size: set.size, channels: set.channels, pixels: set.pixels, frames: set.frames,
        notes: set.notes, storage: set.storage, limits: set.limits), unused: unused.union(leavingOut))
  }

  /// Different subjects on a side.
  package func subjectCount(in split: Split) -> Int { Set(indices(in: split).map { set.images[$0].subject }).count }

  /// The number of a class in label lists.
  package func label(_ className: String) -> Int { classes.firstIndex(of: className)! }

  /// Which images lie on a side; all when the cohort is not split and training images are asked for.
  public func indices(of className: String? = nil, in split: Split) -> [Int] {
    set.images.indices.filter { index in
      let image = set.images[index]
      return (className == nil || image.className == className)
        && (image.split == split || image.split == nil && split == .train) && !unused.contains(index)
    }
  }

  /// A copy of some images, `[image, height, width, channel]`.
  public func tensor(_ indices: [Int]) -> Tensor { set.tensor(indices) }

  /// Some images, `[height, width, channel]` each, without a copy of them.
  package func rows(_ indices: [Int]) -> TensorRows { set.rows(indices) }
}
