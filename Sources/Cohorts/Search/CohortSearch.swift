import DICOMFiles
import Files
import Foundation
import ImageFiles
import ImageSets

/// The search of a folder for the images of a cohort, and what it has found so far.
struct CohortSearch {
  let root: URL
  /// How subjects are found in names.
  let rule: SubjectRule
  var images: [CohortImage] = []
  var classes: Set<String> = []
  var notes: [String] = []
  /// Files beside the images that are none of a kind that is read.
  var unread: [String] = []

  init(root: URL, rule: SubjectRule = .names) {
    self.root = root
    self.rule = rule
  }

  func url(_ path: String) -> URL { root.appending(path: path, directoryHint: .inferFromPath) }

  /// The names of the split folders in the cohort's folder, or none if it is not already split.
  ///
  /// It is if a `train` folder holds no image of its own and either folders or a split folder beside it, so that a
  /// class may be called `test`, and even `train`. With a table, images need no class folder.
  func splitFolders(in listing: FolderListing, hasTable: Bool) throws -> [(name: String, split: Split)] {
    let named = listing.folders.compactMap { name in Split(name: name).map { (name: name, split: $0) } }
    for split in Split.allCases {
      let same = named.filter { $0.split == split }.map(\.name)
      guard same.count < 2 else {
        throw ImagingError.invalid(
          what: "\(root.path) has two folders for one side of the split, \(TextList.joined(same))",
          remedy: "keep one")
      }
    }
    guard let train = named.first(where: { $0.split == .train }) else {
      guard named.count == listing.folders.count, let first = named.first else { return [] }
      throw ImagingError.invalid(
        what: "\(root.path) has a folder \(first.name) but no folder train", remedy: "add the training images")
    }
    if hasTable { return named }
    let inside = try FolderListing(url(train.name))
    guard inside.images.isEmpty else {
      guard named.count > 1 else { return [] }
      throw ImagingError.invalid(
        what: "\(url(train.name).path) holds images that are in no class folder",
        remedy: "give each class a folder, as in train/AD, or name a table of labels")
    }
    return inside.folders.isEmpty && named.count == 1 ? [] : named
  }

  /// Adds the images of one class folder.
  mutating func add(classFolder path: String, className: String, split: Split?) throws {
    let folder = url(path)
    let listing = try ImageListing(below: folder, root: root)
    guard !listing.images.isEmpty else {
      let reason =
        listing.others.isEmpty
        ? "the class folder is empty"
        : "none of the \(TextList.count(listing.others.count, "file")) in the class folder is an image of a kind that is "
          + "read"
      throw ImagingError.unreadable(
        path: folder.path, reason: reason,
        remedy: DICOMTree.remedy(for: folder) ?? UnreadFormat.remedy(for: listing.others)
          ?? "add \(ImageFormat.suffixList) files, or remove the folder")
    }
    unread += listing.others.map { path + "/" + $0 }
    classes.insert(className)
    for image in listing.images {
      images.append(
        CohortImage(
          url: folder.appending(path: image, directoryHint: .notDirectory), path: path + "/" + image,
          subject: try rule.subject(of: path + "/" + image, below: image), className: className, split: split))
    }
  }

  /// The cohort of what was found, after all checks.
  func cohort(checksSplit: Bool, allowsLeaks: Bool) throws -> Cohort {
    var search = self
    try search.dropPreviews()
    search.notes += UnreadFormat.notes(on: search.unread)
    try search.refuseTwoFilesOfOneName()
    try search.refuseUnsafeClassNames()
    let cohort = Cohort(root: root, images: search.images, notes: search.notes)
    if checksSplit, let clash = cohort.classNameClashes.first { throw clash }
    if cohort.isSplit, checksSplit {
      try search.refuseClassMissingFromSide()
      if !allowsLeaks { try search.refuseSubjectsOnTwoSides() }
    }
    return cohort
  }
}
