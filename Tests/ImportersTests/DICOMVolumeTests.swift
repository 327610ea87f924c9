import Cohorts
import DICOMFiles
import Foundation
import ImageFiles
import ImageSets
import Importers
import TestFiles
import Testing

/// Volumes by dcm2niix, which `Scripts/install-dependencies.sh` installs.
@Suite struct DICOMVolumeTests {
  private static let hasProgram = (try? DICOMConverter()) != nil

  private func write(
    _ folder: DICOMFolder, _ choice: SliceChoice = SliceChoice(), to name: String = "OUT",
    _ change: (inout DICOMOptions) -> Void = { _ in }
  ) throws -> CohortImport.Outcome {
    var options = DICOMOptions()
    change(&options)
    return try DICOMImport(folder.scratch.path(folder.name), options: options, version: "0")
      .write(to: folder.scratch.path(name), choice: choice, overwrite: true)
  }

  @Test(.enabled(if: hasProgram)) func slicesBecomeVolumes() throws {
    let folder = DICOMFolder(scratch: try ImageScratch(), name: "-b y; touch IN")
    for patient in ["P1", "P2"] {
      // In no order, and with a picture of the same series beside.
      for index in [3, 0, 4, 1, 2] {
        try folder.add(
          "\(patient == "P1" ? "A" : "B")/\(patient)/$(x) \(index)", DICOMFolder.slice(index), patient: patient,
          study: patient == "P1" ? 1 : 2, instance: index + 1)
      }
    }
    try folder.add("A/P1/shot", DICOMFolder.picture(5, modality: "CT"), patient: "P1", instance: 9)
    let outcome = try write(folder, SliceChoice(extent: .range(.at(.index(0)), .at(.index(4)))))
    #expect(outcome.images == ["A": 6, "B": 5] && outcome.omitted == [])
    let cohort = try Cohort.load(folder.scratch.path("OUT"))
    #expect(
      cohort.images(of: "B").map(\.path) == (0..<5).map { "B/sub-P2_series-01_axial-00\($0).nii.gz" }
        && cohort.images(of: "A").contains { $0.path == "A/sub-P1_series-01_image-006.nii.gz" })
    for (index, image) in cohort.images(of: "B").enumerated() {
      let slice = try ImageFile.read(image.url)
      #expect((slice.height, slice.width) == (6, 8) && slice.frame.spacing == SIMD3(0.5, 0.75, 2))
      // From the patient's left on the left of the image, in Hounsfield units.
      #expect(slice[0, 0] == Float(1000 * index + 7 - 1024) && slice[5, 7] == Float(1000 * index + 40 - 1024))
      #expect(slice.frame.origin.z == Double(2 * index))
    }
    for (path, text) in try DICOMFolder.everything(folder.scratch) {
      for secret in DICOMFolder.secrets + ["dcm2niix", "TE=", "Time="] {
        #expect(!text.contains(secret), "\(secret) is in \(path)")
      }
    }
    let coronal = try write(folder, SliceChoice(plane: .coronal, position: .at(.index(0))), to: "OUT2") {
      $0.window = .given(centre: 0.5, width: 101)
    }
    #expect(coronal.images == ["A": 2, "B": 1])
    let slice = try ImageFile.read(folder.scratch.path("OUT2/B/sub-P2_series-01_coronal-000.nii.gz"))
    // The top row is the highest slice, far above the window; the lowest is far below it.
    #expect((slice.height, slice.width) == (5, 8) && slice[0, 0] == 255 && slice[4, 0] == 0)
    expectError("has no axial slice number 9", "choose one of 0 to 4") {
      _ = try write(folder, SliceChoice(position: .at(.index(9))), to: "OUT3")
    }
    expectError("slices of one volume", "different classes") {
      let table = try folder.scratch.text("id,class\nP1,A\nP2,B\n1.2.826.0.1.1.1.1.2529,B\n", "t.csv")
      _ = try write(folder, to: "OUT3") { $0.labels = table }
    }
    #expect(try folder.scratch.names == ["-b y; touch IN", "OUT", "OUT2", "t.csv"])
  }

  @Test(.enabled(if: hasProgram)) func viewsAreNoVolumeAndGapsAreSaid() throws {
    let folder = DICOMFolder(scratch: try ImageScratch(), name: "IN")
    // A scout from the front and one from the side, then three slices with a gap.
    for (index, cosines) in ["1\\0\\0\\0\\0\\-1", "0\\1\\0\\0\\0\\-1"].enumerated() {
      var file = DICOMFolder.slice(index)
      file.set(0x0020, 0x0037, "DS", cosines)
      try folder.add("A/scout\(index)", file, patient: "P1", series: 1, instance: index)
    }
    for index in [0, 1, 5] {
      try folder.add("A/\(index)", DICOMFolder.slice(index), patient: "P1", series: 2, instance: index)
    }
    let outcome = try write(folder)
    let names = try Cohort.load(folder.scratch.path("OUT")).images.map(\.path)
    #expect(
      names == [
        "A/sub-P1_series-01_image-001.nii.gz", "A/sub-P1_series-01_image-002.nii.gz",
        "A/sub-P1_series-02_axial-001.nii.gz",
      ])
    #expect(
      outcome.notes.contains { $0.hasPrefix("1 volume with missing or unevenly spaced slices (sub-P1_series-02)") })
  }

  /// A program in the place of dcm2niix.
  private func program(_ script: String, in scratch: ImageScratch) throws -> String {
    let text = try scratch.text("#!/bin/sh\n" + script, "script")
    // A file that this process has open for writing could not be run while another test's child has it too.
    let copy = try Process.run(
      URL(filePath: "/usr/bin/install"), arguments: ["-m", "755", text.path, scratch.path("dcm2niix").path])
    copy.waitUntilExit()
    return "relative:" + scratch.url.path
  }

  @Test func aMissingProgramIsNamed() throws {
    let scratch = try ImageScratch()
    for path in ["", ".", "relative", scratch.url.path, "/nowhere"] {
      expectError("dcm2niix", "not on your PATH", "apt-get install dcm2niix") {
        _ = try DICOMConverter(searching: path)
      }
    }
    try scratch.folder("bin/dcm2niix")
    expectError("not on your PATH") { _ = try DICOMConverter(searching: scratch.path("bin").path) }
  }

  @Test func aProgramThatFailsHangsOrLosesSlicesIsSaid() throws {
    let scratch = try ImageScratch()
    let folder = DICOMFolder(scratch: scratch, name: "IN")
    let files = try (0..<3).map { try folder.add("A/\($0)", DICOMFolder.slice($0), patient: "P1", instance: $0) }
    func convert(_ script: String, seconds: Double = 60) throws -> [String] {
      let converter = try DICOMConverter(searching: program(script, in: scratch), limit: seconds)
      return try converter.volumes(from: files, name: "v").urls.map(\.lastPathComponent)
    }
    expectError("failed (code 1)", "3 files") { _ = try convert("exit 1") }
    expectError("failed (code -9)") { _ = try convert("kill -9 $$") }
    expectError("made no volume") { _ = try convert("exit 0") }
    let start = ContinuousClock.now
    expectError("took over") { _ = try convert("exec sleep 600", seconds: 0.5) }
    #expect(ContinuousClock.now - start < .seconds(30))
    // The last two arguments are -o's folder and the source, which holds links of neutral names.
    let volume = try AxisOrder.all[0].volume().write("volume", .nifti, in: scratch).path
    let check =
      "for last; do :; done; [ \"$(ls $last | tr '\\n' ' ')\" = '000001.dcm 000002.dcm 000003.dcm ' ] || exit 4\n"
    let find = "while [ $1 != -o ]; do shift; done\n"
    #expect(try convert(check + find + "cp \(volume) $2/v.nii") == ["v.nii"])
    #expect(
      try convert(find + "for n in v v_Eq_1 va; do cp \(volume) $2/$n.nii; done") == [
        "v_volume-1.nii", "v_volume-2.nii",
      ])
    #expect(try convert(find + "for n in v v_Tilt_1; do cp \(volume) $2/$n.nii; done") == ["v.nii"])
    var flat = ImageBytes([4, 5, 2], type: .int16, values: [Double](repeating: 1, count: 40))
    flat.sformCode = 1
    (flat.sform[0], flat.sform[5], flat.sform[10]) = (1, 1, 1)
    let short = try flat.write("short", .nifti, in: scratch).path
    expectError("made volumes of 2 slices") { _ = try convert(find + "cp \(short) $2/v.nii") }
  }
}
