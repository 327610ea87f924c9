import Files
import Foundation
import ImageSets

/// The image files of a study: who is in them, of which class, and on which side of a split if one is given.
///
/// A cohort is a folder of one of three kinds:
/// - class folders: `DATA/AD/*.nii.gz`, `DATA/CN/*.nii.gz`;
/// - class folders already split: `DATA/train/AD/*`, `DATA/val/AD/*`, `DATA/test/AD/*` (see `Split.init(name:)`);
/// - files at any depth and a table that says the class of each (`LabelTable`).
///
/// Images are files of the kinds that `ImageFormat` lists, `.hdr` with `.img` counted once. Hidden files are passed over, and
/// so are files of other kinds; those that are no documents are said. Pictures (PNG, JPEG, TIFF) beside images of the other
/// kinds are taken for previews and passed over too. Loading
/// looks at names only; no image is opened.
public struct Cohort: Sendable, Equatable {
  public var root: URL
  /// Names of the classes, sorted bytewise.
  public var classes: [String]
  /// Sorted bytewise by path.
  public var images: [CohortImage]
  /// Whether every image has a side.
  public var isSplit: Bool
  /// What was passed over, and what else a user should know; one sentence each.
  public var notes: [String]

  /// A cohort of these images, which it sorts; it is split if every image has a side.
  public init(root: URL, images: [CohortImage], notes: [String] = []) {
    self.root = root
    self.images = images.sorted { $0.path.precedesBytewise($1.path) }
    self.notes = notes
    classes = Set(images.map(\.className)).sortedBytewise()
    isSplit = images.allSatisfy { $0.split != nil }
  }

  /// Finds the images of a cohort.
  ///
  /// - Parameters:
  ///   - root: the folder.
  ///   - labels: the table that says the classes; nil for class folders.
  ///   - subjects: how subjects are found in names, where the table does not name them.
  ///   - checksSplit: whether a given split is refused that has a subject on two sides or a side without a class, and
  ///     so are names of classes that differ only in how they are spelt; an inspection lists what is wrong instead.
  ///   - allowsLeaks: whether a subject may be on two sides all the same.
  /// - Throws: `ImagingError` if the folder or table cannot be read, holds no images, has an empty class, or has a
  ///   split or names that are refused.
  public static func load(
    _ root: URL, labels: LabelTable? = nil, subjects: SubjectRule = .names, checksSplit: Bool = true,
    allowsLeaks: Bool = false
  ) throws -> Cohort {
    var search = CohortSearch(root: root, rule: subjects)
    if let labels {
      try search.find(labels: labels)
    } else {
      try search.findClassFolders()
    }
    return try search.cohort(checksSplit: checksSplit, allowsLeaks: allowsLeaks)
  }

  /// The images of one class, of one side or of all.
  public func images(of className: String? = nil, in split: Split? = nil) -> [CohortImage] {
    images.filter {
      (className == nil || $0.className == className) && (split == nil || $0.split == split)
    }
  }

  /// The different subjects among images, sorted bytewise.
  public static func subjects(of images: [CohortImage]) -> [String] {
    Set(images.map(\.subject)).sortedBytewise()
  }
}
