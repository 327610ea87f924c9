import Cohorts
import Foundation
import ImageFiles
import ImageSets
import TestFiles
import Testing

/// How colours are read, and intensities of which a few voxels take the range, are said by an inspection and by
/// whatever reads the images.
@Suite struct ReadingNoteTests {
  @Test(arguments: PNGTests.examples)
  func coloursAreKnown(example: PNGTests.Example) throws {
    let scratch = try ImageScratch()
    let url = try scratch.write(Array(#require(Data(base64Encoded: example.base64))), "a.png")
    let isColour = ["red", "colour", "palette"].contains { example.description.hasPrefix($0) }
    #expect(try ImageFile.read(url).isColour == isColour)
  }

  private func picture(_ name: String, in scratch: ImageScratch, _ colour: (Int) -> [UInt8]) throws {
    let target = scratch.path(name)
    try FileManager.default.createDirectory(at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
    try ImageFile.pngData(rgb: (0..<256).flatMap(colour), width: 16, height: 16).write(to: target)
  }

  private func sentences(_ scratch: ImageScratch) throws -> (inspection: [String], reading: [String]) {
    let cohort = try Cohort.load(scratch.url)
    return (try CohortInspection(of: cohort).warnings, try CohortReader().read(cohort.images).notes)
  }

  @Test func coloursAreSaidOnceWithAnExample() throws {
    let scratch = try ImageScratch()
    for index in 0..<3 {
      try picture("A/red\(index).png", in: scratch) { [UInt8($0), UInt8(index), 0] }
      try picture("A/grey\(index).png", in: scratch) { [UInt8](repeating: UInt8(($0 + 7 * index) % 256), count: 3) }
    }
    for (kind, found) in [("inspection", try sentences(scratch).inspection), ("run", try sentences(scratch).reading)] {
      let sentence = found.filter { $0.contains("colour") }
      #expect(sentence.count == 1, "\(kind): \(found)")
      #expect(
        sentence[0].hasPrefix("3 of 6 images in colour (A/red0.png, A/red1.png and A/red2.png)"), "\(sentence[0])")
      #expect(sentence[0].contains("read in colour (3 channels), the 3 grey ones repeated"), "\(sentence[0])")
      #expect(!sentence[0].contains("not the same in every class"))
    }
  }

  @Test func greyStoredAsColourIsNoColour() throws {
    let scratch = try ImageScratch()
    for index in 0..<3 {
      try picture("A/\(index).png", in: scratch) { [UInt8](repeating: UInt8(($0 + 9 * index) % 256), count: 3) }
    }
    #expect(try !sentences(scratch).inspection.contains { $0.contains("colour") })
    #expect(try sentences(scratch).reading.isEmpty)
  }

  /// A slice of noise from 0 to 100, of which `count` voxels are 30000.
  private func slice(_ name: String, bright count: Int, in scratch: ImageScratch) throws {
    try scratch.noise(name, seed: UInt64(name.utf8.count), height: 32, width: 32)
    var slice = try ImageFile.read(scratch.path(name))
    for place in 0..<count { slice.pixels[place] = 30000 }
    try ImageFile.writeNIfTI(slice, to: scratch.path(name))
  }

  @Test func aFewVoxelsThatTakeTheRangeAreSaid() throws {
    let scratch = try ImageScratch()
    try slice("A/one.nii", bright: 1, in: scratch)
    try slice("A/usual.nii", bright: 0, in: scratch)
    for found in [try sentences(scratch).inspection, try sentences(scratch).reading] {
      let sentence = try #require(found.first { $0.contains("range") }, "\(found)")
      #expect(sentence.hasPrefix("1 of 2 images in which a few voxels take most of the range"), "\(sentence)")
      // 100 of 30000 is a third of a percent.
      #expect(sentence.contains("99 % of the voxels of A/one.nii lie in 0.4 % of it"), "\(sentence)")
      #expect(sentence.contains("--range 0%..99.9%") && sentence.contains("-160..240"), "\(sentence)")
    }
  }

  /// Eight voxels of 1024 are beyond the percentiles 0.5 and 99.5; the range that is named leaves them out.
  @Test(arguments: [1, 4, 8, 10]) func theRangeThatIsNamedCures(count: Int) throws {
    let scratch = try ImageScratch()
    try slice("A/bright.nii", bright: count, in: scratch)
    let cohort = try Cohort.load(scratch.url)
    let sentence = try #require(CohortReader().read(cohort.images).notes.first)
    let named = try #require(sentence.firstMatch(of: /--range (\S+) for percentiles/)).output.1
    let limits = try #require(IntensityLimits(String(named)))
    #expect(try CohortReader(preprocessing: Preprocessing(range: limits)).read(cohort.images).notes.isEmpty)
  }

  @Test func twoPercentOfTheVoxelsAreNotAFew() throws {
    let scratch = try ImageScratch()
    try slice("A/bright.nii", bright: 21, in: scratch)
    #expect(try sentences(scratch).reading.isEmpty)
  }
}
