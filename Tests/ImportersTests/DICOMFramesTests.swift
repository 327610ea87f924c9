import Cohorts
import Foundation
import ImageFiles
import ImageSets
import Importers
import TestFiles
import Testing

/// Enhanced files, whose frames are placed and rescaled one by one.
@Suite struct DICOMFramesTests {
  private static let hasProgram = (try? DICOMConverter()) != nil
  private static let order = [2, 0, 3, 1]

  /// Frame `k` lies in place `order[k]`; its values are those of that place.
  private func enhanced(
    _ values: [[Int]], slopes: [Double], intercepts: [Double] = [0, 0, 0, 0], places: [Double] = [0, 2, 4, 6],
    stored: Int = 16, isSigned: Bool = false, photometric: String = "MONOCHROME2"
  ) -> DICOMBytes {
    func element(_ group: UInt16, _ number: UInt16, _ kind: String, _ value: DICOMBytes.Value) -> DICOMBytes.Element {
      .init(group: group, element: number, kind: kind, value: value)
    }
    func group(_ number: UInt16, of element: UInt16, _ inner: [DICOMBytes.Element]) -> DICOMBytes.Element {
      .init(group: number, element: element, kind: "SQ", value: .items([inner], isOpen: element % 2 == 0))
    }
    var file = DICOMBytes(
      rows: 4, columns: 5, pixels: DICOMBytes.stored(Self.order.flatMap { values[$0] }), stored: stored,
      isSigned: isSigned, photometric: photometric, modality: "MR", sopClass: "1.2.840.10008.5.1.4.1.1.4.1")
    file.set(0x0008, 0x0008, "CS", "ORIGINAL\\PRIMARY\\M\\NONE")
    file.set(0x0028, 0x0008, "IS", "4")
    let measures = [element(0x0028, 0x0030, "DS", .text("0.5\\0.75")), element(0x0018, 0x0050, "DS", .text("2"))]
    let lies = [element(0x0020, 0x0037, "DS", .text("1\\0\\0\\0\\1\\0"))]
    file.set(
      0x5200, 0x9229, "SQ",
      .items([[group(0x0028, of: 0x9110, measures), group(0x0020, of: 0x9116, lies)]], isOpen: false))
    let frames = Self.order.map { place in
      [
        group(0x0020, of: 0x9113, [element(0x0020, 0x0032, "DS", .text("0\\0\\\(places[place])"))]),
        group(
          0x0028, of: 0x9145,
          [
            element(0x0028, 0x1052, "DS", .text("\(intercepts[place])")),
            element(0x0028, 0x1053, "DS", .text("\(slopes[place])")),
            element(0x0028, 0x1054, "LO", .text("US")),
          ]),
      ]
    }
    file.set(0x5200, 0x9230, "SQ", .items(frames, isOpen: true))
    return file
  }

  private func images(_ file: DICOMBytes) throws -> (outcome: CohortImport.Outcome, pixels: [[Float]]) {
    let folder = DICOMFolder(scratch: try ImageScratch(), name: "IN")
    try folder.add("A/frames", file, patient: "P1")
    try folder.add("B/picture", DICOMFolder.picture(7), patient: "P2", study: 2)
    let outcome = try DICOMImport(folder.scratch.path("IN"), options: DICOMOptions(), version: "0")
      .write(to: folder.scratch.path("OUT"), choice: SliceChoice(extent: .range(.at(.index(0)), .at(.index(3)))))
    guard outcome.images["A"] != nil else { return (outcome, []) }
    return (
      outcome,
      try Cohort.load(folder.scratch.path("OUT")).images(of: "A").map { try ImageFile.read($0.url).pixels }
    )
  }

  private func shown(_ values: [Int], _ change: (Double) -> Double) -> [Float] {
    (0..<4).flatMap { row in values[5 * row..<5 * row + 5].reversed().map { Float(change(Double($0))) } }
  }

  private let values = (0..<4).map { index in (0..<20).map { index * 500 + 7 * $0 } }

  @Test(.enabled(if: hasProgram)) func eachFrameHasItsOwnSlope() throws {
    let slopes = [1, 1.5, 2, 0.25]
    let intercepts = [0.0, -100, 8, 3]
    let (outcome, pixels) = try images(enhanced(values, slopes: slopes, intercepts: intercepts))
    #expect(outcome.images == ["A": 4, "B": 1])
    #expect(pixels == (0..<4).map { place in shown(values[place]) { slopes[place] * $0 + intercepts[place] } })
    let (equal, plain) = try images(enhanced(values, slopes: [2, 2, 2, 2]))
    #expect(plain == values.map { shown($0) { 2 * $0 } } && !equal.notes.contains { $0.contains("dcm2niix changed") })
  }

  @Test(.enabled(if: hasProgram)) func framesAreReadAsImagesAre() throws {
    let signed = values.map { $0.map { $0 - 1000 } }
    let (_, pixels) = try images(
      enhanced(signed.map { $0.map { $0 & 0xFFF } }, slopes: [1, 1, 1, 1], stored: 12, isSigned: true))
    #expect(pixels == signed.map { shown($0) { $0 } })
    let (_, turned) = try images(
      enhanced(values, slopes: [1, 1, 1, 1], stored: 12, photometric: "MONOCHROME1"))
    #expect(turned == values.map { shown($0) { 4095 - $0 } })
  }

  @Test(.enabled(if: hasProgram)) func framesThatDoNotFitAreLeftOut() throws {
    var short = enhanced(values, slopes: [1, 1, 1, 1])
    short.set(0x5200, 0x9230, "SQ", .items([[], []], isOpen: false))
    expectError("4 frames, and describes 2", "--skip-damaged") { _ = try images(short) }
    let (outcome, _) = try images(enhanced(values, slopes: [1, 2, 1, 1], places: [0, 2, 4, 4]))
    #expect(outcome.images == ["B": 1] && outcome.omitted?.count == 1, "\(outcome.omitted ?? [])")
  }
}
