import Cohorts
import Foundation
import ImageFiles
import ImageSets
import Importers
import TestFiles
import Testing

@Suite struct ImportVolumesTests {
  private func write(
    _ plan: ImportPlan, _ choice: SliceChoice, in scratch: ImageScratch, to name: String = "OUT",
    overwrite: Bool = false
  ) throws -> CohortImport.Outcome {
    try CohortImport(plan: plan, choice: choice, version: "0").write(to: scratch.path(name), overwrite: overwrite)
  }

  /// All 48 orders in one cohort come out as one image, in one place.
  @Test(arguments: Plane.allCases)
  func mixedOrientationsComeOutAlike(plane: Plane) throws {
    let scratch = try ImageScratch()
    try scratch.folder("IN/A")
    for order in AxisOrder.all {
      _ = try order.volume().write("IN/A/\(order)", .niftiGzip, in: scratch)
    }
    let position = [3.0, 4.0, 6.0][plane == .sagittal ? 0 : plane == .coronal ? 1 : 2]
    let choice = SliceChoice(plane: plane, position: .at(.millimetres(plane == .sagittal ? -5 : position)))
    _ = try write(.volumes(scratch.path("IN")), choice, in: scratch)
    let files = try Cohort.load(scratch.path("OUT")).images
    #expect(files.count == 48)
    let first = try Data(contentsOf: files[0].url)
    for file in files { #expect(try Data(contentsOf: file.url) == first, "\(file.path)") }
    let slice = try ImageFile.read(files[0].url)
    // A voxel's value is x + 10 y + 100 z.
    switch plane {
    case .axial: #expect(slice[0, 0] == 240 && slice[0, 3] == 243 && slice[4, 0] == 200)
    case .coronal: #expect(slice[0, 0] == 510 && slice[0, 3] == 513 && slice[5, 0] == 10)
    case .sagittal: #expect(slice[0, 0] == 541 && slice[0, 4] == 501 && slice[5, 0] == 41)
    }
    #expect(try ImageFile.header(files[0].url).orientation == "RAS")
    #expect(
      files[0].path == "A/sub-\(AxisOrder.all.map(\.description).sorted()[0])_\(plane.rawValue)-00"
        + (plane == .axial ? "2" : "1") + ".nii.gz")
  }

  @Test func rangesAndCountsKeepTheSubject() throws {
    let scratch = try ImageScratch()
    for name in ["A", "B"] {
      try scratch.folder("IN/\(name)")
      _ = try AxisOrder.all[5].volume().write("IN/\(name)/pat_\(name)", .nifti, in: scratch)
    }
    let plan = try ImportPlan.volumes(scratch.path("IN"))
    func indices(_ extent: SliceChoice.Extent, _ position: SliceChoice.Position = .at(.middle)) throws -> [Int?] {
      _ = try write(plan, SliceChoice(position: position, extent: extent), in: scratch, overwrite: true)
      let data = try Data(contentsOf: scratch.path("OUT/import.json"))
      return try JSONDecoder().decode(ImportRecord.self, from: data).images.filter { $0.className == "A" }.map(\.index)
    }
    #expect(try indices(.range(.at(.index(1)), .at(.index(4)))) == [1, 2, 3, 4])
    #expect(try indices(.range(.at(.millimetres(2)), .at(.millimetres(10)))) == [1, 2, 3])
    #expect(try indices(.count(3)) == [2, 3, 4])
    #expect(try indices(.count(2), .at(.index(4))) == [4, 5])
    let cohort = try Cohort.load(scratch.path("OUT"))
    #expect(Cohort.subjects(of: cohort.images) == ["sub-pat-A", "sub-pat-B"] && cohort.images.count == 4)
    let table = try String(contentsOf: scratch.path("OUT/participants.tsv"), encoding: .utf8)
    #expect(table == "participant_id\tclass\nsub-pat-A\tA\nsub-pat-B\tB\n")
    expectError("6 axial slices", "2 about number 5 do not fit") { _ = try indices(.count(2), .at(.index(5))) }
    expectError("no axial slice number 6", "0 to 5") { _ = try indices(.count(1), .at(.index(6))) }
    expectError("no axial slice at 99.0 mm", "-2.0 to 18.0 mm") { _ = try indices(.count(1), .at(.millimetres(99))) }
    expectError("run backwards") { _ = try indices(.range(.at(.index(4)), .at(.index(1)))) }
  }

  @Test func theLargestAreaIsFound() throws {
    let scratch = try ImageScratch()
    try scratch.folder("IN/A")
    var values = [Double](repeating: 0, count: 20 * 20 * 20)
    for k in 4..<17 {
      let radius = k == 11 ? 8 : 5
      for j in 10 - radius..<10 + radius { for i in 10 - radius..<10 + radius { values[i + 20 * (j + 20 * k)] = 90 } }
    }
    values[0] = 200
    var image = ImageBytes([20, 20, 20], type: .int16, values: values)
    image.sformCode = 1
    // The third axis runs down, so that stored slice 11 is number 8 from the bottom.
    (image.sform[0], image.sform[5], image.sform[10], image.sform[11]) = (1, 1, -1, 30)
    _ = try image.write("IN/A/v", .nifti, in: scratch)
    _ = try write(.volumes(scratch.path("IN")), SliceChoice(position: .largestArea), in: scratch)
    #expect(try Cohort.load(scratch.path("OUT")).images.map(\.path) == ["A/sub-v_axial-008.nii.gz"])
  }

