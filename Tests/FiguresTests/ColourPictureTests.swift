import Cohorts
import Figures
import Foundation
import ImageFiles
import Testing

@Suite struct ColourPictureTests {
  @Test func aSheetIsInColourIfAPictureIs() throws {
    let colour = Picture(width: 1, height: 2, channels: 3, pixels: [1, 2, 3, 4, 5, 6])
    let grey = Picture(width: 2, height: 2, pixels: [7, 8, 9, 10])
    let sheet = ContactSheet([colour, grey], columns: 2, gutter: 1, background: 40).picture
    #expect(sheet.channels == 3 && sheet.width == 5 && sheet.height == 2)
    #expect(
      sheet.pixels == [
        1, 2, 3, 40, 40, 40, 40, 40, 40, 7, 7, 7, 8, 8, 8,
        4, 5, 6, 40, 40, 40, 40, 40, 40, 9, 9, 9, 10, 10, 10,
      ])
    #expect(ContactSheet([grey, grey], columns: 2).picture.channels == 1)
  }

  @Test func channelsShrinkByTheirOwnMeans() {
    let picture = Picture(width: 2, height: 1, channels: 3, pixels: [0, 100, 7, 20, 200, 9])
    #expect(picture.reduced(toLongestSide: 1) == Picture(width: 1, height: 1, channels: 3, pixels: [10, 150, 8]))
    #expect(Picture(width: 1, height: 1, channels: 3, values: [0, 0.5, 2]).pixels == [0, 128, 255])
  }

  @Test func sheetsOfClassesShowColours() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "manikin-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let place = folder.appending(path: "DATA/A")
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    try ImageFile.writePNG(
      [10, 20, 30, 110, 60, 10], width: 2, height: 1, channels: 3, to: place.appending(path: "a.png"))
    try ClassSheets.write(Cohort.load(folder.appending(path: "DATA")), to: folder.appending(path: "SHEETS"))
    // Scaled by the one range of all channels, 10 to 110.
    #expect(try ImageFile.read(folder.appending(path: "SHEETS/A.png")).pixels == [0, 26, 51, 255, 128, 0])
  }
}
