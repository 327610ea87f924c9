import Cohorts
import Files
import Foundation
import ImageSets

/// What an importer is going to write: the scans, who they are of, and what is known of these people.
///
/// The makers (`oasis`, `bids`, `folder`) look at names and tables only; `CohortImport` reads the scans.
public struct ImportPlan: Sendable {
  /// One image file to take slices from.
  struct Scan: Sendable, Equatable {
    var url: URL
    /// Below the source's folder.
    var path: String
    /// What the names of its slices begin with; `SubjectName` finds the subject in it.
    var name: String
    var subject: String
    var className: String
    var split: Split?
    /// Of an image from DICOM files.
    var dicom: DICOMScan?
  }

  /// What happens to a person's further sessions.
  public enum Repeats: String, Sendable, CaseIterable {
    /// All are taken, under one subject.
    case group
    /// Only the first is.
    case drop
  }

  /// Which importer: `oasis`, `bids`, `volumes`, `images` or `dicom`.
  let importer: String
  let root: URL
  /// Sorted by class and name.
  let scans: [Scan]
  /// Names of the columns of `participants.tsv` after participant_id and class.
  let columns: [String]
  /// Values of these columns by subject; a subject may lack them.
  let values: [String: [String?]]
  /// How the choice was made, for the record.
  let options: [String: String]
  /// What was left out and what else a user should know; one sentence each.
  public let notes: [String]
  /// How the axes run where the files do not say.
  var orientation: AxisLetters?
  /// Whether that holds even where a file says otherwise.
  var overridesOrientation = false
  /// The size that every volume must have, in file order; nil for any.
  var requiredExtent: [Int]?
  /// Whether the images are pictures, which have no slices to choose.
  var isPictures = false
  /// What became of a tree of DICOM files, whose names must not be written; nil for other sources.
  var dicom: DICOMSource?

  init(
    importer: String, root: URL, scans: [Scan], columns: [String] = [], values: [String: [String?]] = [:],
    options: [String: String] = [:], notes: [String] = []
  ) throws {
    self.importer = importer
    self.root = root
    self.scans = scans.sorted {
      $0.className != $1.className
        ? $0.className.precedesBytewise($1.className)
        : $0.name != $1.name ? $0.name.precedesBytewise($1.name) : $0.path.precedesBytewise($1.path)
    }
    self.columns = columns
    self.values = values
    self.options = options
    self.notes = notes
    if let clash = ClassSpellings.clashes(self.scans.lazy.map(\.className), in: root.path).first { throw clash }
    var owners: [String: Scan] = [:]
    for scan in self.scans {
      guard SyntheticFolder.isUsable(className: scan.className) else {
        throw ImagingError.invalid(
          what: "the class name '\(scan.className)' of \(scan.path) in \(root.path) cannot be the name of a folder",
          remedy: "use a name without slashes and control characters that does not begin with a dot")
      }
      let key = "\(scan.split?.rawValue ?? "")/\(scan.className)/\(scan.name)"
      if let other = owners.updateValue(scan, forKey: key) {
        throw ImagingError.invalid(
          what:
            "\(other.path) and \(scan.path) in \(root.path) would both be written as \(scan.className)/\(scan.name)",
          remedy: "rename one of them")
      }
    }
  }

  /// How many images each class has, by name.
  public var scansByClass: [String: Int] { Dictionary(grouping: scans, by: \.className).mapValues(\.count) }

  /// A name from which `SubjectName` finds the subject: as it is where it states one, else `sub-NAME` without the
  /// underscores that would end the subject's name.
  static func statedSubject(_ subject: String) -> String {
    if SubjectName.stated(in: subject) == subject { return subject }
    return "sub-" + subject.map { $0 == "_" || $0 == "/" || $0 == "\\" || $0.isWhitespace ? "-" : String($0) }.joined()
  }
}
