import Cohorts
import DICOMFiles
import Files
import Foundation
import ImageFiles
import ImageSets
import Importers
import TestFiles
import Testing

/// Trees of DICOM files: whose images they are, what is left out, and what is written.
@Suite struct DICOMImportTests {
  private func write(
    _ folder: DICOMFolder, to name: String = "OUT", overwrite: Bool = false,
    _ change: (inout DICOMOptions) throws -> Void = { _ in }
  ) throws -> CohortImport.Outcome {
    var options = DICOMOptions()
    try change(&options)
    return try DICOMImport(folder.scratch.path(folder.name), options: options, version: "0")
      .write(to: folder.scratch.path(name), choice: SliceChoice(), overwrite: overwrite)
  }

  private func paths(_ scratch: ImageScratch, _ name: String = "OUT") throws -> [String] {
    try Cohort.load(scratch.path(name)).images.map(\.path)
  }

  @Test func seriesAndImagesAreCounted() throws {
    let folder = DICOMFolder(scratch: try ImageScratch(), name: "IN")
    // The numbers of files say nothing; those of series and instances count. No suffix, any depth.
    try folder.add("A/x/9", DICOMFolder.picture(100), patient: "P1", series: 7, instance: 3)
    try folder.add("A/x/1", DICOMFolder.picture(200), patient: "P1", series: 7, instance: 12)
    try folder.add("A/y/z/5.dcm", DICOMFolder.picture(300), patient: "P1", series: 2)
    try folder.add("B/5.dcm", DICOMFolder.picture(400), patient: "P2", series: 2, encoding: .withoutMeta)
    let outcome = try write(folder)
    #expect(
      try paths(folder.scratch) == [
        "A/sub-P1_series-01_image-001.nii.gz", "A/sub-P1_series-02_image-001.nii.gz",
        "A/sub-P1_series-02_image-002.nii.gz", "B/sub-P2_series-01_image-001.nii.gz",
      ])
    let cohort = try Cohort.load(folder.scratch.path("OUT"))
    #expect(Cohort.subjects(of: cohort.images) == ["sub-P1", "sub-P2"])
    let first = try cohort.images.map { try ImageFile.read($0.url)[0, 0] }
    #expect(first == [300, 100, 200, 400])
    #expect(outcome.images == ["A": 3, "B": 1] && outcome.subjects == ["A": 1, "B": 1] && outcome.omitted == [])
    #expect(outcome.notes.contains { $0.contains("--pseudonymise") })
  }

  @Test func nothingOfTheHeaderLeaves() throws {
    let folder = DICOMFolder(scratch: try ImageScratch(), name: "DOE_Jane 1.2.826.0.1")
    for index in 0..<3 {
      try folder.add("A/1.2.826.0.1.\(index)", DICOMFolder.picture(10 * index), patient: "P\(index)", study: index + 1)
      try folder.add("B/Jane\(index)", DICOMFolder.picture(500 + 10 * index), patient: "Q\(index)", study: index + 9)
    }
    try folder.add("B/report", DICOMBytes(), patient: "Q1")
    var cine = DICOMFolder.picture(0, modality: "US")
    cine.set(0x0028, 0x0008, "IS", "12")
    try folder.add("B/Jane's cine", cine, patient: "Q1", series: 4)
    let table = try folder.scratch.text("PatientID,class,note\nP0,A,Jane\nP1,A,\nP2,B,\nQ0,B,\nQ1,B,DOE\n", "Jane.csv")
    let outcome = try write(folder) { $0.labels = table }
    #expect(outcome.omitted?.count == 3)
    for (path, text) in try DICOMFolder.everything(folder.scratch) {
      for secret in DICOMFolder.secrets where secret != "Jane" || !path.hasSuffix("import.json") {
        #expect(!text.contains(secret), "\(secret) is in \(path)")
      }
    }
    // The name of the table is the user's.
    let record = try String(contentsOf: folder.scratch.path("OUT/import.json"), encoding: .utf8)
    #expect(!record.replacingOccurrences(of: "Jane.csv", with: "").contains("Jane"))
    #expect(record.contains("it holds 12 frames (US)") && record.contains("it holds no image (OT)"))
    #expect(outcome.omitted!.contains { $0.hasPrefix("B/Jane's cine holds 12 frames") })
    // The search finds what is there.
    let leak = folder.scratch.path("OUT/A/leak.txt")
    try Data("seen by Dr Who".utf8).write(to: leak)
    #expect(try DICOMFolder.everything(folder.scratch).values.contains { $0.contains("Dr Who") })
  }

  @Test func tagsAndColumnsAreKeptByName() throws {
    let folder = DICOMFolder(scratch: try ImageScratch(), name: "IN")
    for (index, patient) in ["P1", "P1", "P2"].enumerated() {
      var file = DICOMFolder.picture(100 * index)
      file.set(0x0018, 0x5101, "CS", index == 0 ? "AP" : "LL")
      try folder.add("A/\(index)", file, patient: patient, instance: index)
    }
    let table = try folder.scratch.text("id\tclass\tscore\tname\nP1\tA\t7\tJane\nP2\tB\t\tJane\n", "t.tsv")
    _ = try write(folder) {
      $0.labels = table
      $0.keptColumns = ["score"]
      try $0.keepTags("PatientAge,PatientSex, KVP,ViewPosition")
    }
    let rows = try String(contentsOf: folder.scratch.path("OUT/participants.tsv"), encoding: .utf8)
    #expect(
      rows == """
        participant_id\tclass\tscore\tPatientAge\tPatientSex\tKVP\tViewPosition
        sub-P1\tA\t7\t75\tF\t120\tn/a
        sub-P2\tB\tn/a\t75\tF\t120\tLL

        """)
    let record = try JSONDecoder().decode(
      ImportRecord.self, from: Data(contentsOf: folder.scratch.path("OUT/import.json")))
    #expect(record.images.map { $0.tags?["ViewPosition"] } == ["AP", "LL", "LL"])
    #expect(record.images.allSatisfy { $0.source == nil && $0.modality == "DX" } && record.source == "DICOM files")
    var options = DICOMOptions()
    for name in ["PatientName", "PatientID", "StudyDate", "StudyInstanceUID", "InstitutionName", "0010,0010", ""] {
      #expect(throws: ImagingError.self, "\(name)") { try options.keepTags("KVP,\(name)x") }
    }
    #expect(DICOMKeyword.all.allSatisfy { !$0.name.contains("Date") && !$0.name.contains("UID") })
  }

  @Test func tablesAreJoinedByPatientStudyOrFile() throws {
    let folder = DICOMFolder(scratch: try ImageScratch(), name: "IN")
    try folder.add("1.dcm", DICOMFolder.picture(1), patient: "007", study: 1)
    try folder.add("2.dcm", DICOMFolder.picture(2), patient: "8", study: 2)
    try folder.add("3.dcm", DICOMFolder.picture(3), patient: "8", study: 3)
    try folder.add("4.dcm", DICOMFolder.picture(4), patient: "9", study: 4)
    func classes(_ text: String, column: String? = nil) throws -> [String] {
      let table = try folder.scratch.text(text, "labels.csv")
      _ = try write(folder, overwrite: true) {
        $0.labels = table
        $0.idColumn = column
      }
      return try Cohort.load(folder.scratch.path("OUT")).images.map {
        "\($0.className)\(try ImageFile.read($0.url)[0, 0])"
      }
    }
    #expect(try classes("PatientID,class\n7,A\n8,B\n9,C\n") == ["A1.0", "B2.0", "B3.0", "C4.0"])
    // One person's studies may be of two classes.
    #expect(
      try classes("StudyInstanceUID,class\n1.2.826.0.1.2,A\n1.2.826.0.1.3,B\n1.2.826.0.1.4,B\n") == [
        "A2.0", "B3.0", "B4.0",
      ])
    #expect(try classes("file,class\n1.dcm,A\n4,B\n2,B\n", column: "file") == ["A1.0", "B2.0", "B4.0"])
    let table = try folder.scratch.text("PatientID,class\n8,B\n44,A\n9,\n", "labels.csv")
    let outcome = try write(folder, overwrite: true) { $0.labels = table }
    #expect(outcome.omitted == ["1.dcm has no row in labels.csv", "4.dcm has a row without a class in labels.csv"])
    #expect(outcome.notes.contains("1 row of labels.csv fits no image and is not used"))
    expectError("in the column 'PatientID'", "--id-column") { _ = try classes("PatientID,class\nx,A\n") }
    expectError("the id 8 has two rows") { _ = try classes("PatientID,class\n8,A\n8,B\n") }
    expectError("lie in no class folder", "--labels") { _ = try write(folder, overwrite: true) }
  }

  @Test func peopleAreToldApart() throws {
    let scratch = try ImageScratch()
    let folder = DICOMFolder(scratch: scratch, name: "IN")
    // Ids that are unsafe in a file's name, end a subject early, or are missing.
    let ids: [String?] = ["../../etc/passwd", "a b_c", "x-image-3", "OAS1_0001", nil, "---"]
    for (index, id) in ids.enumerated() {
      try folder.add("A/\(index)", DICOMFolder.picture(100 * index), patient: id, study: index)
      try folder.add("A/\(index)b", DICOMFolder.picture(100 * index + 50), patient: id, study: index, instance: 2)
    }
    // A file without an id in a study that has one.
    try folder.add("A/z", DICOMFolder.picture(7), patient: nil, study: 3, instance: 9)
    let outcome = try write(folder)
    let cohort = try Cohort.load(scratch.path("OUT"))
    #expect(
      Cohort.subjects(of: cohort.images).sorted() == [
        "OAS1_0001", "sub-..-..-etc-passwd", "sub-a-b-c", "sub-unknown001", "sub-unknown002", "sub-ximage3",
      ])
    #expect(cohort.images.count == 13 && cohort.images.count { $0.subject == "OAS1_0001" } == 3)
    #expect(outcome.notes.contains { $0.hasPrefix("1 subject without a PatientID") })
    #expect(try scratch.names.sorted() == ["IN", "OUT"])
    // Two people, one name.
    try folder.add("A/clash", DICOMFolder.picture(9), patient: "a/b c", study: 44)
    expectError("two people", "sub-a-b-c", "--pseudonymise") { _ = try write(folder, overwrite: true) }
    #expect(try write(folder, to: "OUT2") { $0.pseudonymises = true }.subjects == ["A": 7])
    // A name is no id; a code that stands for both is.
    let named = DICOMFolder(scratch: scratch, name: "NAMED")
    try named.add("A/1", DICOMFolder.picture(9), patient: "Jane Doe", name: "DOE^Jane")
    expectError("is the patient's name", "--pseudonymise") { _ = try write(named, to: "OUT3") }
    try named.add("A/1", DICOMFolder.picture(9), patient: "LUNG1-001", name: "LUNG1-001")
    #expect(try write(named, to: "OUT3").images == ["A": 1])
    // One id, two people: taken for one, and said.
    try named.add("A/2", DICOMFolder.picture(70), patient: "LUNG1-001", instance: 2, name: "another")
    let notes = try write(named, to: "OUT4").notes
    #expect(
      notes.contains { $0.contains("differ in the patient's name") } && !notes.contains { $0.contains("another") })
  }

  @Test func pseudonymsSayNothing() throws {
    let scratch = try ImageScratch()
    let folder = DICOMFolder(scratch: scratch, name: "IN")
    for index in 0..<40 {
      try folder.add("A/\(index)", DICOMFolder.picture(index), patient: "ID\(1000 + index)", study: index)
    }
    let key = scratch.path("key.tsv")
    _ = try write(folder) {
      $0.pseudonymises = true
      $0.key = key
    }
    let subjects = try Cohort.load(scratch.path("OUT")).images.map(\.subject)
    #expect(subjects == (1...40).map { "sub-0" + ($0 < 10 ? "0" : "") + "\($0)" })
    for (path, text) in try DICOMFolder.everything(scratch) { #expect(!text.contains("ID10"), "\(path)") }
    let lines = try String(contentsOf: key, encoding: .utf8).split(separator: "\n").dropFirst()
    let people = lines.map { $0.split(separator: "\t")[1] }
    #expect(Set(people).count == 40 && people != people.sorted() && lines.first?.hasPrefix("sub-001\tID10") == true)
    let mode = try FileManager.default.attributesOfItem(atPath: key.path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    // The key tells the truth: the picture of ID1000 + n begins with n.
    for line in lines {
      let cells = line.split(separator: "\t")
      let slice = try ImageFile.read(scratch.path("OUT/A/\(cells[0])_series-01_image-001.nii.gz"))
      #expect("ID\(1000 + Int(slice[0, 0]))" == cells[1])
    }
    // Never over another file, nor among the images; none is left by an import that fails.
    expectError("key.tsv", "file exists") {
      _ = try write(folder, to: "OUT2") {
        $0.pseudonymises = true
        $0.key = key
      }
    }
    expectError("lies among the images") {
      _ = try write(folder, overwrite: true) {
        $0.pseudonymises = true
        $0.key = scratch.path("OUT/key.tsv")
      }
    }
    try folder.add("A/bad", DICOMBytes(rows: 9, columns: 9, pixels: [1, 2]), patient: "ID1", study: 99)
    expectError("cut short") {
      _ = try write(folder, to: "OUT2") {
        $0.pseudonymises = true
        $0.key = scratch.path("key2.tsv")
      }
    }
    #expect(try scratch.names == ["IN", "OUT", "key.tsv"])
  }

  @Test func hostileTreesComeToAnEnd() throws {
    let scratch = try ImageScratch()
    let folder = DICOMFolder(scratch: scratch, name: "IN")
    try folder.add("A/1", DICOMFolder.picture(1), patient: "P1")
    try folder.add("B/1", DICOMFolder.picture(2), patient: "P2")
    try FileManager.default.copyItem(at: scratch.path("IN/A/1"), to: scratch.path("IN/A/copy"))
    try FileManager.default.createSymbolicLink(at: scratch.path("IN/A/loop"), withDestinationURL: scratch.path("IN"))
    try FileManager.default.createSymbolicLink(
      at: scratch.path("IN/A/gone"), withDestinationURL: scratch.path("nowhere"))
    #expect(mkfifo(scratch.path("IN/A/pipe").path, 0o600) == 0)
    var directory = DICOMBytes()
    directory.set(0x0008, 0x0016, "UI", "1.2.840.10008.1.3.10")
    try folder.add("DICOMDIR", directory, patient: "P1")
    try folder.add("A/plan", DICOMBytes(), patient: "P1", series: 5)
    var burned = DICOMFolder.picture(5)
    burned.set(0x0028, 0x0301, "CS", "YES")
    try folder.add("A/burned", burned, patient: "P1", series: 6)
    try scratch.write(Array("notes of the ward".utf8), "IN/A/notes.txt")
    try scratch.write([0x08, 0x00, 0x05, 0x00], "IN/A/short")
    expectError("gone", "cannot be read", "(and 1 more)", "--skip-damaged") { _ = try write(folder) }
    let outcome = try write(folder) { $0.skipsDamaged = true }
    #expect(outcome.images == ["A": 1, "B": 1])
    #expect(
      outcome.omitted == [
        "A/burned says that text is burnt into its pixels, where it may name the patient",
        "A/copy is a copy of an image that is taken", "A/gone cannot be read: no such file or directory",
        "A/pipe cannot be read: it is not a regular file", "A/plan holds no image (OT)",
        "DICOMDIR is the directory of a disc",
      ])
    #expect(outcome.notes.contains("2 files that are not DICOM"))
    let burnt = try write(folder, overwrite: true) {
      $0.skipsDamaged = true
      $0.allowsBurnedIn = true
    }
    #expect(burnt.images["A"] == 2 && burnt.notes.contains { $0.contains("text burnt into the pixels") })
    let empty = DICOMFolder(scratch: scratch, name: "EMPTY")
    try scratch.folder("EMPTY/A")
    expectError("none of the 0 files in it is a DICOM file") { _ = try write(empty, to: "OUT5") }
    try empty.add("A/plan", DICOMBytes(), patient: "P1")
    expectError("none of its 1 DICOM file", "A/plan holds no image") { _ = try write(empty, to: "OUT5") }
    #expect(!FileManager.default.fileExists(atPath: scratch.path("OUT5").path))
  }

  @Test func modalitiesAndSeriesAreChosen() throws {
    let folder = DICOMFolder(scratch: try ImageScratch(), name: "IN")
    for (index, modality) in ["DX", "CR", "US"].enumerated() {
      try folder.add("A/\(modality)", DICOMFolder.picture(index, modality: modality), patient: "P1", series: index)
    }
    #expect(try write(folder).notes.contains { $0.contains("3 modalities (CR: 1, DX: 1 and US: 1)") })
    let outcome = try write(folder, overwrite: true) { $0.modalities = ["DX", "US"] }
    #expect(outcome.images == ["A": 2] && outcome.notes.contains("1 image left out by --modality or --series"))
    #expect(try write(folder, overwrite: true) { $0.series = "t1 OF" }.images == ["A": 3])
    expectError("none of the 3 DICOM images") { _ = try write(folder, overwrite: true) { $0.series = "T2" } }
  }

  @Test func aCohortOfDICOMFilesSaysWhatToDo() throws {
    let folder = DICOMFolder(scratch: try ImageScratch(), name: "IN")
    try folder.add("A/x/1", DICOMFolder.picture(1), patient: "P1")
    try folder.add("B/x/2", DICOMFolder.picture(2), patient: "P2")
    expectError("none of the 1 file in the class folder is an image", "manikin import dicom") {
      _ = try Cohort.load(folder.scratch.path("IN"))
    }
    let labels = LabelTable(url: try folder.scratch.text("participant_id,class\nP1,A\n", "t.csv"))
    expectError("no images in it", "manikin import dicom") {
      _ = try Cohort.load(folder.scratch.path("IN"), labels: labels)
    }
    expectError("none of the 1 file in it", "manikin import dicom") {
      _ = try Cohort.load(folder.scratch.path("IN/A/x"))
    }
  }
}
