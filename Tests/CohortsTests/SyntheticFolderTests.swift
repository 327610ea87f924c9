import Cohorts
import Files
import Foundation
import ImageFiles
import TestFiles
import Testing

@Suite struct SyntheticFolderTests {
  private let description = DatasetDescription(name: "Synthetic DATA", version: "0.1.0", sources: ["DATA"])

  private func image(_ className: String, _ value: Float, further: [String] = []) -> SyntheticImage {
    let pixels = (0..<288).map { value + Float($0) / 1000 }
    let frame = SliceFrame.axial(height: 16, width: 18, spacing: SIMD3(2, 1.5, 3), z: 12, code: 4)
    return SyntheticImage(
      className: className, slice: Slice(height: 16, width: 18, pixels: pixels, frame: frame),
      model: "models/\(className)", seed: 42, chain: 3, acceptance: 0.875,
      nearestTrainingImage: "train/\(className)/sub-1, left.nii.gz", nearestDistance: 1.5, furtherValues: further)
  }

  @Test func folderHoldsImagesManifestAndDescription() throws {
    let scratch = try ImageScratch()
    let out = scratch.path("OUT")
    let count = try SyntheticFolder.write(to: out, description: description, furtherColumns: ["method"]) { folder in
      try folder.add((0..<90).map { image($0 % 2 == 0 ? "AD" : "CN", Float($0), further: ["say \"x\""]) })
      return try folder.add([image("AD", 500, further: ["m"])])
    }
    #expect(count == ["AD/synthetic-AD-00046.nii.gz"])
    #expect(try scratch.names == ["OUT"])
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: out.path).sorted()
        == ["AD", "CN", "dataset_description.json", "manifest.csv"])

    let cohort = try Cohort.load(out)
    #expect(cohort.images(of: "AD").count == 46 && cohort.images(of: "CN").count == 45)
    let third = try ImageFile.read(out.appending(path: "CN/synthetic-CN-00002.nii.gz"))
    #expect(third.pixels == image("CN", 3).slice.pixels)
    #expect(third.frame.isClose(to: image("CN", 3).slice.frame))
    #expect(try ImageFile.header(out.appending(path: "AD/synthetic-AD-00046.nii.gz")).dataType == "float32")

    let manifest = try String(contentsOf: out.appending(path: "manifest.csv"), encoding: .utf8)
    let lines = manifest.split(separator: "\n")
    #expect(lines.count == 92)
    #expect(
      lines[0] == "file,class,model,seed,chain,acceptance,nearest_training_image,nearest_distance,method")
    #expect(
      lines[1] == "AD/synthetic-AD-00001.nii.gz,AD,models/AD,42,3,0.875,\"train/AD/sub-1, left.nii.gz\",1.5,"
        + "\"say \"\"x\"\"\"")
    #expect(lines[91].hasPrefix("AD/synthetic-AD-00046.nii.gz,AD,"))

    let json =
      try JSONSerialization.jsonObject(
        with: Data(contentsOf: out.appending(path: "dataset_description.json"))) as? [String: Any]
    #expect(json?["Name"] as? String == "Synthetic DATA")
    #expect(json?["DatasetType"] as? String == "derivative")
    #expect(json?["BIDSVersion"] is String)
    #expect(json?["GeneratedBy"] as? [[String: String]] == [["Name": "Manikin", "Version": "0.1.0"]])
    #expect(json?["SourceDatasets"] as? [[String: String]] == [["URL": "DATA"]])
  }

  @Test func samplersWithoutChainsLeaveThemOut() throws {
    let scratch = try ImageScratch()
    var plain = image("A", 1)
    (plain.chain, plain.acceptance, plain.nearestTrainingImage, plain.nearestDistance) = (nil, nil, nil, nil)
    let written = plain
    try SyntheticFolder.write(to: scratch.path("OUT"), prefix: "prior", description: description) {
      try $0.add([written])
    }
    let manifest = try String(contentsOf: scratch.path("OUT/manifest.csv"), encoding: .utf8)
    #expect(manifest.contains("A/prior-A-00001.nii.gz,A,models/A,42,n/a,n/a,n/a,n/a\n"))
  }

  @Test func failureLeavesNothing() throws {
    struct Stop: Error {}
    let scratch = try ImageScratch()
    let images = [image("A", 1)]
    #expect(throws: Stop.self) {
      try SyntheticFolder.write(to: scratch.path("OUT"), description: description) { folder -> Void in
        try folder.add(images)
        throw Stop()
      }
    }
    #expect(try scratch.names.isEmpty)
    let bad = [image("../A", 1)]
    expectError("'../A'") {
      _ = try SyntheticFolder.write(to: scratch.path("OUT"), description: description) { try $0.add(bad) }
    }
    #expect(try scratch.names.isEmpty)
  }

  @Test func existingFolderIsReplacedOnlyWhenSaidAndOurs() throws {
    let scratch = try ImageScratch()
    let out = scratch.path("OUT")
    func write(_ className: String, overwrite: Bool) throws {
      let images = [image(className, 1)]
      try SyntheticFolder.write(to: out, description: description, overwrite: overwrite) { try $0.add(images) }
    }
    try scratch.folder("OUT")
    try write("A", overwrite: false)
    expectError("OUT", "not empty", "--overwrite") { try write("B", overwrite: false) }
    expectError("not empty") { try SyntheticFolder.requireWritable(out, overwrite: false) }
    try SyntheticFolder.requireWritable(out, overwrite: true)
    #expect(try Cohort.load(out).classes == ["A"])
    // What a killed run left is cleared away.
    try scratch.touch([".OUT.partial/junk", ".OUT.replaced/junk"])
    try write("B", overwrite: true)
    #expect(try Cohort.load(out).classes == ["B"])
    #expect(try scratch.names == ["OUT"])

    try scratch.touch(["mine/thesis.txt"])
    expectError("not written by Manikin") { try SyntheticFolder.requireWritable(scratch.path("mine"), overwrite: true) }
    #expect(FileManager.default.fileExists(atPath: scratch.path("mine/thesis.txt").path))
  }

  @Test func unwritablePlacesAreNamed() throws {
    let scratch = try ImageScratch()
    try scratch.touch(["file"])
    expectError("cannot write", "file/OUT", "not a directory") {
      try SyntheticFolder.requireWritable(scratch.path("file/OUT"), overwrite: false)
    }
    expectError("cannot write", "there is a file of that name") {
      try SyntheticFolder.requireWritable(scratch.path("file"), overwrite: true)
    }
    guard geteuid() != 0 else { return }
    try scratch.folder("sealed")
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: scratch.path("sealed").path)
    expectError("sealed/OUT", "permission denied") {
      try SyntheticFolder.requireWritable(scratch.path("sealed/OUT"), overwrite: false)
    }
  }

  @Test func parentsAreMade() throws {
    let scratch = try ImageScratch()
    let images = [image("A", 1)]
    try SyntheticFolder.write(to: scratch.path("a/b/OUT"), description: description) { try $0.add(images) }
    #expect(try Cohort.load(scratch.path("a/b/OUT")).images.count == 1)
  }
}
