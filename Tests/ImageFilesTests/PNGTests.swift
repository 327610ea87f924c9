import Files
import Foundation
import ImageFiles
import TestFiles
import Testing

/// PNG files of every kind come in, sound or not; 8-bit grey and colour go out.
@Suite struct PNGTests {
  struct Example: CustomStringConvertible, Sendable {
    var description: String
    var size: [Int]
    var type: String
    /// In grey.
    var pixels: [Float]
    /// Red, green and blue of each pixel, where these differ.
    var colours: [Float]?
    /// The whole file, made by hand with Python's zlib.
    var base64: String
  }

  static let examples: [Example] = [
    Example(
      description: "grey, 8 bits", size: [3, 2], type: "uint8", pixels: [0, 1, 2, 253, 254, 255],
      base64: "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAAAAAC4HznGAAAAEElEQVR42mNgYGRi+PvvPwAGCgL+LXMvcwAAAABJRU5ErkJggg=="),
    Example(
      description: "grey, 16 bits", size: [2, 1], type: "uint16", pixels: [258, 65535],
      base64: "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABEAAAAACB2fwVAAAADUlEQVR42mNgZPr/HwADDAICxF+/pwAAAABJRU5ErkJggg=="),
    Example(
      description: "grey, 1 bit", size: [3, 1], type: "uint8", pixels: [255, 0, 255],
      base64: "iVBORw0KGgoAAAANSUhEUgAAAAMAAAABAQAAAAAzmykZAAAACklEQVR42mNYAAAAogChcQXLQQAAAABJRU5ErkJggg=="),
    Example(
      description: "grey, 4 bits", size: [2, 1], type: "uint8", pixels: [17, 255],
      base64: "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABBAAAAAAUuc1XAAAACklEQVR42mOQBwAAIQAg6j48egAAAABJRU5ErkJggg=="),
    Example(
      description: "red, green, and equal components", size: [3, 1], type: "uint8", pixels: [76.245, 149.685, 7],
      colours: [255, 0, 0, 0, 255, 0, 7, 7, 7],
      base64: "iVBORw0KGgoAAAANSUhEUgAAAAMAAAABCAIAAACUgoPjAAAAEklEQVR42mP4z8DA8J+BnZ0dAA4mAhQmjenuAAAAAElFTkSuQmCC"),
    Example(
      description: "colour with transparency", size: [2, 1], type: "uint8", pixels: [9, 29.07],
      colours: [9, 9, 9, 0, 0, 255],
      base64: "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAYAAAD0In+KAAAAEUlEQVR42mPg5ORkYGD43wAAA0QBm+01z9kAAAAASUVORK5CYII="),
    Example(
      description: "grey with transparency, 16 bits", size: [1, 1], type: "uint16", pixels: [1000],
      base64: "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABEAQAAADljNBBAAAADUlEQVR42mNgfsHACgACzgDxFDOanwAAAABJRU5ErkJggg=="),
    Example(
      description: "palette", size: [2, 1], type: "uint8", pixels: [118.5, 10],
      colours: [200, 100, 0, 10, 10, 10],
      base64:
        "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAMAAADD/I+4AAAABlBMVEUKCgrIZAC/3As3AAAAC0lEQVR42mNgZAAAAAUAAkLCRJ8AAAAA"
        + "SUVORK5CYII="),
    Example(
      description: "grey with a transparent shade", size: [2, 1], type: "uint8", pixels: [5, 6],
      base64:
        "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAAAAADRSSBWAAAAAnRSTlMABQb5ObcAAAALSURBVHjaY2BlAwAAEwAMnTLPQAAAAABJRU5E"
        + "rkJggg=="),
    Example(
      description: "interlaced", size: [2, 2], type: "uint8", pixels: [1, 2, 3, 4],
      base64: "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAAAAAEg2mJuAAAAD0lEQVR42mNgZGBiYGYBAAAfAAsqGXgTAAAAAElFTkSuQmCC"),
  ]

