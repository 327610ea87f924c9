import Cohorts
import Foundation
import ImageFiles
import ImageSets
import Importers
import TestFiles
import Testing

@Suite struct ImportOASISTests {
  private func cohort() throws -> OASISTree {
    var tree = try OASISTree()
    try tree.add("OAS1_0001_MR1", disc: 1, age: 74, cdr: "0")
    try tree.add("OAS1_0002_MR1", disc: 1, scans: 3, age: 55, sex: "M", cdr: "0.5", unitAxis: false)
    try tree.add("OAS1_0003_MR1", disc: 2, age: 20)
    try tree.add("OAS1_0003_MR2", disc: 12, age: 20)
    return tree
  }

  private func write(
    _ tree: OASISTree, _ options: ImportPlan.OASISOptions = .init(), _ choice: SliceChoice = ImportPlan.oasisSlice,
    to name: String = "OUT"
  ) throws -> CohortImport.Outcome {
    let plan = try ImportPlan.oasis(root: tree.root, csv: tree.csv, options: options)
    return try CohortImport(plan: plan, choice: choice, version: "0").write(to: tree.scratch.path(name))
  }

  @Test func theReleaseComesOutWithItsSidesRight() throws {
    let tree = try cohort()
    let outcome = try write(tree)
    #expect(outcome.images == ["AD": 1, "CN": 2] && outcome.subjects == ["AD": 1, "CN": 2])
    #expect(outcome.sizes.map(\.value) == ["208 x 176"])
    let out = tree.scratch.path("OUT")
    let file = out.appending(path: "AD/OAS1_0002_MR1_axial-090.nii.gz")
    let slice = try ImageFile.read(file)
    #expect(slice.height == 208 && slice.width == 176)
    // Rows run from front to back, columns from the patient's left to right: j 145 is row 62, i 110 is column 65.
    #expect(slice[207 - 145, 175 - 88] == 500, "the front is not at the top")
    #expect(slice[207 - 105, 175 - 110] == 300, "the patient's left is not on the left of the image (-x)")
    #expect(slice[207 - 105, 110] == 100, "left and right are mirrored")
    #expect(slice[207 - 102, 175 - 88] == 700, "this is not slice 90 from the bottom")
    #expect(slice.pixels.filter { $0 == 300 }.count == 100 && slice.pixels.filter { $0 == 900 }.isEmpty)
    #expect(try ImageFile.header(file).orientation == "RAS")
    // The mean place of what lies on the left has x < 0, at the front y > 0; slice 90 is 2.5 mm above the centre.
    #expect(slice.frame.columnStep == SIMD3(1, 0, 0) && slice.frame.rowStep == SIMD3(0, -1, 0))
    #expect(slice.frame.origin == SIMD3(-87.5, 103.5, 2.5))
    #expect(try Cohort.load(out).images.map(\.subject) == ["OAS1_0002", "OAS1_0001", "OAS1_0003"])
  }

  @Test func sagittalAndCoronalSlicesTellTheSidesToo() throws {
    let tree = try cohort()
    _ = try write(tree, .init(), SliceChoice(plane: .sagittal, position: .at(.index(65))), to: "S")
    let sagittal = try ImageFile.read(tree.scratch.path("S/AD/OAS1_0002_MR1_sagittal-065.nii.gz"))
    // Number 65 from the left is i = 110: on the patient's left.
    #expect(sagittal.height == 176 && sagittal.width == 208 && sagittal.pixels.contains(300))
    _ = try write(tree, .init(), SliceChoice(plane: .coronal, position: .at(.index(145))), to: "C")
    let coronal = try ImageFile.read(tree.scratch.path("C/AD/OAS1_0002_MR1_coronal-145.nii.gz"))
    #expect(coronal.height == 176 && coronal.width == 176 && coronal[175 - 90, 175 - 88] == 500)
  }

