import Cohorts
import Foundation
import ImageFiles
import ImageSets
import TestFiles
import Testing

/// How many channels a cohort gets, and what is done to them.
@Suite struct ColourReadingTests {
  private static let colours: [UInt8] = [10, 20, 30, 110, 60, 10, 10, 10, 10, 35, 35, 60]

  private func slice(_ pixels: [UInt8] = colours) -> Slice {
    Slice(height: 2, width: 2, channels: 3, pixels: pixels.map(Float.init), frame: .unoriented())
  }

  /// Two classes: A in colour, B grey (stored as such, and as equal components).
  private func mixed() throws -> (scratch: ImageScratch, cohort: Cohort) {
    let scratch = try ImageScratch()
    try scratch.folder("A")
    try scratch.folder("B")
    for index in 0..<2 {
      var pixels = Self.colours
      pixels[0] = UInt8(index)
      try ImageFile.writePNG(pixels, width: 2, height: 2, channels: 3, to: scratch.path("A/c\(index).png"))
    }
    try ImageFile.writePNG(grey: [0, 51, 102, 255], width: 2, height: 2, to: scratch.path("B/g0.png"))
    try ImageFile.writePNG(
      [0, 51, 102, 204].flatMap { [$0, $0, $0] }, width: 2, height: 2, channels: 3, to: scratch.path("B/g1.png"))
    return (scratch, try Cohort.load(scratch.url))
  }

  @Test func luminanceIsThatOfBT601() {
    #expect(slice().luminance.pixels == [18.15, 69.25, 10, 37.85])
    #expect(slice().luminance.luminance.pixels == slice().luminance.pixels)
    let grey = Slice(height: 1, width: 2, pixels: [3, 7], frame: .unoriented())
    #expect(grey.withChannels(3).pixels == [3, 3, 3, 7, 7, 7] && grey.withChannels(3).luminance.pixels == [3, 7])
  }

  /// The least of all values is 10 and the greatest 110, whatever the channel.
  @Test func channelsShareOneRange() throws {
    let scaled = try Preprocessing().apply(slice())
    let expected: [Float] = [0, 0.1, 0.2, 1, 0.5, 0, 0, 0, 0, 0.25, 0.25, 0.5]
    #expect(zip(scaled.pixels, expected).allSatisfy { abs($0 - $1) < 1e-6 } && scaled.channels == 3)
    // Twelve values in order: 10 five times, 20, 30, 35, 35, 60, 60, 110. Half-way lie 20 and 30.
    let middle = try Preprocessing(range: .percentiles(0, 50)).apply(slice())
    #expect(abs(middle[0, 0, 1] - 10 / 15.0) < 1e-6 && middle[1, 1, 0] == 1, "\(middle.pixels)")
    let window = try Preprocessing(range: .window(0, 100)).apply(slice())
    #expect(window.pixels[..<5] == [0.1, 0.2, 0.3, 1, 0.6])
  }

