import Cohorts
import Foundation
import ImageFiles
import TestFiles
import Testing

@Suite struct CohortInspectionTests {
  private func inspect(_ scratch: ImageScratch) throws -> CohortInspection {
    try CohortInspection(of: Cohort.load(scratch.url))
  }

  private func fill(_ scratch: ImageScratch, _ folder: String, _ count: Int, seed: UInt64) throws {
    for index in 0..<count {
      try scratch.noise("\(folder)/sub-\(seed)x\(index).nii.gz", seed: seed * 1000 + UInt64(index))
    }
  }

  @Test func cleanCohortDrawsNoWarning() throws {
    let scratch = try ImageScratch()
    try fill(scratch, "AD", 20, seed: 1)
    try fill(scratch, "CN", 50, seed: 2)
    let inspection = try inspect(scratch)
    #expect(inspection.images == 70 && inspection.subjects == 70)
    #expect(inspection.groups.map(\.images) == [20, 50])
    let group = inspection.groups[0]
    #expect(group.sizes.map { "\($0.value): \($0.count)" } == ["16 x 18: 20"])
    #expect(group.spacingsMillimetres.map { "\($0.value): \($0.count)" } == ["2 x 2: 20"])
    #expect(group.orientations.map { "\($0.value): \($0.count)" } == ["RAS: 20"])
    #expect(group.dataTypes.map { "\($0.value): \($0.count)" } == ["float32: 20"])
    #expect(inspection.problems.isEmpty && inspection.warnings.isEmpty && inspection.duplicates.isEmpty)
    #expect(inspection.balance == "imbalanced: CN has 2.5 times as many images as AD (50 to 20)")
    #expect(inspection.text().contains("Nothing in it that will hurt was found."))
    let data = try JSONEncoder().encode(inspection)
    #expect(try JSONDecoder().decode(CohortInspection.self, from: data) == inspection)
  }

  @Test func intensitiesAreMinimaAndMaxima() throws {
    let scratch = try ImageScratch()
    for (name, low, high) in [("a", -1, 10), ("b", 0, 20), ("c", 3, 60), ("d", 4, 80)] as [(String, Float, Float)] {
      let pixels = (0..<256).map { $0 == 0 ? low : $0 == 1 ? high : 5 }
      try scratch.slice("A/\(name).nii", Slice(height: 16, width: 16, pixels: pixels, frame: .unoriented()))
    }
    let range = try #require(inspect(scratch).groups[0].intensity)
    #expect(range.lowestMinimum == -1 && range.medianMinimum == 1.5)
    #expect(range.medianMaximum == 40 && range.highestMaximum == 80)
  }

