import Classification
import Cohorts
import Files
import Foundation
import ImageFiles
import ImageSets
import Recipes
import Runs
import Tensors

/// Images of another place, such as another hospital's, that no model and no choice has seen: every classifier of an
/// experiment is scored on them beside the test images of its split.
package struct ExternalTest: Sendable {
  /// The last part of their folder's path.
  package let name: String
  /// Read like the experiment's images, at their size and with their channels.
  package let set: ImageSet
  /// The class of each, in the numbers of the experiment.
  package let labels: [Int]
  /// What a user should know of them.
  package let notes: [String]
  /// Of their files, classes and subjects.
  package let digest: String
  /// What makes the scores too good; nil if nothing does.
  package let leak: String?

  /// Nil if the recipe names none.
  ///
  /// - Throws: `ImagingError` for images that cannot be used, that are of other classes, or that the experiment has too
  ///   (unless leaks are allowed).
  package init?(_ recipe: Recipe, data: ExperimentData, progress: ProgressReporter) throws {
    guard let path = recipe.data.test else { return nil }
    let root = URL(filePath: path, directoryHint: .isDirectory)
    let name = root.standardizedFileURL.lastPathComponent
    self.name = name
    let labelTable = recipe.data.testLabels.map {
      LabelTable(
        url: URL(filePath: $0), idColumn: recipe.data.idColumn, classColumn: recipe.data.classColumn,
        subjectColumn: recipe.data.subjectColumn)
    }
    let cohort = try Cohort.load(
      root, labels: labelTable, subjects: recipe.subjectRule, checksSplit: false, allowsLeaks: true)
    try Self.require(cohort, classes: data.classes)
    let size = data.set.size
    let bar = progress.stage("Reading \(name)", total: cohort.images.count, unit: "images")
    let lock = NSLock()
    let set = try CohortReader(preprocessing: recipe.preprocessingConfiguration, selection: recipe.sliceSelection)
      .read(cohort.images, channels: data.set.channels) { done in lock.withLock { bar.update(to: done) } }
    bar.finish()
    self.set = set
    guard set.size == size else {
      throw ImagingError.invalid(
        what: "\(cohort.images[0].url.path) is \(set.size) pixels and the images of \(recipe.sourceName) are \(size)",
        remedy: "bring both to one, such as --size \(size.height)x\(size.width)")
    }
    labels = cohort.images.map { data.label($0.className) }
    digest = try Checksum.of(
      Checksum.ofFiles(cohort.images.map { ($0.path, $0.url) }) + ExperimentData.labelDigest(of: cohort))
    let copies = try set.copies(in: data.set)
    let example = copies.first.map { "\(set.images[$0.own].path) and \(data.set.images[$0.other].path)" } ?? ""
    let fact =
      "\(copies.count) image\(copies.count == 1 ? "" : "s") of \(name) in the images to learn from too, such as \(example)"
    guard copies.isEmpty || recipe.data.allowsLeaks else {
      throw ImagingError.invalid(
        what: fact, remedy: "remove the copies, or give --allow-leaks to go on and have it said in the answer")
    }
    leak = copies.isEmpty ? nil : "LEAK: \(fact), so the scores on \(name) are too high and say nothing of new people."
    let shared = Set(set.images.map(\.subject)).intersection(data.set.images.map(\.subject)).sorted()
    notes =
      (cohort.notes + set.notes
      + (cohort.isSplit ? ["it is divided into train, validation and test; all of its images are scored"] : [])
      + (shared.isEmpty
        ? []
        : [
          "\(shared.count) subject\(shared.count == 1 ? " is called" : "s are called") as one to learn from, such as "
            + "\(shared[0]); they are taken for other people"
        ]))
      .map { "\(name): \($0)" }
  }

  package var labelled: LabelledImages { LabelledImages(images: set.rows, labels: labels) }

  /// How many subjects there are.
  package var subjectCount: Int { Set(set.images.map(\.subject)).count }

  /// Such as "28 images of 28 subjects: 8 of AD, 20 of CN".
  package func summary(classes: [String]) -> String {
    func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
    return "\(counted(set.count, "image")) of \(counted(subjectCount, "subject")): "
      + classes.indices.map { label in "\(labels.count { $0 == label }) of \(classes[label])" }.joined(separator: ", ")
  }

  private static func require(_ cohort: Cohort, classes: [String]) throws {
    let (missing, further) = (
      classes.filter { !cohort.classes.contains($0) }, cohort.classes.filter { !classes.contains($0) }
    )
    guard !missing.isEmpty || !further.isEmpty else { return }
    let facts = [
      missing.isEmpty ? nil : "no images of the class \(missing.joined(separator: ", "))",
      further.isEmpty
        ? nil : "images of the class \(further.joined(separator: ", ")), which the images to learn from have not",
    ].compactMap { $0 }
    throw ImagingError.invalid(
      what: "\(cohort.root.path) has \(facts.joined(separator: ", and "))",
      remedy: "give it the same class folders, under the same names: \(classes.joined(separator: ", "))")
  }
}
