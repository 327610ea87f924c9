import Cohorts
import DICOMFiles
import Files
import Foundation

extension DICOMImport {
  /// What a user should know of the images that are taken.
  static func notes(on files: [DICOMTree.File], _ options: DICOMOptions) -> [String] {
    var notes: [String] = []
    let modalities = CohortInspection.tally(files.map(\.header.modality))
    if modalities.count > 1 {
      notes.append(
        "files of \(modalities.count) modalities (\(TextList.firstFew(modalities.map { "\($0.value): \($0.count)" }, limit: 8))"
          + "); --modality takes some of them")
    }
    let unsaid = files.filter { $0.header.saysBurnedIn == nil && burning.contains($0.header.modality) }
    if !unsaid.isEmpty {
      notes.append(
        "\(TextList.count(unsaid.count, "image")) (\(TextList.joined(Set(unsaid.map(\.header.modality)).sortedBytewise()))) "
          + "that do not say whether text is burnt into the pixels: look for names before you share them")
    }
    let burned = files.filter { $0.header.saysBurnedIn == true }
    if !burned.isEmpty {
      notes.append(
        "\(TextList.count(burned.count, "image")) with text burnt into the pixels, which may name the patient")
    }
    let inverted = files.filter(\.header.isInverted).count
    if inverted > 0 {
      notes.append("\(TextList.count(inverted, "image")) stored with white as 0 (MONOCHROME1) turned")
    }
    if !options.pseudonymises {
      notes.append("the subjects are PatientIDs, which may tell who people are; --pseudonymise numbers them")
    } else if options.key == nil {
      notes.append("no table says which number is whose; --key FILE writes one")
    }
    return notes
  }

  /// What a user should know of the volumes.
  static func notes(on series: [DICOMSeries]) -> [String] {
    let uneven = series.flatMap(\.contents).filter {
      if case .volume(let files) = $0.content { DICOMSeries.isUneven(files) } else { false }
    }
    guard !uneven.isEmpty else { return [] }
    return [
      "\(TextList.count(uneven.count, "volume")) with missing or unevenly spaced slices "
        + "(\(TextList.firstFew(uneven.map(\.name)))): the slices are right, their places in millimetres are not"
    ]
  }

  /// What a user should know of volumes whose values are not those of `dcm2niix`.
  static func notes(onMended names: [String]) -> [String] {
    guard !names.isEmpty else { return [] }
    return [
      "\(TextList.count(names.count, "volume")) whose values dcm2niix changed (\(TextList.firstFew(names))): the values of "
        + "the slices are written instead"
    ]
  }

  /// Modalities whose devices write into their pixels.
  private static let burning: Set<String> = ["US", "IVUS", "OT", "SC", "XC", "ES", "RF", "XA", "OP"]

  /// - Throws: `ImagingError` if there are damaged files that are not to be left out.
  static func refuseDamage(
    _ damaged: [DICOMTree.Omission], _ options: DICOMOptions, _ root: URL, remedy: String = "copy the files again"
  ) throws {
    guard let first = damaged.first, !options.skipsDamaged else { return }
    let others = damaged.count == 1 ? "" : " (and \(damaged.count - 1) more)"
    throw ImagingError.invalid(
      what: "\(root.appending(path: first.path).path) \(first.reason)\(others)",
      remedy: "\(remedy), or leave them out with --skip-damaged")
  }

  /// - Parameter omissions: all that are left out.
  static func noImages(_ tree: DICOMTree, _ root: URL, _ omissions: [DICOMTree.Omission]) -> ImagingError {
    let reason: String
    if !tree.files.isEmpty {
      // The last is of a volume, if one is.
      let last = omissions.last.map { " (\($0.sentence))" } ?? ""
      reason = "none of the \(TextList.count(tree.files.count, "DICOM image")) in it is chosen or read\(last)"
    } else if let first = tree.omissions.first {
      reason =
        "none of its \(TextList.count(tree.omissions.count, "DICOM file")) is read (\(first.path) \(first.reason))"
    } else {
      reason = "none of the \(TextList.count(tree.otherCount, "file")) in it is a DICOM file"
    }
    return .unreadable(path: root.path, reason: reason, remedy: "name a folder of DICOM images")
  }
}
