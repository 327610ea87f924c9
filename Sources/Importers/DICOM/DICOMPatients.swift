import Cohorts
import DICOMFiles
import Files
import Foundation

/// Whose each DICOM file is, and what these people are called in what is written.
///
/// A person is a PatientID, whoever issued it; without one a study, without that a series, and without that a file. A file
/// without a PatientID is of the person that other files of its study name.
struct DICOMPatients: Sendable {
  /// The subject of each file.
  private(set) var subjects: [String] = []
  /// Subjects by what the header calls the person, where it calls it anything; for the key of pseudonyms.
  private(set) var names: [(patientID: String, studyUID: String, subject: String)] = []
  private(set) var notes: [String] = []

  /// - Parameter pseudonyms: whether people are numbered, in an order that comes from nothing.
  /// - Throws: `ImagingError` for two people who would be called alike, and for a PatientID that is a name.
  init(_ files: [DICOMTree.File], pseudonyms: Bool, root: String) throws {
    var patientOfStudy: [String: String] = [:]
    for file in files {
      guard let study = file.header.studyUID, let id = file.header.patientID else { continue }
      if patientOfStudy[study] == nil { patientOfStudy[study] = id }
    }
    let keys = files.map { Self.key($0, patientOfStudy) }
    var firsts: [String: DICOMHeader] = [:]
    for (key, file) in zip(keys, files) where firsts[key]?.patientID == nil { firsts[key] = file.header }
    let people = firsts.keys.sortedBytewise()
    var subjectOf: [String: String] = [:]
    if pseudonyms {
      let width = max(3, String(people.count).count)
      for (number, key) in people.shuffled().enumerated() {
        subjectOf[key] = "sub-" + Self.padded(number + 1, width)
      }
    } else {
      subjectOf = try Self.stated(people, firsts, root: root)
    }
    subjects = keys.map { subjectOf[$0]! }
    names = people.map { (firsts[$0]!.patientID ?? "", firsts[$0]!.studyUID ?? "", subjectOf[$0]!) }
    note(files, people, firsts)
  }

  private static func key(_ file: DICOMTree.File, _ patientOfStudy: [String: String]) -> String {
    let header = file.header
    if let id = header.patientID ?? header.studyUID.flatMap({ patientOfStudy[$0] }) { return "patient\u{0}\(id)" }
    if let study = header.studyUID { return "study\u{0}\(study)" }
    if let series = header.seriesUID { return "series\u{0}\(series)" }
    return "file\u{0}\(file.path)"
  }

  static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  /// Names from PatientIDs; people without one are numbered.
  private static func stated(
    _ people: [String], _ firsts: [String: DICOMHeader], root: String
  ) throws -> [String: String] {
    let remedy = "number the people with --pseudonymise"
    var subjectOf: [String: String] = [:]
    var owners: [String: String] = [:]
    var unknown = 0
    for key in people {
      let header = firsts[key]!
      if let id = header.patientID, isName(id, header.patientName) {
        throw ImagingError.invalid(what: "a PatientID in \(root) is the patient's name", remedy: remedy)
      }
      var subject = header.patientID.flatMap(fileName)
      if subject == nil {
        unknown += 1
        subject = "sub-unknown" + padded(unknown, 3)
      }
      let name = subject!
      // File systems may not tell a from A.
      if let other = owners.updateValue(key, forKey: name.lowercased()), other != key {
        throw ImagingError.invalid(what: "two people in \(root) would both be called \(name)", remedy: remedy)
      }
      subjectOf[key] = name
    }
    return subjectOf
  }

  /// Whether an id is the person's name and not a code that stands for both.
  private static func isName(_ id: String, _ name: String?) -> Bool {
    if id.contains("^") { return true }
    guard let name else { return false }
    func letters(_ text: String) -> [Character] { text.lowercased().filter { $0.isLetter || $0.isNumber }.sorted() }
    return letters(id) == letters(name) && !id.contains { $0.isNumber }
  }

  /// A subject that is safe in a file's name and found again there; nil for an id without letters and numbers.
  private static func fileName(_ id: String) -> String? {
    guard id.contains(where: { $0.isASCII && ($0.isLetter || $0.isNumber) }) else { return nil }
    let safe = String(
      id.prefix(64).map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "." || $0 == "-") ? $0 : "-" }
    )
    let stated = ImportPlan.statedSubject(safe)
    if SubjectName.of(path: stated + "_series-01_image-001.nii.gz") == stated { return stated }
    return "sub-" + safe.filter { $0.isLetter || $0.isNumber }
  }

  private mutating func note(_ files: [DICOMTree.File], _ people: [String], _ firsts: [String: DICOMHeader]) {
    let nameless = people.filter { firsts[$0]!.patientID == nil }.count
    if nameless > 0 {
      notes.append(
        "\(TextList.count(nameless, "subject")) without a PatientID: the files of one study are taken for one person's, and "
          + "two studies for two people's")
    }
    var descriptions: [String: Set<String>] = [:]
    var issuers: [String: Set<String>] = [:]
    for (subject, file) in zip(subjects, files) {
      guard let id = file.header.patientID else { continue }
      descriptions[subject, default: []].insert("\(file.header.patientName ?? "")\u{0}\(file.header.birthDate ?? "")")
      issuers[id, default: []].insert(file.header.issuer ?? "")
    }
    let mixed = descriptions.filter { $0.value.count > 1 }.keys.sortedBytewise()
    if !mixed.isEmpty {
      notes.append(
        "\(TextList.count(mixed.count, "subject")) whose files differ in the patient's name or birth date "
          + "(\(TextList.firstFew(mixed))): taken for one person by the PatientID")
    }
    let shared = issuers.values.filter { $0.count > 1 }.count
    if shared > 0 {
      notes.append("\(TextList.count(shared, "PatientID")) of several issuers: each taken for one person")
    }
  }
}
