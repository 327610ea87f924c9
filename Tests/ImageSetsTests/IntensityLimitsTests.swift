import Foundation
import ImageFiles
import ImageSets
import TestFiles
import Testing

/// What becomes 0 and 1: minimum and maximum, percentiles, or a window.
@Suite struct IntensityLimitsTests {
  private func applied(_ range: String, _ pixels: [Float]) throws -> [Float] {
    let limits = try #require(IntensityLimits(range))
    let slice = Slice(height: 1, width: pixels.count, pixels: pixels, frame: .axial(height: 1, width: pixels.count))
    return try Preprocessing(range: limits).apply(slice, from: URL(filePath: "/x/a.nii")).pixels
  }

  private func expectClose(_ a: [Float], _ b: [Double], location: SourceLocation = #_sourceLocation) {
    #expect(a.count == b.count, sourceLocation: location)
    for (x, y) in zip(a, b) { #expect(abs(Double(x) - y) < 1e-6, "\(a) \(b)", sourceLocation: location) }
  }

  /// Reference: numpy.percentile of numpy 2, whose default interpolates linearly.
  @Test func percentilesAreInterpolated() throws {
    // numpy.percentile([16, 1, 8, 2, 4], [10, 90]) = 1.4, 12.8; the nearest ranks would be 1 and 16.
    expectClose(
      try applied("10%..90%", [16, 1, 8, 2, 4]), [1, 0, 6.6 / 11.4, 0.6 / 11.4, 2.6 / 11.4])
    // numpy.percentile(..., [25, 75]) = 2, 8: places that are whole.
    expectClose(try applied("25%..75%", [16, 1, 8, 2, 4]), [1, 0, 1, 0, 1.0 / 3])
    // numpy.percentile([0, 10, 20, 30], [0.5, 99.5]) = 0.15, 29.85.
    expectClose(try applied("0.5%..99.5%", [0, 10, 20, 30]), [0, 9.85 / 29.7, 19.85 / 29.7, 1])
    expectClose(try applied("0%..100%", [3, 5, 4]), [0, 1, 0.5])
  }

  @Test func aWindowIsTheSameForAllAndClips() throws {
    expectClose(try applied("-160..240", [-1000, -160, 40, 240, 30000]), [0, 0, 0.5, 1, 1])
    expectClose(try applied("-160..240", [0, 80]), [0.4, 0.6])
    expectClose(try applied("min-max", [0, 80]), [0, 1])
  }

  @Test func whatBecomesOneValueIsRefused() throws {
    for (range, pixels) in [
      ("10..20", [0, 5, 10]), ("10..20", [20, 25, 30]), ("1%..99%", [Float](repeating: 7, count: 500) + [9]),
    ] as [(String, [Float])] {
      expectError("/x/a.nii", range, "all of which become one", "wider range") { _ = try applied(range, pixels) }
    }
    expectError("all pixels of /x/a.nii are 3") { _ = try applied("0..10", [3, 3]) }
  }

  @Test(arguments: ["min-max", "0.5%..99.5%", "0%..100%", "-160..240", "-1000..-200", "0.25..1e+20"])
  func theTextReadsBack(text: String) throws {
    let limits = try #require(IntensityLimits(text))
    #expect(limits.description == text)
    #expect(try JSONDecoder().decode(IntensityLimits.self, from: JSONEncoder().encode(limits)) == limits)
  }

  @Test(arguments: [
    "240..-160", "5..5", "abc", "", "..", "1..", "..2", "0.5..99.5%", "0.5%..99.5", "-1%..99%", "1%..101%", "99%..1%",
    "nan..1", "0..inf", "0..1e999", "0..1e39", "0x1..0x2", "1 .. 2", "1..2..3",
  ])
  func otherTextsAreNone(text: String) { #expect(IntensityLimits(text) == nil) }

  @Test func modelsOfEarlierVersionsHadTheExtremes() throws {
    let old = Data(#"{"fit":"resize","intensity":"min-max","size":{"height":4,"width":5}}"#.utf8)
    #expect(
      try JSONDecoder().decode(Preprocessing.self, from: old)
        == Preprocessing(size: ImageSize(height: 4, width: 5), fit: .resize))
    let new = Preprocessing(range: .window(-160, 240))
    #expect(try JSONDecoder().decode(Preprocessing.self, from: JSONEncoder().encode(new)) == new)
  }

  /// A written image goes beside the originals, and is prepared as they are.
  @Test func aWindowIsWrittenInItsUnits() throws {
    let window = Preprocessing(range: .window(-160, 240))
    #expect(window.written([0, 0.5, 1]) == [-160, 40, 240] && window.ofWritten() == window)
    let percentiles = Preprocessing(range: .percentiles(1, 99))
    #expect(percentiles.written([0, 0.5, 1]) == [0, 0.5, 1] && percentiles.ofWritten() == Preprocessing())
  }
}
