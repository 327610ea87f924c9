import Cohorts
import Foundation
import ImageFiles
import ImageSets
import TestFiles
import Testing

/// Files of kinds that are not read are refused with the command that converts them, and never passed over in silence.
@Suite struct UnreadFilesTests {
  @Test(arguments: [("x.bmp", "BMP"), ("x.GIF", "GIF"), ("x.webp", "WebP"), ("x.jp2", "JPEG 2000"), ("x.heic", "HEIF")])
  func theCommandIsNamed(name: String, kind: String) throws {
    expectError("\(kind) files are not read", "mogrify -format png *.") { _ = try ImageFile.read([1, 2], name: name) }
  }

  @Test func aFileOfAnotherKindThanItsNameSaysIsNamed() throws {
    let png = Array(try ImageFile.pngData(grey: [1, 2], width: 2, height: 1))
    expectError("it is a PNG file, whatever its name says", "rename it to end in .png") {
      _ = try ImageFile.read(png, name: "x.jpg")
    }
    let tiff = try PictureBytes.tiff([1, 2] as [UInt8], width: 2, height: 1, channels: 1)
    expectError("it is a TIFF file", "end in .tif") { _ = try ImageFile.read(tiff, name: "x.png") }
    expectError("it is a BMP file", "mogrify") { _ = try ImageFile.read(Array("BM123456".utf8), name: "x.tif") }
    expectError("it is a WebP file") { _ = try ImageFile.read(Array("RIFF1234WEBPVP8 ".utf8), name: "x.jpeg") }
  }

  @Test func filesBesideImagesAreSaid() throws {
    let scratch = try ImageScratch()
    try scratch.touch([
      "A/1.png", "A/2.jpg", "A/3.bmp", "A/4.BMP", "A/5.gif", "A/mask.xyz", "A/notes.txt", "A/1.json", "A/.hidden",
      "B/1.tif",
      "B/deep/6.bmp",
    ])
    let notes = try Cohort.load(scratch.url).notes
    #expect(
      notes.contains {
        $0.hasPrefix("3 BMP files (A/3.bmp, A/4.BMP and B/deep/6.bmp) not read and not used; convert them")
      })
    #expect(notes.contains { $0.hasPrefix("1 GIF file (A/5.gif) not read and not used; convert it") })
    #expect(notes.contains("1 file beside the images not used, of a kind that is not read: A/mask.xyz"))
    #expect(!notes.contains { $0.contains("notes.txt") || $0.contains("json") || $0.contains("hidden") })
    // A lossy kind in one class alone.
    #expect(notes.contains { $0.contains("(A JPEG or PNG and B TIFF)") })
  }

  @Test func aFolderOfUnreadFilesNamesTheCommand() throws {
    let scratch = try ImageScratch()
    try scratch.touch(["A/1.png", "B/1.bmp", "B/2.bmp"])
    expectError("none of the 2 files in the class folder", "mogrify -format png *.bmp") {
      _ = try Cohort.load(scratch.url)
    }
    let loose = try ImageScratch()
    try loose.touch(["1.webp", "2.webp"])
    expectError("kind that is read", "mogrify -format png *.webp") { _ = try Cohort.load(loose.url) }
  }

  @Test func picturesOfOneStemAreTwoNamesOfOneImage() throws {
    let scratch = try ImageScratch()
    try scratch.touch(["A/1.png", "A/1.jpg", "A/2.png"])
    expectError("one image under two names") { _ = try Cohort.load(scratch.url) }
  }

  @Test func picturesBesideVolumesAreTakenForPreviews() throws {
    let scratch = try ImageScratch()
    try scratch.touch(["A/1.nii.gz", "A/p.jpg", "B/1.nii.gz", "B/q.tif"])
    let cohort = try Cohort.load(scratch.url)
    #expect(cohort.images.map(\.path) == ["A/1.nii.gz", "B/1.nii.gz"])
    #expect(
      cohort.notes.contains { $0.hasPrefix("2 JPEG or TIFF files beside images of other kinds taken for previews") })
  }
}
