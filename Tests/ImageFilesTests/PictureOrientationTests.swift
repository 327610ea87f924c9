import CTIFF
import Cohorts
import Foundation
import ImageFiles
import ImageSets
import TestFiles
import Testing

/// Pictures are turned as their files say, whatever kind they are of, and it is said once.
@Suite struct PictureOrientationTests {
  /// What 1 2 3 / 4 5 6 becomes.
  static let turned: [(orientation: UInt8, height: Int, pixels: [Float])] = [
    (1, 2, [1, 2, 3, 4, 5, 6]), (2, 2, [3, 2, 1, 6, 5, 4]), (3, 2, [6, 5, 4, 3, 2, 1]), (4, 2, [4, 5, 6, 1, 2, 3]),
    (5, 3, [1, 4, 2, 5, 3, 6]), (6, 3, [4, 1, 5, 2, 6, 3]), (7, 3, [6, 3, 5, 2, 4, 1]), (8, 3, [3, 6, 2, 5, 1, 4]),
  ]
  private let pixels: [UInt8] = [1, 2, 3, 4, 5, 6]

  @Test(arguments: turned) func tiff(orientation: UInt8, height: Int, pixels expected: [Float]) throws {
    var layout = manikin_tiff_layout()
    layout.orientation = Int32(orientation)
    for channels in [1, 3] {
      let samples = pixels.flatMap { value in (0..<channels).map { UInt8($0 * 50) + value } }
      let slice = try ImageFile.read(
        PictureBytes.tiff(samples, width: 3, height: 2, channels: channels, layout), name: "x.tif")
      #expect(slice.height == height && slice.isTurned == (orientation != 1))
      #expect(slice.pixels == expected.flatMap { value in (0..<channels).map { Float($0 * 50) + value } })
    }
  }

  @Test(arguments: turned, [false, true])
  func png(_ example: (orientation: UInt8, height: Int, pixels: [Float]), isBigEndian: Bool) throws {
    let plain = Array(try ImageFile.pngData(grey: pixels, width: 3, height: 2))
    let chunk = pngChunk("eXIf", PictureBytes.exif(example.orientation, isBigEndian: isBigEndian))
    // Before the pixels, and after them.
    for place in [33, plain.count - 12] {
      let slice = try ImageFile.read(Array(plain[..<place]) + chunk + plain[place...], name: "x.png")
      #expect(slice.height == example.height && slice.pixels == example.pixels)
      #expect(slice.isTurned == (example.orientation != 1))
    }
  }

  @Test(arguments: 1...8) func jpegIsTurnedAsTIFFIs(orientation: Int) throws {
    let samples = PictureBytes.slope(width: 24, height: 16, channels: 3)
    let slice = Slice(height: 16, width: 24, channels: 3, pixels: samples.map { Float($0) }, frame: .unoriented())
    let jpeg = Array(try ImageFile.pictureData(slice, as: ImageStorage(.jpeg, bits: 8)))
    let stored = try ImageFile.read(jpeg, name: "x.jpg")
    let turned = try ImageFile.read(
      PictureBytes.withEXIF(jpeg, PictureBytes.exif(UInt8(orientation), isBigEndian: orientation % 2 == 0)),
      name: "x.jpg")
    var layout = manikin_tiff_layout()
    layout.orientation = Int32(orientation)
    let asTIFF = try ImageFile.read(
      PictureBytes.tiff(stored.pixels.map { UInt8($0) }, width: 24, height: 16, channels: 3, layout), name: "x.tif")
    #expect(turned.pixels == asTIFF.pixels && turned.height == asTIFF.height && turned.isTurned == (orientation != 1))
  }

  @Test func damagedBlocksTurnNothing() throws {
    let plain = Array(try ImageFile.pngData(grey: pixels, width: 3, height: 2))
    let whole = PictureBytes.exif(6, isBigEndian: true)
    for length in 4..<whole.count - 10 {
      let chunk = pngChunk("eXIf", Array(whole.prefix(length)))
      #expect(try !ImageFile.read(Array(plain[..<33]) + chunk + plain[33...], name: "x.png").isTurned)
    }
    for value in [UInt8(0), 9, 255] {
      let chunk = pngChunk("eXIf", PictureBytes.exif(value, isBigEndian: false))
      #expect(try !ImageFile.read(Array(plain[..<33]) + chunk + plain[33...], name: "x.png").isTurned)
    }
  }

  @Test func turnedImagesAreSaidOnceWithTheirNumber() throws {
    let scratch = try ImageScratch()
    for index in 0..<4 {
      var layout = manikin_tiff_layout()
      layout.orientation = index == 0 ? 1 : 3
      try scratch.folder("A")
      try scratch.write(
        PictureBytes.tiff(
          PictureBytes.slope(width: 20 + 0, height: 20, channels: 1).map { $0 &+ UInt8(index * 3) }, width: 20,
          height: 20, channels: 1, layout), "A/\(index).tif")
    }
    let cohort = try Cohort.load(scratch.url)
    let sentence = "3 images were turned as their orientation (EXIF) says: A/1.tif, A/2.tif and A/3.tif"
    let set = try CohortReader().read(cohort.images)
    #expect(set.notes.filter { $0.contains("turned") } == [sentence])
    #expect(try CohortInspection(of: cohort).notes.filter { $0.contains("turned") } == [sentence])
    #expect(set.storage == ImageStorage(.tiff, bits: 8))
  }

  /// A chunk with its checksum, independent of libpng.
  private func pngChunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
    let named = Array(name.utf8) + data
    var checksum: UInt32 = 0xFFFF_FFFF
    for byte in named {
      checksum ^= UInt32(byte)
      for _ in 0..<8 { checksum = checksum & 1 == 1 ? checksum >> 1 ^ 0xEDB8_8320 : checksum >> 1 }
    }
    func bytes(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.bigEndian, Array.init) }
    return bytes(UInt32(data.count)) + named + bytes(~checksum)
  }
}
