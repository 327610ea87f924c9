import DICOMFiles
import Files
import Foundation
import ImageFiles
import ImageSets

extension CohortSearch {
  /// Finds class folders, already split or not.
  mutating func findClassFolders() throws {
    let listing = try FolderListing(root)
    let loose = listing.images
    guard !listing.folders.isEmpty else { throw noClassFolders(loose: loose, listing: listing) }
    try refuseSubjectFolders(listing, in: root)
    let sides = try splitFolders(in: listing, hasTable: false)
    if sides.isEmpty {
      for name in listing.folders { try add(classFolder: name, className: name, split: nil) }
    } else {
      try addSides(sides)
      try note(unused: listing.folders.filter { name in !sides.contains { $0.name == name } })
    }
    if !loose.isEmpty {
      notes.append(
        "\(TextList.count(loose.count, "image")) directly in \(root.lastPathComponent) (\(TextList.firstFew(loose))) "
          + "\(loose.count == 1 ? "is" : "are") not used: only images in class folders are")
    }
  }

  private mutating func addSides(_ sides: [(name: String, split: Split)]) throws {
    for side in sides {
      let listing = try FolderListing(url(side.name))
      guard !listing.folders.isEmpty else {
        throw ImagingError.unreadable(
          path: url(side.name).path, reason: "it has no class folders",
          remedy: "give each class a folder, as in \(side.name)/AD")
      }
      try refuseSubjectFolders(listing, in: url(side.name))
      for name in listing.folders {
        try add(classFolder: side.name + "/" + name, className: name, split: side.split)
      }
    }
  }

  private func refuseSubjectFolders(_ listing: FolderListing, in folder: URL) throws {
    guard listing.folders.allSatisfy({ $0.hasPrefix("sub-") }) else { return }
    throw ImagingError.invalid(
      what: "\(folder.path) has a folder for each subject (\(TextList.firstFew(listing.folders))), not for each class",
      remedy: "name a table that says their classes, such as --labels participants.tsv")
  }

  /// Notes folders beside those of a given split.
  mutating func note(unused folders: [String]) throws {
    for name in folders {
      let count = try ImageListing(below: url(name), root: root).images.count
      notes.append(
        "the folder \(name) (\(TextList.count(count, "image"))) is not used: of a cohort that is already split only "
          + "train, val and test are")
    }
  }

  private func noClassFolders(loose: [String], listing: FolderListing) -> ImagingError {
    guard loose.isEmpty else {
      let table = listing.files.first { $0.hasSuffix(".tsv") || $0.hasSuffix(".csv") } ?? "participants.tsv"
      return .invalid(
        what: "the \(TextList.count(loose.count, "image")) in \(root.path) \(loose.count == 1 ? "is" : "are") in no "
          + "class folder",
        remedy: "move each class into a folder of its name, or name a table that says the classes, such as "
          + "--labels \(table)")
    }
    let others = listing.files.sortedBytewise()
    return .unreadable(
      path: root.path,
      reason: others.isEmpty
        ? "there are no images in it"
        : "none of the \(TextList.count(others.count, "file")) in it (\(TextList.firstFew(others))) is an image of a kind "
          + "that is read",
      remedy: DICOMTree.remedy(for: root) ?? UnreadFormat.remedy(for: others)
        ?? "make a folder for each class that holds \(ImageFormat.suffixList) files"
        + (others.isEmpty ? "" : "; save other kinds, such as arrays, as one of these first"))
  }
}
