import CTIFF
import Files
import Foundation
import ImageFiles
import TestFiles
import Testing

/// TIFF files of every layout come in with the pixels that went out; what is not read is refused by name.
@Suite struct TIFFReadingTests {
  private typealias Entry = PictureBytes.Entry

  private func read(_ bytes: [UInt8]) throws -> Slice { try ImageFile.read(bytes, name: "x.tif") }

  @Test(arguments: [1, 5, 8, 32773, 50000], [1, 3])
  func everyLayoutGivesTheSamePixels(compression: UInt16, channels: Int) throws {
    let bytes = PictureBytes.slope(width: 37, height: 29, channels: channels)
    for tile in [UInt32(0), 16] {
      for kind in 0..<8 {
        var layout = manikin_tiff_layout()
        layout.compression = compression
        (layout.tile_width, layout.tile_height) = (tile, 2 * tile)
        layout.is_planar = kind & 1 != 0 && channels == 3 ? 1 : 0
        layout.is_bigtiff = kind & 2 != 0 ? 1 : 0
        layout.is_big_endian = kind & 4 != 0 ? 1 : 0
        func check<Sample: Equatable>(_ samples: [Sample], _ value: (Sample) -> Float) throws {
          let file = try PictureBytes.tiff(samples, width: 37, height: 29, channels: channels, layout)
          let slice = try read(file)
          #expect((slice.height, slice.width, slice.channels) == (29, 37, channels), "\(layout)")
          #expect(slice.pixels == samples.map(value), "\(Sample.self) \(layout)")
        }
        try check(bytes) { Float($0) }
        try check(bytes.map { UInt16($0) * 257 }) { Float($0) }
        guard channels == 1 else { continue }
        try check(bytes.map { Int16($0) - 300 }) { Float($0) }
        try check(bytes.map { Float($0) / 7 }) { $0 }
      }
    }
  }