  @Test func analyzeIsAskedForItsOrientation() throws {
    let scratch = try ImageScratch()
    try scratch.folder("IN/A")
    let volume = AxisOrder.all.first { "\($0)" == "LAS" }!.volume()
    _ = try volume.write("IN/A/v", .analyze, in: scratch)
    let choice = SliceChoice(position: .at(.index(2)))
    expectError("v.hdr", "ANALYZE 7.5", "does not say where left and right are", "--analyze-orientation") {
      _ = try write(.volumes(scratch.path("IN")), choice, in: scratch)
    }
    #expect(try scratch.names == ["IN"])
    for (letters, left) in [("LAS", Float(240)), ("ras", 243)] {
      let plan = try ImportPlan.volumes(scratch.path("IN"), orientation: AxisLetters(letters))
      _ = try write(plan, choice, in: scratch, overwrite: true)
      let slice = try ImageFile.read(scratch.path("OUT/A/sub-v_axial-002.nii.gz"))
      #expect(slice[0, 0] == left, "\(letters)")
      #expect(slice.frame.spacing == SIMD3(3, 2, 4) && slice.frame.origin == SIMD3(-3, 6, -2))
    }
    for text in ["", "LA", "LAA", "LRS", "XAS", "LASS"] { #expect(AxisLetters(text) == nil, "\(text)") }
    // A file that states its orientation is believed.
    try FileManager.default.removeItem(at: scratch.path("IN/A"))
    try scratch.folder("IN/A")
    _ = try volume.write("IN/A/v", .nifti, in: scratch)
    let plan = try ImportPlan.volumes(scratch.path("IN"), orientation: AxisLetters("RAS"))
    _ = try write(plan, choice, in: scratch, overwrite: true)
    #expect(try ImageFile.read(scratch.path("OUT/A/sub-v_axial-002.nii.gz"))[0, 0] == 240)
  }

  @Test func tablesCarryTheirColumnsAndSplitsStay() throws {
    let scratch = try ImageScratch()
    try scratch.folder("IN")
    for name in ["one", "two"] { _ = try AxisOrder.all[0].volume().write("IN/\(name)", .nifti, in: scratch) }
    let table = try scratch.text("id,group,age,split\none,A,61,x\ntwo,B,n/a,\n", "labels.csv")
    let labels = LabelTable(url: table, idColumn: "id", classColumn: "group")
    _ = try write(.volumes(scratch.path("IN"), labels: labels), SliceChoice(), in: scratch)
    #expect(
      try String(contentsOf: scratch.path("OUT/participants.tsv"), encoding: .utf8)
        == "participant_id\tclass\tage\tsource_split\nsub-one\tA\t61\tx\nsub-two\tB\tn/a\tn/a\n")
    for side in ["train", "test"] {
      for name in ["A", "B"] {
        try scratch.folder("SPLIT/\(side)/\(name)")
        _ = try AxisOrder.all[0].volume().write("SPLIT/\(side)/\(name)/\(side)\(name)", .nifti, in: scratch)
      }
    }
    _ = try write(.volumes(scratch.path("SPLIT")), SliceChoice(), in: scratch, to: "OUT2")
    let cohort = try Cohort.load(scratch.path("OUT2"))
    #expect(cohort.isSplit && cohort.images(of: "A", in: .test).map(\.subject) == ["sub-testA"])
  }

  @Test func nothingIsOverwrittenOrMixedUp() throws {
    let scratch = try ImageScratch()
    try scratch.folder("IN/A")
    _ = try AxisOrder.all[0].volume().write("IN/A/a_b", .nifti, in: scratch)
    let plan = try ImportPlan.volumes(scratch.path("IN"))
    try scratch.touch(["mine/thesis.txt"])
    expectError("mine", "not empty") { _ = try write(plan, SliceChoice(), in: scratch, to: "mine") }
    expectError("not written by Manikin") {
      _ = try write(plan, SliceChoice(), in: scratch, to: "mine", overwrite: true)
    }
    expectError("lies inside the source") { _ = try write(plan, SliceChoice(), in: scratch, to: "IN/OUT") }
    _ = try AxisOrder.all[0].volume().write("IN/A/a-b", .nifti, in: scratch)
    expectError("'a-b' and 'a_b'", "would both be called sub-a-b") { _ = try ImportPlan.volumes(scratch.path("IN")) }
  }

  @Test func picturesKeepTheirPixels() throws {
    let scratch = try ImageScratch()
    for name in ["A", "B"] {
      try scratch.folder("IN/\(name)")
      try ImageFile.writePNG(
        grey: (0..<20).map { UInt8($0) }, width: 5, height: 4, to: scratch.path("IN/\(name)/x \(name).png"))
    }
    let outcome = try write(.images(scratch.path("IN")), SliceChoice(), in: scratch)
    #expect(outcome.images == ["A": 1, "B": 1] && outcome.notes.contains { $0.contains("no orientation") })
    let slice = try ImageFile.read(scratch.path("OUT/A/sub-x-A.nii.gz"))
    #expect(slice.height == 4 && slice.width == 5 && slice.pixels == (0..<20).map(Float.init))
    #expect(!slice.frame.hasOrientation)
    expectError("is a picture", "import images") { _ = try ImportPlan.volumes(scratch.path("IN")) }
    expectError("is no picture", "import volumes") { _ = try ImportPlan.images(scratch.path("OUT")) }
  }
}
