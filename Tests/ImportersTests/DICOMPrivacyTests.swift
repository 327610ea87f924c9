import Foundation
import Importers
import TestFiles
import Testing

/// Where people are numbered, nothing else may be called as they are.
@Suite struct DICOMPrivacyTests {
  private func write(
    _ folder: DICOMFolder, to name: String = "OUT", _ change: (inout DICOMOptions) throws -> Void = { _ in }
  ) throws -> CohortImport.Outcome {
    var options = DICOMOptions()
    options.pseudonymises = true
    try change(&options)
    return try DICOMImport(folder.scratch.path(folder.name), options: options, version: "0")
      .write(to: folder.scratch.path(name), choice: SliceChoice(), overwrite: true)
  }

  @Test func foldersOfPatientsAreNoClasses() throws {
    for (name, id, words) in [
      ("Doe_Jane", "P1", "is called as"), ("jane-DOE", "P1", "is called as"), ("DOE^JANE^", "P1", "is called as"),
      ("doejane", "P1", "is called as"), ("Doe Jane 2021", "P1", "is called as"), ("p1", "P1", "is called as"),
      ("h-0042", "H0042", "is called as"), ("scan of 12345", "12345", "is called as"),
    ] {
      let folder = DICOMFolder(scratch: try ImageScratch(), name: "IN")
      try folder.add("\(name)/1", DICOMFolder.picture(1), patient: id, study: 1)
      try folder.add("B/2", DICOMFolder.picture(2), patient: "Q2", study: 2, name: "Other")
      expectError("the class '\(name)'", words, "--labels") { _ = try write(folder) }
      #expect(try folder.scratch.names == ["IN"])
      #expect(try write(folder) { $0.pseudonymises = false }.images.count == 2)
    }
    // A person each.
    let folder = DICOMFolder(scratch: try ImageScratch(), name: "IN")
    for index in 0..<3 {
      try folder.add("K\(index)/a", DICOMFolder.picture(index), patient: "Q\(index + 50)", study: index)
    }
    expectError("each of the 3 classes has one patient", "--labels") { _ = try write(folder) }
    try folder.add("K1/b", DICOMFolder.picture(9), patient: "Q90", study: 9)
    #expect(try write(folder).images == ["K0": 1, "K1": 2, "K2": 1])
  }

  @Test func classesOfTablesAreNoPatients() throws {
    let folder = DICOMFolder(scratch: try ImageScratch(), name: "IN")
    // Short codes may be classes' by chance.
    for index in 0..<6 {
      try folder.add("\(index)", DICOMFolder.picture(index), patient: "\(index)", study: index)
    }
    let table = try folder.scratch.text("id,class\n0,0\n1,1\n2,0\n3,1\n4,0\n5,1\n", "t.csv")
    #expect(try write(folder) { $0.labels = table }.images == ["0": 3, "1": 3])
    let named = try folder.scratch.text("id,class\n0,Jane Doe\n1,B\n2,B\n3,B\n4,B\n5,B\n", "n.csv")
    expectError("the class 'Jane Doe'", "n.csv") { _ = try write(folder) { $0.labels = named } }
  }

  @Test func keptColumnsTellNoNames() throws {
    let folder = DICOMFolder(scratch: try ImageScratch(), name: "IN")
    for index in 0..<3 {
      try folder.add("\(index)", DICOMFolder.picture(index), patient: "P\(index)", study: index + 1)
    }
    let table = try folder.scratch.text(
      """
      id,class,same,name,study,born,score
      P0,A,p0,x,1.2.826.0.1.1,1,3
      P1,A,p1,Jane Doe,7,19480229,1
      P2,B,,y,8,2,P9

      """, "t.csv")
    for (column, words) in [
      ("id", "says who the rows are of"), ("same", "holds PatientIDs"), ("name", "holds"), ("study", "holds"),
      ("born", "holds"),
    ] {
      expectError("the column '\(column)'", words, "--keep-columns") {
        _ = try write(folder) {
          $0.labels = table
          $0.keptColumns = ["score", column]
        }
      }
    }
    #expect(try folder.scratch.names == ["IN", "t.csv"])
    let outcome = try write(folder) {
      $0.labels = table
      $0.keptColumns = ["score"]
    }
    #expect(outcome.images == ["A": 2, "B": 1])
    expectError("--keep-columns needs a table") { _ = try write(folder) { $0.keptColumns = ["score"] } }
  }

  @Test func aKeyHasItsNameWhenTheImagesHaveTheirs() throws {
    let scratch = try ImageScratch()
    let folder = DICOMFolder(scratch: scratch, name: "IN")
    try folder.add("A/1", DICOMFolder.picture(1), patient: "ID1")
    let key = scratch.path("key.tsv")
    // What an import that was killed has left.
    try Data("old".utf8).write(to: scratch.path(".key.tsv.partial"))
    var options = DICOMOptions()
    options.pseudonymises = true
    options.key = key
    let plan = try DICOMImport(scratch.path("IN"), options: options, version: "0")
    var seen: [Bool] = []
    _ = try plan.write(to: scratch.path("OUT"), choice: SliceChoice()) { _ in
      seen.append(FileManager.default.fileExists(atPath: key.path))
    }
    #expect(!seen.isEmpty && !seen.contains(true))
    let all = try FileManager.default.contentsOfDirectory(atPath: scratch.url.path).sorted()
    #expect(all == ["IN", "OUT", "key.tsv"])
    let text = try String(contentsOf: key, encoding: .utf8)
    #expect(text.hasPrefix("participant_id") && text.contains("sub-001\tID1"))
    let mode = try FileManager.default.attributesOfItem(atPath: key.path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
  }
}
