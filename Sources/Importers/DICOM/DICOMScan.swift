import Cohorts
import DICOMFiles
import Files

/// What an image that is to be written has from its DICOM files.
struct DICOMScan: Sendable, Equatable {
  enum Reading: Sendable, Equatable {
    /// A DICOM file with one image.
    case picture(DICOMWindow)
    /// A NIfTI file that `dcm2niix` made of a series, and the window for it.
    case volume(DICOMWindow.Setting?)
  }

  var reading: Reading
  var modality: String
  /// Kept elements of the header by keyword.
  var tags: [String: String]

  /// For the record: nil where nothing is kept.
  var keptTags: [String: String]? { tags.isEmpty ? nil : tags }
}

/// A tree of DICOM files as a source of images.
struct DICOMSource: Sendable {
  /// Files that are left out before their pixels are looked at.
  var omissions: [DICOMTree.Omission]
  var skipsDamaged: Bool

  /// Reads a picture.
  ///
  /// - Returns: an omission for a file of a kind that is not read, and for a damaged one where these are left out.
  /// - Throws: `ImagingError` for a damaged file.
  static func picture(
    _ scan: ImportPlan.Scan, _ window: DICOMWindow, skipsDamaged: Bool
  ) throws -> Result<DICOMImage, DICOMTree.Omission> {
    let omission: DICOMTree.Omission
    do {
      let bytes = try RegularFile(path: scan.url.path, noun: "a DICOM file").allBytes(limit: DICOMFile.limit)
      return .success(try DICOMImage(try DICOMFile(bytes), window: window))
    } catch let refusal as DICOMPixels.Refusal {
      omission = .init(path: scan.path, reason: "cannot be read: \(refusal.reason)", isDamage: refusal.isDamage)
    } catch let damage as DICOMDataset.Damage {
      omission = .init(path: scan.path, reason: "is damaged: \(damage.reason)", isDamage: true)
    }
    guard omission.isDamage, !skipsDamaged else { return .failure(omission) }
    throw ImagingError.invalid(
      what: "\(scan.url.path) \(omission.reason)",
      remedy: "copy or export the file again, or leave it out with --skip-damaged")
  }

  /// How many files are left out for which reasons; without their names, since notes are written.
  static func notes(on omissions: [DICOMTree.Omission]) -> [String] {
    let reasons = CohortInspection.tally(omissions.map(\.reason))
    let told = reasons.prefix(12).map {
      "\(TextList.count($0.count, "file")) left out: \($0.count == 1 ? "it" : "each") \($0.value)"
    }
    let rest = reasons.dropFirst(12).reduce(0) { $0 + $1.count }
    return told + (rest > 0 ? ["\(TextList.count(rest, "file")) left out for other reasons"] : [])
  }
}

extension DICOMTree.Omission: Error {
  /// `scans/1.dcm holds no image (SR)`.
  var sentence: String { "\(path) \(reason)" }
}