  @Test func whiteIsZeroInSome() throws {
    var layout = manikin_tiff_layout()
    layout.is_min_white = 1
    let bytes: [UInt8] = [0, 1, 254, 255, 7, 8]
    #expect(
      try read(PictureBytes.tiff(bytes, width: 3, height: 2, channels: 1, layout)).pixels == bytes.map { Float($0) })
    let words: [UInt16] = [0, 65535, 300]
    #expect(
      try read(PictureBytes.tiff(words, width: 3, height: 1, channels: 1, layout)).pixels == words.map { Float($0) })
    let bits = PictureBytes.directories([
      (PictureBytes.page(width: 10, height: 1, bits: [1], photometric: 0), [0b1010_0000, 0b0100_0000])
    ])
    #expect(try read(bits).pixels == [0, 255, 0, 255, 255, 255, 255, 255, 255, 0])
  }

  @Test func fewBitsFillTheRange() throws {
    let two = PictureBytes.directories([
      (PictureBytes.page(width: 5, height: 2, bits: [2], photometric: 1), [0b0001_1011, 0b1100_0000, 0xFF, 0])
    ])
    #expect(try read(two).pixels == [0, 85, 170, 255, 255, 255, 255, 255, 255, 0])
    let four = PictureBytes.directories([(PictureBytes.page(width: 2, height: 1, bits: [4], photometric: 1), [0x1F])])
    #expect(try read(four).pixels == [17, 255])
  }

  @Test(arguments: [UInt32(1), 257]) func palettesBecomeColours(factor: UInt32) throws {
    // 16 colours of 16 bits each, or of 8 where no value is larger.
    let colours = (0..<16).map { UInt32($0) * 16 } + (0..<16).map { 255 - UInt32($0) } + (0..<16).map { UInt32($0) }
    let file = PictureBytes.directories([
      (
        PictureBytes.page(
          width: 3, height: 1, bits: [4], photometric: 3, [Entry(tag: 320, values: colours.map { $0 * factor })]),
        [0x0F, 0x30]
      )
    ])
    let slice = try read(file)
    #expect(slice.isColour && slice.pixels == [0, 255, 0, 240, 240, 15, 48, 252, 3])
  }

  @Test func transparencyIsIgnored() throws {
    let colour = PictureBytes.directories([
      (
        PictureBytes.page(
          width: 1, height: 2, bits: [8, 8, 8, 8], photometric: 2, [Entry(tag: 338, values: [2])]),
        [1, 2, 3, 0, 4, 5, 6, 255]
      )
    ])
    #expect(try read(colour).pixels == [1, 2, 3, 4, 5, 6])
    let grey = PictureBytes.directories([
      (
        PictureBytes.page(width: 2, height: 1, bits: [8, 8], photometric: 1, [Entry(tag: 338, values: [1])]),
        [9, 0, 7, 1]
      )
    ])
    #expect(try read(grey).pixels == [9, 7])
  }

  @Test func missingNumbersReadAsZero() throws {
    let slice = try read(PictureBytes.tiff([1, .nan, 3, -.infinity, 2] as [Float], width: 5, height: 1, channels: 1))
    #expect(slice.pixels == [1, 0, 3, 0, 2] && slice.nonFiniteCount == 2)
    expectError("2 of its 3 pixels are NaN") {
      _ = try read(PictureBytes.tiff([1, .nan, .nan] as [Float], width: 3, height: 1, channels: 1))
    }
  }

  @Test func severalPagesAreRefusedByTheirNumber() throws {
    let page = PictureBytes.page(width: 2, height: 1, bits: [8], photometric: 1)
    expectError("a TIFF of 3 pages", "tiffsplit") {
      _ = try read(PictureBytes.directories([(page, [1, 2]), (page, [3, 4]), (page, [5, 6])]))
    }
    // A smaller copy of the same image loses nothing.
    let small = PictureBytes.page(
      width: 1, height: 1, bits: [8], photometric: 1, [Entry(tag: 254, type: 4, values: [1])])
    #expect(try read(PictureBytes.directories([(page, [1, 2]), (small, [3])])).pixels == [1, 2])
  }

  @Test(arguments: [
    (5, [8, 8, 8, 8], 1, "stores inks (CMYK)"), (8, [8, 8, 8], 1, "colours are of a kind that is not read (code 8)"),
    (1, [32], 1, "its samples have 32 bits"), (1, [12], 1, "its samples have 12 bits"),
    (1, [8], 2, "signed numbers or floats of 8 bits"), (1, [64], 3, "signed numbers or floats of 64 bits"),
    (1, [8, 8, 8], 1, "it has 3 channels, more than its colours"), (2, [8, 8, 8, 8], 1, "it has 4 channels"),
    (2, [16, 16, 16], 2, "signed numbers or floats of 16 bits"), (2, [32, 32, 32], 3, "floats of 32 bits"),
    (6, [8, 8, 8], 1, "of a kind that is not read (code 6)"),
  ])
  func otherKindsAreRefusedByName(photometric: Int, bits: [Int], format: Int, reason: String) throws {
    let entries = PictureBytes.page(
      width: 2, height: 1, bits: bits.map { UInt32($0) }, photometric: UInt32(photometric),
      [Entry(tag: 339, values: bits.map { _ in UInt32(format) })])
    let strip = [UInt8](repeating: 1, count: 2 * bits.reduce(0, +) / 8)
    expectError("cannot read x.tif", reason) { _ = try read(PictureBytes.directories([(entries, strip)])) }
  }

  @Test(arguments: [1, 5, 8, 7, 32773, 50000]) func everyCutIsNoticed(compression: UInt16) throws {
    var layout = manikin_tiff_layout()
    layout.compression = compression
    let bytes = PictureBytes.slope(width: 24, height: 20, channels: 3)
    let whole = try PictureBytes.tiff(bytes, width: 24, height: 20, channels: 3, layout)
    for length in 0..<whole.count {
      let error = #expect(throws: ImagingError.self, "\(length) of \(whole.count) bytes") {
        try read(Array(whole.prefix(length)))
      }
      #expect(error?.description.contains("x.tif") == true && error?.description.contains("\n") == false)
    }
  }

  @Test func sizesBeyondTheFileAreRefusedBeforeMemoryIsTaken() throws {
    for (width, height) in [(40000, 1), (30000, 30000), (1, 40000), (9000, 9000)] {
      let entries = PictureBytes.page(width: width, height: height, bits: [8], photometric: 1)
      expectError("not a sound TIFF") { _ = try read(PictureBytes.directories([(entries, [1, 2, 3])])) }
    }
  }

  @Test func theHeaderSaysWhatIsStored() throws {
    let scratch = try ImageScratch()
    var layout = manikin_tiff_layout()
    layout.is_big_endian = 1
    let url = try scratch.write(
      PictureBytes.tiff([1, 2, 3, 4, 5, 6] as [UInt16], width: 2, height: 1, channels: 3, layout), "a.tiff")
    let header = try ImageFile.header(url)
    #expect(header.format == "TIFF" && header.dataType == "uint16" && header.dimensions == [2, 1])
    #expect(header.isBigEndian && header.mayBeColour && !header.isVolume && header.orientation == nil)
  }
}
