import DICOMFiles
import Files
import Foundation
import ImageFiles
import ImageSets

extension Cohort {
  /// All images below a folder at any depth, or one image file, for what needs no classes; the class of each is empty.
  ///
  /// - Throws: `ImagingError` if the folder cannot be read or holds no images.
  public static func unlabelled(_ place: URL, subjects: SubjectRule = .names) throws -> Cohort {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: place.path, isDirectory: &isFolder) else {
      throw ImagingError.unreadable(
        path: place.relativePath, reason: "there is no such file or folder", remedy: "check the path")
    }
    let root = isFolder.boolValue ? place : place.deletingLastPathComponent()
    var search = CohortSearch(root: root, rule: subjects)
    if isFolder.boolValue {
      let listing = try ImageListing(below: place, root: root)
      guard !listing.images.isEmpty else {
        throw ImagingError.unreadable(
          path: place.relativePath, reason: "there are no images in it",
          remedy: DICOMTree.remedy(for: place) ?? UnreadFormat.remedy(for: listing.others)
            ?? "name a folder with \(ImageFormat.suffixList) files")
      }
      search.unread = listing.others
      try search.add(unlabelled: listing.images)
    } else {
      try search.add(unlabelled: [place.lastPathComponent])
    }
    return try search.cohort(checksSplit: false, allowsLeaks: true)
  }
}

extension CohortSearch {
  fileprivate mutating func add(unlabelled paths: [String]) throws {
    for path in paths {
      images.append(
        CohortImage(
          url: url(path), path: path, subject: try rule.subject(of: path, below: path), className: "", split: nil))
    }
  }
}
