import Foundation
import Testing

/// `manikin import dicom`, run as a user runs it; the importer has tests of its own.
@Suite struct ImportDICOMTests {
  /// One element, explicit and little-endian.
  private func element(_ group: UInt16, _ number: UInt16, _ kind: String, _ value: [UInt8]) -> [UInt8] {
    func word(_ value: UInt16) -> [UInt8] { [UInt8(value & 0xFF), UInt8(value >> 8)] }
    let even = value + (value.count % 2 == 1 ? [kind == "UI" ? 0 : 32] : [])
    let length = UInt16(even.count)
    return word(group) + word(number) + Array(kind.utf8)
      + (kind == "OB" ? [0, 0] + word(length) + [0, 0] : word(length)) + even
  }

  /// A picture of 16 x 16 waves, of a person with a name.
  private func picture(_ patient: String, _ number: Int) -> [UInt8] {
    func text(_ group: UInt16, _ number: UInt16, _ kind: String, _ text: String) -> [UInt8] {
      element(group, number, kind, Array(text.utf8))
    }
    func value(_ group: UInt16, _ number: UInt16, _ value: UInt8) -> [UInt8] {
      element(group, number, "US", [value, 0])
    }
    let waves = (0..<256).map { place in
      UInt8(Double((place / 16) * (number + 3) % 23 + (place % 16) * (2 * number + 5) % 29) * 4)
    }
    return [UInt8](repeating: 0, count: 128) + Array("DICM".utf8) + text(2, 0x10, "UI", "1.2.840.10008.1.2.1")
      + text(8, 0x16, "UI", "1.2.840.10008.5.1.4.1.1.1") + text(8, 0x18, "UI", "1.2.826.0.1.\(number)")
      + text(8, 0x20, "DA", "20240131") + text(8, 0x60, "CS", "CR") + text(0x10, 0x10, "PN", "DOE^Jane")
      + text(0x10, 0x20, "LO", patient) + text(0x10, 0x1010, "AS", "061Y")
      + text(0x20, 0x0D, "UI", "1.2.826.0.1.9") + text(0x20, 0x0E, "UI", "1.2.826.0.1.9.1") + value(0x28, 2, 1)
      + text(0x28, 4, "CS", "MONOCHROME2") + value(0x28, 0x10, 16) + value(0x28, 0x11, 16) + value(0x28, 0x100, 8)
      + value(0x28, 0x101, 8) + value(0x28, 0x102, 7) + value(0x28, 0x103, 0) + element(0x7FE0, 0x10, "OB", waves)
  }

  @Test func picturesAreImportedUnderNumbers() throws {
    try withTemporaryFolder { folder in
      let source = folder.appending(path: "in")
      try FileManager.default.createDirectory(at: source, withIntermediateDirectories: true)
      var table = "PatientID,class\n"
      for number in 0..<8 {
        try Data(picture("HOSP\(number)", number)).write(to: source.appending(path: "IM\(number)"))
        table += "HOSP\(number),\(number % 2 == 0 ? "A" : "B")\n"
      }
      try Data("not an image".utf8).write(to: source.appending(path: "readme"))
      try Data(table.utf8).write(to: folder.appending(path: "table.csv"))
      let arguments = ["import", "dicom", "in", "out", "--labels", "table.csv"]
      let outcome = try Command.run(
        arguments + ["--pseudonymise", "--key", "key.tsv", "--keep-tags", "PatientAge"], in: folder)
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(
        outcome.output == """
          A: 4 images of 4 subjects, 16 x 16 pixels, in out/A
          B: 4 images of 4 subjects, 16 x 16 pixels, in out/B

          """)
      #expect(outcome.errors.contains("1 file that is not DICOM"))
      let inspected = try Command.run(["inspect", "out", "--json", "--quiet"], in: folder)
      #expect(inspected.code == 0, "\(inspected.errors)")
      let modalities = try #require(inspected.output.split(separator: "\"modalities\"").last?.prefix(200))
      #expect(modalities.contains("\"count\" : 8"), "\(modalities)")
      for name in ["participants.tsv", "import.json", "dataset_description.json"] {
        let text = try String(contentsOf: folder.appending(path: "out/\(name)"), encoding: .utf8)
        for secret in ["HOSP", "DOE", "2024", "1.2.826"] { #expect(!text.contains(secret), "\(secret) in \(name)") }
      }
      let people = try String(contentsOf: folder.appending(path: "out/participants.tsv"), encoding: .utf8)
      #expect(people.hasPrefix("participant_id\tclass\tPatientAge\nsub-001\t") && people.contains("\t61\n"))
      #expect(try String(contentsOf: folder.appending(path: "key.tsv"), encoding: .utf8).contains("\tHOSP7\t"))

      let json = try Command.run(arguments + ["--overwrite", "--json", "--quiet", "--window", "-20.5,100"], in: folder)
      #expect(json.code == 0 && json.errors == "" && json.output.contains("\"omitted\" : ["))
      let evaluated = try Command.run(["inspect", "in"], in: folder)
      #expect(evaluated.code == 1 && evaluated.errors.contains("manikin import dicom"))
    }
  }

  @Test func misuseIsSaidInOneSentence() throws {
    try withTemporaryFolder { folder in
      let source = folder.appending(path: "in/A")
      try FileManager.default.createDirectory(at: source, withIntermediateDirectories: true)
      try Data(picture("P1", 1)).write(to: source.appending(path: "1"))
      for (options, code, text) in [
        (["--window", "40"], Int32(2), "centre,width"), (["--key", "k.tsv"], 2, "--pseudonymise"),
        (["--slices", "9..x"], 2, "--slices"), (["--keep-tags", "PatientName"], 1, "'PatientName'"),
        (["--labels", "none.csv"], 1, "none.csv"), (["--modality", "MR"], 1, "1 DICOM image"),
        (["--keep-columns", "age"], 1, "--labels"), (["--window", "file"], 1, "it states no window"),
      ] {
        let outcome = try Command.run(["import", "dicom", "in", "out", "--quiet"] + options, in: folder)
        #expect(outcome.code == code && outcome.errors.contains(text), "\(options): \(outcome.errors)")
        #expect(code == 2 || outcome.errorLines.count == 1, "\(outcome.errors)")
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["in"])
    }
  }
}
