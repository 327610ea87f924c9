import Figures
import Testing

@Suite struct ContactSheetTests {
  @Test func cellsGuttersAndCentring() {
    let sheet = ContactSheet(
      [
        Picture(width: 2, height: 2, pixels: [1, 2, 3, 4]), Picture(width: 2, height: 2, pixels: [5, 6, 7, 8]),
        Picture(width: 1, height: 2, pixels: [9, 10]),
      ], columns: 2, gutter: 1, background: 0)
    #expect([sheet.rows, sheet.columns, sheet.cellWidth, sheet.cellHeight] == [2, 2, 2, 2])
    #expect([sheet.picture.width, sheet.picture.height] == [5, 5])
    #expect(
      sheet.picture.pixels == [
        1, 2, 0, 5, 6,
        3, 4, 0, 7, 8,
        0, 0, 0, 0, 0,
        9, 0, 0, 0, 0,
        10, 0, 0, 0, 0,
      ])
  }

  @Test func fewerPicturesThanColumns() {
    let one = Picture(width: 3, height: 1, pixels: [1, 2, 3])
    #expect(ContactSheet([one], columns: 4, gutter: 2).picture == one)
  }
}

@Suite struct PictureTests {
  @Test func valuesMapOntoGrey() {
    let picture = Picture(width: 3, height: 2, values: [-1, 0, 0.5, 1, 2, .nan])
    #expect(picture.pixels == [0, 0, 128, 255, 255, 0])
    #expect(Picture(width: 2, height: 1, values: [0, 50], range: 0...100).pixels == [0, 128])
    #expect(Picture(width: 1, height: 1, values: [.infinity]).pixels == [255])
  }

  @Test func shrinksByMeans() {
    let picture = Picture(width: 3, height: 2, pixels: [0, 10, 7, 20, 30, 9])
    #expect(picture.reduced(toLongestSide: 2) == Picture(width: 2, height: 1, pixels: [15, 8]))
    #expect(picture.reduced(toLongestSide: 3) == picture)
  }
}