  @Test func whatHurtsIsNamed() throws {
    let scratch = try ImageScratch()
    try fill(scratch, "train/AD", 3, seed: 1)
    try fill(scratch, "train/CN", 20, seed: 2)
    try fill(scratch, "test/AD", 2, seed: 3)
    try fill(scratch, "test/CN", 2, seed: 4)
    try fill(scratch, "train/XX", 1, seed: 7)
    try fill(scratch, "test/XX", 1, seed: 8)
    try scratch.noise("train/AD/sub-wide.nii.gz", seed: 90, height: 16, width: 30, spacing: SIMD3(1, 1.25, 1))
    try scratch.noise("train/CN/sub-tiny.nii.gz", seed: 91, height: 8, width: 18)
    let flat = Slice(height: 16, width: 18, pixels: .init(repeating: 7, count: 288), frame: .unoriented())
    try scratch.slice("train/CN/sub-flat.nii.gz", flat)
    try scratch.copy("train/AD/sub-1x0.nii.gz", to: "train/AD/sub-copy.nii.gz")
    try scratch.copy("train/AD/sub-1x1.nii.gz", to: "test/AD/sub-leak.nii.gz")
    try scratch.copy("train/CN/sub-2x1.nii.gz", to: "train/AD/sub-wrong.nii.gz")
    try ImageFile.writeNIfTI(
      ImageFile.read(scratch.path("train/CN/sub-2x2.nii.gz")), to: scratch.path("test/CN/sub-repacked.nii"))
    try Data("text".utf8).write(to: scratch.path("train/CN/sub-text.nii.gz"))

    let inspection = try inspect(scratch)
    func found(_ sentences: [String], _ parts: String...) -> Bool {
      sentences.contains { sentence in parts.allSatisfy { sentence.contains($0) } }
    }
    #expect(found(inspection.problems, "sub-text.nii.gz"))
    #expect(found(inspection.problems, "all pixels are equal in 1 image (train/CN/sub-flat.nii.gz)"))
    #expect(found(inspection.problems, "smaller than 16", "train/CN/sub-tiny.nii.gz"))
    #expect(found(inspection.problems, "the class XX has 1 training image"))
    #expect(found(inspection.warnings, "the class AD has 6 training images"))
    #expect(!found(inspection.warnings, "the class CN"))
    #expect(
      found(inspection.warnings, "3 sizes", "not the same in every class", "16 x 18", "16 x 30 (1)", "8 x 18 (1)"))
    #expect(found(inspection.warnings, "3 pixel sizes", "1 x 1.25 (1)", "train/AD/sub-wide.nii.gz"))
    #expect(found(inspection.warnings, "2 orientations", "none (1)", "train/CN/sub-flat.nii.gz"))
    #expect(found(inspection.warnings, "2 images found on two sides", "test/AD/sub-leak.nii.gz"))
    #expect(found(inspection.warnings, "1 image found in two classes", "train/AD/sub-wrong.nii.gz"))
    #expect(found(inspection.warnings, "1 image stored more than once", "train/AD/sub-copy.nii.gz"))
    #expect(inspection.duplicates.count == 4)
    #expect(
      inspection.duplicates.filter { !$0.isByteIdentical }.map(\.paths) == [
        ["test/CN/sub-repacked.nii", "train/CN/sub-2x2.nii.gz"]
      ])
    for line in inspection.text().split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
  }

  /// All ANALYZE headers of a cohort may be equal: the voxels tell images apart.
  @Test func pairsAreComparedWithTheirVoxels() throws {
    let scratch = try ImageScratch()
    for (name, seed) in [("a", 1), ("b", 2), ("c", 1)] as [(String, UInt64)] {
      try scratch.noise("x.nii", seed: seed)
      let bytes = try Data(contentsOf: scratch.path("x.nii"))
      var header = bytes.prefix(348)
      header.replaceSubrange(344..<348, with: Data("ni1\0".utf8))
      header.replaceSubrange(108..<112, with: Data([0, 0, 0, 0]))
      try scratch.folder("A")
      try header.write(to: scratch.path("A/\(name).hdr"))
      try bytes.dropFirst(352).write(to: scratch.path("A/\(name).img"))
    }
    #expect(try inspect(scratch).duplicates.map(\.paths) == [["A/a.hdr", "A/c.hdr"]])
  }

  @Test func volumesAreInspectedWithAndWithoutASlice() throws {
    let scratch = try ImageScratch()
    // A NIfTI-1 header of a 17 x 18 x 20 volume of uint8, pixels of 1.5 x 2 x 2.5 mm, sform RAS.
    var header = [UInt8](repeating: 0, count: 352)
    func put<Value>(_ value: Value, _ offset: Int) {
      withUnsafeBytes(of: value) { header.replaceSubrange(offset..<offset + $0.count, with: $0) }
    }
    put(Int32(348), 0)
    for (index, value) in [3, 17, 18, 20, 1, 1, 1, 1].enumerated() { put(Int16(value), 40 + 2 * index) }
    put(Int16(2), 70)
    put(Int16(8), 72)
    for (index, value) in [1, 1.5, 2, 2.5].enumerated() { put(Float(value), 76 + 4 * index) }
    put(Float(352), 108)
    header[123] = 2
    put(Int16(2), 254)
    for (axis, value) in [1.5, 2, 2.5].enumerated() { put(Float(value), 280 + 20 * axis) }
    header.replaceSubrange(344..<348, with: Array("n+1\0".utf8))
    try scratch.folder("A")
    try scratch.write(header + (0..<17 * 18 * 20).map { UInt8(truncatingIfNeeded: $0) }, "A/v.nii.gz")

    let cohort = try Cohort.load(scratch.url)
    let whole = try CohortInspection(of: cohort).groups[0]
    #expect(whole.sizes.map(\.value) == ["17 x 18 x 20"])
    #expect(whole.spacingsMillimetres.map(\.value) == ["1.5 x 2 x 2.5"])
    #expect(whole.intensity == nil)
    let axial = try CohortInspection(of: cohort, selection: SliceSelection(plane: .axial)).groups[0]
    #expect(axial.sizes.map(\.value) == ["18 x 17"])
    #expect(axial.spacingsMillimetres.map(\.value) == ["2 x 1.5"])
    #expect(axial.intensity?.highestMaximum == 255)
  }

  @Test func textFitsEightyColumns() throws {
    let scratch = try ImageScratch()
    let long = String(repeating: "very-long-class-name-", count: 4)
    try fill(scratch, "train/\(long)", 2, seed: 1)
    try fill(scratch, "train/B", 2, seed: 2)
    try fill(scratch, "validation/\(long)", 1, seed: 3)
    try fill(scratch, "validation/B", 1, seed: 4)
    let pixels = (0..<288).map { Float($0) * -1.2345e-7 }
    try scratch.slice(
      "train/B/sub-\(String(repeating: "y", count: 120)).nii",
      Slice(height: 18, width: 16, pixels: pixels, frame: .unoriented()))
    let text = try inspect(scratch).text()
    for line in text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    #expect(text.contains("very-long-class…") && text.contains("-3.5e-5"))
  }
}