  @Test func sizesChangeEveryChannelAlike() {
    let pixels = (0..<60).map { Float($0 * 37 % 101) }
    let colour = Slice(height: 4, width: 5, channels: 3, pixels: pixels, frame: .unoriented())
    func plane(_ slice: Slice, _ channel: Int) -> [Float] {
      stride(from: channel, to: slice.pixels.count, by: 3).map { slice.pixels[$0] }
    }
    for size in [ImageSize(height: 3, width: 7), ImageSize(height: 9, width: 2), ImageSize(height: 4, width: 5)] {
      for channel in 0..<3 {
        let alone = Slice(height: 4, width: 5, pixels: plane(colour, channel), frame: .unoriented())
        #expect(plane(colour.resized(to: size), channel) == alone.resized(to: size).pixels)
        #expect(
          plane(colour.croppedOrPadded(to: size, padding: 9), channel)
            == alone.croppedOrPadded(to: size, padding: 9).pixels)
      }
    }
  }

  @Test func oneColourImageMakesThreeChannelsOfAll() throws {
    let (scratch, cohort) = try mixed()
    defer { withExtendedLifetime(scratch) {} }
    let set = try CohortReader(preprocessing: Preprocessing(range: .window(0, 255))).read(cohort.images)
    #expect(set.channels == 3 && set.pixels.count == 4 * 12)
    #expect(set.slice(0).pixels == ([0] + Self.colours.dropFirst()).map { Float($0) / 255 })
    #expect(set.slice(2).pixels == [0, 0, 0, 0.2, 0.2, 0.2, 0.4, 0.4, 0.4, 1, 1, 1])
    let note = try #require(set.notes.first)
    #expect(note.hasPrefix("2 of 4 images in colour (A/c0.png and A/c1.png)") && set.notes.count == 1, "\(note)")
    #expect(note.contains("read in colour (3 channels), the 2 grey ones repeated"), "\(note)")
    #expect(note.contains("not the same in every class"), "\(note)")
    let inspection = try CohortInspection(of: cohort)
    #expect(inspection.warnings.contains(note) && inspection.groups[0].dataTypes.map(\.value) == ["uint8"])
  }

  @Test func greyAndRGBCanBeAskedFor() throws {
    let (scratch, cohort) = try mixed()
    defer { withExtendedLifetime(scratch) {} }
    let whole = Preprocessing(range: .window(0, 255), colour: .grey)
    let grey = try CohortReader(preprocessing: whole).read(cohort.images)
    let luminance = Float((299 + 587 * 20 + 114 * 30) / 1000.0 / 255)
    #expect(grey.channels == 1 && abs(grey.slice(1).pixels[0] - luminance) < 1e-6)
    #expect(grey.notes.first?.contains("only the luminance is taken") == true, "\(grey.notes)")
    let greys = cohort.images(of: "B")
    let auto = try CohortReader().read(greys)
    #expect(auto.channels == 1 && auto.notes.isEmpty)
    let forced = try CohortReader(preprocessing: Preprocessing(colour: .rgb)).read(greys)
    #expect(forced.channels == 3 && forced.notes == ["all 2 images grey, repeated over 3 channels"])
    #expect(forced.slice(0).plane(1) == auto.slice(0).pixels)
    let colours = try CohortReader().read(cohort.images(of: "A"))
    #expect(
      colours.notes == ["all 2 images in colour (A/c0.png and A/c1.png), read in colour (3 channels)"],
      "\(colours.notes)")
  }

  /// Copies in another hue are no copies.
  @Test func copiesAreOfAllChannels() throws {
    let scratch = try ImageScratch()
    try scratch.folder("A")
    for (index, order) in [[0, 1, 2], [2, 1, 0], [0, 1, 2]].enumerated() {
      let pixels = stride(from: 0, to: 12, by: 3).flatMap { pixel in order.map { Self.colours[pixel + $0] } }
      try ImageFile.writePNG(pixels, width: 2, height: 2, channels: 3, to: scratch.path("A/\(index).png"))
    }
    let cohort = try Cohort.load(scratch.url)
    #expect(try CohortReader().read(cohort.images).copies() == [[0, 2]])
    #expect(try CohortInspection(of: cohort).duplicates.map(\.paths) == [["A/0.png", "A/2.png"]])
  }

  /// A model of one channel says nothing of colours, as before there were any.
  @Test func onlyAChoiceIsRecorded() throws {
    func text(_ preprocessing: Preprocessing) throws -> String {
      String(decoding: try JSONEncoder().encode(preprocessing), as: UTF8.self)
    }
    #expect(try !text(Preprocessing()).contains("colour"))
    for colour in Preprocessing.Colour.allCases {
      let chosen = Preprocessing(range: .window(0, 9), size: ImageSize(height: 3, width: 4), colour: colour)
      #expect(try JSONDecoder().decode(Preprocessing.self, from: Data(text(chosen).utf8)) == chosen)
    }
  }

  @Test func coloursAreWrittenFrom0To255() throws {
    for range in [IntensityLimits.extremes, .percentiles(1, 99), .window(-5, 300)] {
      let preprocessing = Preprocessing(range: range)
      #expect(preprocessing.written([0, 0.5, 1], channels: 3) == [0, 127.5, 255])
      let again = preprocessing.ofWritten(channels: 3)
      #expect(again.range == (range == .window(-5, 300) ? .window(0, 255) : .extremes))
    }
  }
}

extension Slice {
  /// One channel by itself.
  fileprivate func plane(_ channel: Int) -> [Float] {
    stride(from: channel, to: pixels.count, by: channels).map { pixels[$0] }
  }
}