  @Test func tableAndRecordSayWhatWasDone() throws {
    let tree = try cohort()
    let outcome = try write(tree)
    let out = tree.scratch.path("OUT")
    let table = try String(contentsOf: out.appending(path: "participants.tsv"), encoding: .utf8)
    #expect(
      table == """
        participant_id\tclass\tage\tsex\tcdr\thandedness\teducation\tses\tmmse\tetiv\tnwbv\tasf
        OAS1_0001\tCN\t74\tF\t0\tR\t2\t3\t29\t1344\t0.743\t1.306
        OAS1_0002\tAD\t55\tM\t0.5\tR\t2\t3\t29\t1344\t0.743\t1.306
        OAS1_0003\tCN\t20\tF\tn/a\tR\t2\t3\t29\t1344\t0.743\t1.306

        """)
    let record = try JSONDecoder().decode(
      ImportRecord.self, from: Data(contentsOf: out.appending(path: "import.json")))
    #expect(record.importer == "oasis" && record.options["plane"] == "axial" && record.options["slice"] == "90")
    let image = try #require(record.images.first)
    #expect(image.file == "AD/OAS1_0002_MR1_axial-090.nii.gz" && image.index == 90 && image.plane == .axial)
    #expect(image.sourceOrientation == "LAS" && image.orientationSource == "given" && image.millimetres == 2.5)
    #expect(
      image.source
        == "disc1/OAS1_0002_MR1/PROCESSED/MPRAGE/T88_111/OAS1_0002_MR1_mpr_n3_anon_111_t88_masked_gfc.hdr")
    #expect(outcome.notes.contains { $0.contains("1 of the 2 CN have no CDR") })
    #expect(outcome.notes.contains { $0.contains("age alone") && $0.contains("75 %") }, "\(outcome.notes)")
    #expect(outcome.notes.contains { $0.contains("1 repeated session is left out: OAS1_0003_MR2") })
  }

  @Test func optionsChooseThePeople() throws {
    let tree = try cohort()
    func counts(_ options: ImportPlan.OASISOptions) throws -> [String: Int] {
      try ImportPlan.oasis(root: tree.root, csv: tree.csv, options: options).scansByClass
    }
    #expect(try counts(.init(repeats: .group)) == ["AD": 1, "CN": 3])
    #expect(try counts(.init(requiresCDR: true)) == ["AD": 1, "CN": 1])
    #expect(try counts(.init(minimumAge: 60)) == ["CN": 1])
    expectError("no session", "is left") { _ = try counts(.init(minimumAge: 99)) }
    let outcome = try write(tree, .init(repeats: .group))
    #expect(outcome.images["CN"] == 3 && outcome.subjects["CN"] == 2)
    #expect(
      try Cohort.load(tree.scratch.path("OUT")).images(of: "CN").map(\.subject).filter { $0 == "OAS1_0003" }.count == 2)
  }

  @Test func aHeaderThatClaimsAnOrientationIsNotTrusted() throws {
    let tree = try cohort()
    let name = "OASIS/disc1/OAS1_0002_MR1/PROCESSED/MPRAGE/T88_111/OAS1_0002_MR1_mpr_n3_anon_111_t88_masked_gfc.hdr"
    var image = ImageBytes(OASISTree.extent, type: .int16)
    image.bigEndian = true
    image.sformCode = 1
    for axis in 0..<3 { image.sform[5 * axis] = 1 }
    try tree.scratch.write(image.header(.pair), name)
    _ = try write(tree)
    let slice = try ImageFile.read(tree.scratch.path("OUT/AD/OAS1_0002_MR1_axial-090.nii.gz"))
    #expect(slice[207 - 105, 175 - 110] == 300)
  }

  @Test func brokenTreesAreSaidInOneSentence() throws {
    var tree = try cohort()
    let place = "OASIS/disc1/OAS1_0001_MR1/PROCESSED/MPRAGE/T88_111"
    let stem = "\(place)/OAS1_0001_MR1_mpr_n4_anon_111_t88_masked_gfc"
    // Cut short, then of another size, then missing, then twice.
    try Data(OASISTree.voxels.prefix(1000)).write(to: tree.scratch.path("\(stem).img"))
    expectError("OAS1_0001_MR1", "cut short") { _ = try write(tree) }
    #expect(try !tree.scratch.names.contains("OUT") && !tree.scratch.names.contains { $0.hasPrefix(".OUT") })
    var small = ImageBytes([17, 16, 18], type: .int16)
    small.bigEndian = true
    try tree.scratch.write(small.header(.analyze), "\(stem).hdr")
    try Data(OASISTree.voxels.prefix(2 * 17 * 16 * 18)).write(to: tree.scratch.path("\(stem).img"))
    expectError("17 x 16 x 18", "176 x 208 x 176") { _ = try write(tree) }
    try FileManager.default.removeItem(at: tree.scratch.path("\(stem).hdr"))
    expectError("there is no OAS1_0001_MR1_mpr_n*") { _ = try write(tree) }
    try tree.scratch.touch(["\(stem).hdr", stem.replacingOccurrences(of: "n4", with: "n3") + ".hdr"])
    expectError("2 volumes of one session") { _ = try write(tree) }
    expectError("there are no folders such as disc1/OAS1_0001_MR1") {
      _ = try ImportPlan.oasis(root: tree.scratch.path("OASIS/disc1/OAS1_0001_MR1"), csv: tree.csv)
    }
    try tree.add("OAS1_0002_MR1", disc: 3, age: 1, listed: false)
    expectError("OAS1_0002_MR1 twice", "disc1", "disc3") { _ = try write(tree) }
    expectError("no column 'ID'") {
      _ = try ImportPlan.oasis(root: tree.root, csv: tree.scratch.text("A,B\n1,2\n", "other.csv"))
    }
    expectError("two rows for OAS1_0009_MR1") {
      let text = "\u{FEFF}ID;M/F;Age;CDR\nOAS1_0009_MR1;F;70;0\nOAS1_0009_MR1;F;70;1\n"
      _ = try ImportPlan.oasis(root: tree.root, csv: tree.scratch.text(text, "twice.csv"))
    }
    expectError("the Age of OAS1_0009_MR1 is 'old'") {
      _ = try ImportPlan.oasis(
        root: tree.root, csv: tree.scratch.text("ID,M/F,Age,CDR\nOAS1_0009_MR1,F,old,0\n", "old.csv"))
    }
  }
}
