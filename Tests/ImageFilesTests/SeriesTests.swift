import Cohorts
import Files
import Foundation
import ImageFiles
import ImageSets
import Importers
import TestFiles
import Testing

/// One image of a series: NIfTI's fourth axis, MGH's frames.
@Suite struct SeriesTests {
  /// A series of three volumes of 2 x 3 x 2, each voxel's value its place in the file.
  private static let values = (0..<36).map(Double.init)

  private static func files(_ scratch: ImageScratch) throws -> [URL] {
    var first = ImageBytes([2, 3, 2, 3], type: .int16, values: values)
    (first.sformCode, first.sform) = (1, [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0])
    var second = NIfTI2Bytes([2, 3, 2, 3], type: .int16, values: values)
    (second.sformCode, second.sform) = (1, [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0])
    return [
      try first.write("one", .nifti, in: scratch), try first.write("packed", .niftiGzip, in: scratch),
      try first.write("pair", .pair, in: scratch), try second.write("two.nii", in: scratch),
      try scratch.write(MGHBytes([2, 3, 2, 3], type: .int16, values: values).bytes, "three.mgh"),
    ]
  }

  @Test func oneImageIsTaken() throws {
    let scratch = try ImageScratch()
    for url in try Self.files(scratch) {
      for volume in 0..<3 {
        let selection = SliceSelection(plane: .axial, position: .index(1), volume: volume)
        let slice = try ImageFile.read(url, selection: selection)
        let start = Float(12 * volume + 6)
        #expect(slice.pixels == [4, 5, 2, 3, 0, 1].map { start + $0 }, "\(url.lastPathComponent) \(volume)")
        #expect(slice.frame.layout.dimensionCount == 3)
      }
      #expect(try ImageFile.header(url).dimensions == [2, 3, 2, 3])
      MalformedImageTests.expectRefusal(
        url, "is a series of 3 images; say which to take, from 0 to 2, as in --volume 0")
      let error = #expect(throws: ImagingError.self) {
        try ImageFile.read(url, selection: SliceSelection(plane: .axial, volume: 3))
      }
      #expect(error?.description.contains("no image 3: it is a series of 3; choose one of 0 to 2") == true)
    }
  }

  /// A series of flat images needs no plane.
  @Test func aSeriesOfSlices() throws {
    let scratch = try ImageScratch()
    let image = ImageBytes([2, 3, 1, 2], values: (0..<12).map(Double.init))
    let url = try image.write("flat", .nifti, in: scratch)
    #expect(try ImageFile.read(url, selection: SliceSelection(plane: nil, volume: 1)).pixels == [6, 7, 8, 9, 10, 11])
    // One slice is taken as it is, as it is whatever the plane.
    let single = try ImageBytes([2, 1], values: [7, 8]).write("single", .nifti, in: scratch)
    #expect(try ImageFile.read(single, selection: SliceSelection(plane: .axial, volume: 2)).pixels == [7, 8])
    let volume = try ImageBytes([2, 3, 2], values: (0..<12).map(Double.init)).write("volume", .nifti, in: scratch)
    let error = #expect(throws: ImagingError.self) {
      try ImageFile.read(volume, selection: SliceSelection(plane: nil, volume: 0))
    }
    #expect(error?.description.contains("say which slice to take") == true)
    let other = #expect(throws: ImagingError.self) {
      try ImageFile.read(volume, selection: SliceSelection(plane: .axial, volume: 1))
    }
    #expect(other?.description.contains("one image, not a series, and has no image 1; leave --volume out") == true)
  }

  /// Voxels of a later image count, though they are not asked for.
  @Test func aCutSeriesIsNoticed() throws {
    let scratch = try ImageScratch()
    let whole = [UInt8](try Data(contentsOf: Self.files(scratch)[0]))
    for name in ["cut.nii", "cut.nii.gz"] {
      let url = try scratch.write(Array(whole.dropLast()), name)
      let error = #expect(throws: ImagingError.self) {
        try ImageFile.read(url, selection: SliceSelection(plane: .axial, volume: 0))
      }
      #expect(error?.description.contains("cut short") == true, "\(name)")
    }
  }

  @Test func importsTakeOne() throws {
    let scratch = try ImageScratch()
    try scratch.folder("IN/A")
    for url in try Self.files(scratch) where url.pathExtension != "hdr" {
      try FileManager.default.moveItem(at: url, to: scratch.path("IN/A/\(url.lastPathComponent)"))
    }
    func outcome(_ volume: Int?, _ name: String) throws -> CohortImport.Outcome {
      try CohortImport(
        plan: .volumes(scratch.path("IN")), choice: SliceChoice(position: .at(.index(0)), volume: volume), version: "0"
      ).write(to: scratch.path(name))
    }
    let error = #expect(throws: ImagingError.self) { try outcome(nil, "NONE") }
    #expect(error?.description.contains("--volume 0") == true)
    #expect(try outcome(2, "OUT").images == ["A": 4])
    for file in try Cohort.load(scratch.path("OUT")).images {
      #expect(try ImageFile.read(file.url).pixels == [28, 29, 26, 27, 24, 25], "\(file.path)")
    }
    let record = try String(contentsOf: scratch.path("OUT/import.json"), encoding: .utf8)
    #expect(record.contains("\"volume\" : \"2\""))
    let cohort = try Cohort.load(scratch.path("IN"))
    let inspection = try CohortInspection(of: cohort, selection: SliceSelection(plane: .axial, volume: 1))
    #expect(inspection.problems.allSatisfy { $0.contains("smaller than 16 pixels") }, "\(inspection.problems)")
    let set = try CohortReader(selection: SliceSelection(plane: .axial, volume: 1)).read(cohort.images)
    #expect(set.count == 4)
  }

  /// A card of a model that was written before there were series.
  @Test func selectionsOfEarlierVersionsAreRead() throws {
    let old = try JSONDecoder().decode(
      SliceSelection.self, from: Data(#"{"plane": "coronal", "position": {"index": {"_0": 3}}}"#.utf8))
    #expect(old == SliceSelection(plane: .coronal, position: .index(3)))
    let text = String(decoding: try JSONEncoder().encode(old), as: UTF8.self)
    #expect(!text.contains("volume"))
  }
}
