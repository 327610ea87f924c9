import Cohorts
import Foundation
import ImageFiles
import ImageSets
import TestFiles
import Testing

@Suite struct CohortReaderTests {
  /// A cohort of more images than are read in one go.
  private func scratch(count: Int = 150) throws -> ImageScratch {
    let scratch = try ImageScratch()
    for index in 0..<count {
      let name = String(1000 + index).dropFirst()
      try scratch.noise("\(index % 3 == 0 ? "AD" : "CN")/sub-\(name).nii.gz", seed: UInt64(index))
    }
    return scratch
  }

  @Test func everyImageIsInItsPlace() throws {
    let scratch = try scratch()
    let cohort = try Cohort.load(scratch.url)
    let reader = CohortReader(preprocessing: Preprocessing(size: ImageSize(height: 12, width: 20)))
    var reports: [Int] = []
    let set = try reader.read(cohort.images) { reports.append($0) }
    #expect(set.images == cohort.images)
    #expect(set.size == ImageSize(height: 12, width: 20))
    #expect(set.pixels.count == 150 * 12 * 20)
    for (index, image) in cohort.images.enumerated() {
      let alone = try reader.preprocessing.apply(ImageFile.read(image.url))
      #expect(set.slice(index).pixels == alone.pixels, "\(image.path)")
      #expect(set.frames[index] == alone.frame, "\(image.path)")
    }
    #expect(set.indices(of: "AD").map { set.images[$0] } == cohort.images(of: "AD"))
    #expect(reports == reports.sorted() && reports.last == 150)
    #expect(set.notes.isEmpty)
  }

  @Test func firstErrorInOrderIsThrown() throws {
    let scratch = try scratch()
    for bad in ["CN/sub-100.nii.gz", "CN/sub-020.nii.gz", "CN/sub-022.nii.gz", "CN/sub-140.nii.gz"] {
      try Data("no image".utf8).write(to: scratch.path(bad))
    }
    let cohort = try Cohort.load(scratch.url)
    for _ in 0..<5 { expectError("sub-020") { _ = try CohortReader().read(cohort.images) } }
  }

  @Test func twoSizesAreNamed() throws {
    let scratch = try scratch(count: 6)
    try scratch.noise("CN/sub-big.nii.gz", seed: 1, height: 20, width: 30)
    let cohort = try Cohort.load(scratch.url)
    expectError("AD/sub-000.nii.gz is 16 x 18", "CN/sub-big.nii.gz is 20 x 30", "--size 16x18") {
      _ = try CohortReader().read(cohort.images)
    }
    let sized = CohortReader(preprocessing: Preprocessing(size: ImageSize(height: 16, width: 16), fit: .resize))
    #expect(try sized.read(cohort.images).count == 7)
  }

  @Test func constantAndEmptyAreRefused() throws {
    let scratch = try scratch(count: 3)
    let constant = Slice(height: 16, width: 18, pixels: .init(repeating: 2, count: 288), frame: .unoriented())
    try scratch.slice("AD/flat.nii.gz", constant)
    let cohort = try Cohort.load(scratch.url)
    expectError("AD/flat.nii.gz", "remove the file") { _ = try CohortReader().read(cohort.images) }
    expectError("no images") { _ = try CohortReader().read([]) }
  }

  @Test func nonFiniteVoxelsAreNoted() throws {
    let scratch = try scratch(count: 3)
    let file = scratch.path("CN/sub-nan.nii")
    let slice = try ImageFile.read(scratch.path("CN/sub-001.nii.gz"))
    try ImageFile.writeNIfTI(slice, to: file)
    var bytes = try Data(contentsOf: file)
    bytes.replaceSubrange(352..<356, with: withUnsafeBytes(of: Float.nan.bitPattern.littleEndian) { Data($0) })
    try bytes.write(to: file)
    let set = try CohortReader().read(Cohort.load(scratch.url).images)
    #expect(set.notes.count == 1 && set.notes[0].contains("CN/sub-nan.nii"))
    let inspection = try CohortInspection(of: Cohort.load(scratch.url))
    #expect(inspection.warnings.contains { $0.contains("1 voxel NaN") && $0.contains("CN/sub-nan.nii") })
  }
}
