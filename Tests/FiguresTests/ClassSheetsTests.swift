import Cohorts
import Figures
import Files
import Foundation
import ImageFiles
import Testing

@Suite struct ClassSheetsTests {
  @Test func everyClassHasASheet() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "manikin-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, count) in [("A", 12), ("B", 3)] {
      let place = folder.appending(path: "DATA/\(name)")
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      for index in 0..<count {
        let pixels = (0..<400).map { Float($0 % 20 == index ? 5 : 1) }
        try ImageFile.writeNIfTI(
          Slice(height: 20, width: 20, pixels: pixels, frame: .axial(height: 20, width: 20)),
          to: place.appending(path: "\(index + 10).nii"))
      }
    }
    let cohort = try Cohort.load(folder.appending(path: "DATA"))
    let sheets = folder.appending(path: "SHEETS")
    #expect(try ClassSheets.write(cohort, to: sheets).count == 2)
    let sheet = try ImageFile.read(sheets.appending(path: "A.png"))
    // Ten to a row, gutters of two pixels; the first picture's first column is white, the rest black.
    #expect(sheet.width == 10 * 22 - 2 && sheet.height == 2 * 22 - 2)
    #expect(sheet[5, 0] == 255 && sheet[5, 1] == 0 && sheet[5, 22 + 1] == 255 && sheet[27, 10] == 255)
    #expect(try ImageFile.read(sheets.appending(path: "B.png")).width == 3 * 22 - 2)
    // Neither sheets nor images are overwritten or mixed.
    #expect(throws: ImagingError.self) { try ClassSheets.write(cohort, to: sheets) }
    #expect(throws: ImagingError.self) { try ClassSheets.write(cohort, to: folder.appending(path: "DATA/C")) }
  }
}