  @Test(arguments: examples) func reading(example: Example) throws {
    let scratch = try ImageScratch()
    let url = scratch.path("image.png")
    try #require(Data(base64Encoded: example.base64)).write(to: url)
    let slice = try ImageFile.read(url)
    #expect([slice.width, slice.height] == example.size)
    #expect(slice.pixels == example.colours ?? example.pixels && slice.luminance.pixels == example.pixels)
    #expect(slice.channels == (example.colours == nil ? 1 : 3) && slice.isColour == (example.colours != nil))
    #expect(!slice.frame.hasOrientation)
    let header = try ImageFile.header(url)
    #expect(header.dimensions == example.size && header.dataType == example.type && header.format == "PNG")
    #expect(!header.isVolume)
  }

  @Test(arguments: examples) func everyCutIsNoticed(example: Example) throws {
    let scratch = try ImageScratch()
    let whole = try #require(Data(base64Encoded: example.base64))
    let url = scratch.path("cut.png")
    for length in 0..<whole.count {
      try whole.prefix(length).write(to: url)
      let error = #expect(throws: ImagingError.self, "\(length) bytes") { try ImageFile.read(url) }
      #expect(error?.description.contains(url.path) == true)
    }
  }

  @Test(arguments: [
    // 32769 x 1, and 32768 x 32768 (1 GiB) in 68 bytes.
    "iVBORw0KGgoAAAANSUhEUgAAgAEAAAABCAAAAABNn67KAAAAC0lEQVR42mNggAMAAAsAAaAuyIUAAAAASUVORK5CYII=",
    "iVBORw0KGgoAAAANSUhEUgAAgAAAAIAACAAAAADhF/yjAAAAC0lEQVR42mNggAMAAAsAAaAuyIUAAAAASUVORK5CYII=",
  ])
  func tooManyPixels(base64: String) throws {
    let scratch = try ImageScratch()
    let url = scratch.path("large.png")
    try #require(Data(base64Encoded: base64)).write(to: url)
    #expect(throws: ImagingError.self) { try ImageFile.read(url) }
  }

  @Test func textIsNoPNG() throws {
    let scratch = try ImageScratch()
    let url = try scratch.write(Array("id,class\n1,AD\n".utf8), "table.png")
    let error = #expect(throws: ImagingError.self) { try ImageFile.read(url) }
    #expect(error?.description.contains("signature") == true)
  }

  @Test func greyRoundTrip() throws {
    let scratch = try ImageScratch()
    let pixels = (0..<35 * 29).map { UInt8($0 * 131 % 256) }
    let url = scratch.path("grey.png")
    try ImageFile.writePNG(grey: pixels, width: 35, height: 29, to: url)
    let slice = try ImageFile.read(url)
    #expect((slice.height, slice.width) == (29, 35))
    #expect(slice.pixels == pixels.map { Float($0) })
    #expect(try scratch.names == ["grey.png"])
  }

  @Test func colourRoundTrip() throws {
    let scratch = try ImageScratch()
    let url = scratch.path("colour.png")
    try ImageFile.pngData(rgb: [255, 0, 0, 0, 0, 255, 8, 8, 8, 1, 2, 3], width: 2, height: 2).write(to: url)
    let slice = try ImageFile.read(url)
    #expect(slice.pixels == [255, 0, 0, 0, 0, 255, 8, 8, 8, 1, 2, 3])
    #expect(slice.luminance.pixels == [76.245, 29.07, 8, 1.815])
  }

  @Test func aSliceIsStretchedToFullRange() throws {
    let scratch = try ImageScratch()
    var slice = Slice(height: 1, width: 3, pixels: [-1, 0, 3], frame: .unoriented())
    try ImageFile.writePNG(slice, to: scratch.path("slice.png"))
    #expect(try ImageFile.read(scratch.path("slice.png")).pixels == [0, 64, 255])
    slice.pixels = [5, 5, 5]
    try ImageFile.writePNG(slice, to: scratch.path("slice.png"))
    #expect(try ImageFile.read(scratch.path("slice.png")).pixels == [0, 0, 0])
  }
}
