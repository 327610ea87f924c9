import Cohorts
import Files
import Foundation
import ImageFiles
import ImageSets
import Importers
import TestFiles
import Testing

@Suite struct BIDSLayoutTests {
  private let description = DatasetDescription(name: "Synthetic DATA", version: "0.1.0", sources: ["file:///DATA"])

  private func image(_ className: String, _ value: Float) -> SyntheticImage {
    let pixels = (0..<288).map { value + Float($0) / 1000 }
    return SyntheticImage(
      className: className,
      slice: Slice(height: 16, width: 18, pixels: pixels, frame: .axial(height: 16, width: 18, z: 12)),
      model: "0123abc", seed: 42, chain: 3, acceptance: 0.875, nearestTrainingImage: "AD/sub-1.nii.gz",
      nearestDistance: 0.5, furtherValues: ["manifold"])
  }

  private func write(_ images: [SyntheticImage], to out: URL) throws {
    try SyntheticFolder.write(to: out, description: description, furtherColumns: ["method"], layout: .bids) {
      _ = try $0.add(images)
    }
  }

  @Test func everyImageIsASubjectWithASidecar() throws {
    let scratch = try ImageScratch()
    let out = scratch.path("OUT")
    try write([image("AD", 1), image("CN-old", 2), image("AD", 3)], to: out)
    let files = try FileManager.default.subpathsOfDirectory(atPath: out.path).sorted().filter { $0.contains(".") }
    #expect(
      files == [
        "dataset_description.json", "participants.json", "participants.tsv",
        "sub-synthAD00001/anat/sub-synthAD00001_T1w.json", "sub-synthAD00001/anat/sub-synthAD00001_T1w.nii.gz",
        "sub-synthAD00002/anat/sub-synthAD00002_T1w.json", "sub-synthAD00002/anat/sub-synthAD00002_T1w.nii.gz",
        "sub-synthCNold00001/anat/sub-synthCNold00001_T1w.json",
        "sub-synthCNold00001/anat/sub-synthCNold00001_T1w.nii.gz",
      ])
    #expect(FileManager.default.fileExists(atPath: out.appending(path: "README").path))
    let table = try String(contentsOf: out.appending(path: "participants.tsv"), encoding: .utf8)
    #expect(
      table.hasPrefix(
        "participant_id\tclass\tmodel\tseed\tchain\tacceptance\tnearest_training_image\tnearest_distance\tmethod\n"
          + "sub-synthAD00001\tAD\t0123abc\t42\t3\t0.875\tAD/sub-1.nii.gz\t0.5\tmanifold\n"))
    func json(_ path: String) throws -> [String: Any] {
      try #require(
        JSONSerialization.jsonObject(with: Data(contentsOf: out.appending(path: path))) as? [String: Any])
    }
    let sidecar = try json(files[5])
    #expect(sidecar["Synthetic"] as? Bool == true && sidecar["Class"] as? String == "AD")
    #expect(sidecar["SkullStripped"] as? Bool == true)
    #expect(sidecar["Seed"] as? Int == 42 && sidecar["ModelDigest"] as? String == "0123abc")
    #expect(sidecar["Method"] as? String == "manifold" && sidecar["Acceptance"] as? Double == 0.875)
    let explained = try json("participants.json")
    for column in table.prefix(while: { $0 != "\n" }).split(separator: "\t").dropFirst() {
      #expect((explained[String(column)] as? [String: String])?["Description"] != nil, "\(column)")
    }
    #expect(
      try json("dataset_description.json")["GeneratedBy"] as? [[String: String]] == [
        ["Name": "Manikin", "Version": "0.1.0"]
      ])

    // Our own reader takes it back, as a table and as BIDS.
    let labels = LabelTable(url: out.appending(path: "participants.tsv"))
    let cohort = try Cohort.load(out, labels: labels)
    #expect(cohort.classes == ["AD", "CN-old"] && cohort.images.count == 3)
    #expect(try ImageFile.read(cohort.images[1].url).pixels == image("AD", 3).slice.pixels)
    let plan = try ImportPlan.bids(root: out, labelColumn: "class")
    #expect(plan.scansByClass == ["AD": 2, "CN-old": 1])
    _ = try CohortImport(plan: plan, choice: SliceChoice(), version: "0").write(to: scratch.path("BACK"))
    #expect(
      try Cohort.load(scratch.path("BACK")).images.map(\.path) == [
        "AD/sub-synthAD00001.nii.gz", "AD/sub-synthAD00002.nii.gz", "CN-old/sub-synthCNold00001.nii.gz",
      ])
  }

  @Test(arguments: [["A-D", "AD"], ["ad", "AD"], ["é"], ["_"]])
  func labelsThatMeetAreRefused(classes: [String]) throws {
    let scratch = try ImageScratch()
    expectError(classes[0], "class-folders") {
      try write(classes.map { image($0, 1) }, to: scratch.path("OUT"))
    }
    #expect(try scratch.names.isEmpty)
  }
}
