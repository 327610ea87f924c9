import Files
import Foundation
import ImageFiles
import TestFiles
import Testing

/// JPEG files come in as libjpeg decodes them; damage and what is not read are refused.
@Suite struct JPEGReadingTests {
  /// 8 x 8 pixels each, made with Pillow 13.0.0 of slopes; expected values are Pillow's.
  struct Example: CustomStringConvertible, Sendable {
    var description: String
    var channels: Int
    /// The first and the last pixel.
    var ends: [Float]
    var sum: Float
    var base64: String
  }

  static let examples: [Example] = [
    Example(
      description: "grey, baseline", channels: 1, ends: [20, 181], sum: 6416,
      base64: "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAYEBQYFBAYGBQYHBwYIChAKCgkJChQODwwQFxQYGBcUFhYaHSUfGhsjHBYWICwg"
        + "IyYnKSopGR8tMC0oMCUoKSj/wAALCAAIAAgBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAABv/EABkQAAEFAAAAAAAAAAAAAAAA"
        + "AAAEByEzUf/aAAgBAQAAPwA00iSmMP/Z"),
    Example(
      description: "colour, 4:2:0", channels: 3, ends: [36, 191, 27, 165, 108, 101], sum: 19211,
      base64: "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAYEBQYFBAYGBQYHBwYIChAKCgkJChQODwwQFxQYGBcUFhYaHSUfGhsjHBYWICwg"
        + "IyYnKSopGR8tMC0oMCUoKSj/2wBDAQcHBwoIChMKChMoGhYaKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgo"
        + "KCgoKCgoKCgoKCgoKCj/wAARCAAIAAgDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAP/xAAZEAEAAgMAAAAAAAAA"
        + "AAAAAAAABAUREiH/xAAVAQEBAAAAAAAAAAAAAAAAAAAEBf/EABsRAAEFAQEAAAAAAAAAAAAAAAEAAgMEBRIh/9oADAMBAAIR"
        + "AxEAPwCFdP2x0BEr50EjOnBNxKsYqjxf/9k="),
    Example(
      description: "colour, 4:4:4, progressive", channels: 3, ends: [19, 202, 26, 180, 94, 121], sum: 19334,
      base64: "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAUDBAQEAwUEBAQFBQUGBwwIBwcHBw8LCwkMEQ8SEhEPERETFhwXExQaFRERGCEY"
        + "Gh0dHx8fExciJCIeJBweHx7/2wBDAQUFBQcGBw4ICA4eFBEUHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4e"
        + "Hh4eHh4eHh4eHh4eHh7/wgARCAAIAAgDAREAAhEBAxEB/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABUBAQEAAAAAAAAAAAAA"
        + "AAAAAAQF/9oADAMBAAIQAxAAAAE4Av/EABUQAQEAAAAAAAAAAAAAAAAAAAMA/9oACAEBAAEFAiS//8QAFxEAAwEAAAAAAAAA"
        + "AAAAAAAAAAQFMf/aAAgBAwEBPwGUth//xAAXEQADAQAAAAAAAAAAAAAAAAAAAgQS/9oACAECAQE/AUk2f//EABQQAQAAAAAA"
        + "AAAAAAAAAAAAAAD/2gAIAQEABj8Cf//EABYQAAMAAAAAAAAAAAAAAAAAAAARQf/aAAgBAQABPyF9P//aAAwDAQACAAMAAAAQ"
        + "H//EABYRAAMAAAAAAAAAAAAAAAAAAAARMf/aAAgBAwEBPxBMH//EABURAQEAAAAAAAAAAAAAAAAAAABR/9oACAECAQE/EJ3/"
        + "xAAVEAEBAAAAAAAAAAAAAAAAAAAAIf/aAAgBAQABPxCY/9k="),
    Example(
      description: "colour as red, green and blue", channels: 3, ends: [20, 200, 28, 181, 95, 127], sum: 19335,
      base64: "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwAFAwQEBAMFBAQEBQUFBgcMCAcHBwcPCwsJDBEPEhIRDxERExYcFxMUGhURERghGBod"
        + "HR8fHxMXIiQiHiQcHh8e/8AAEQgACAAIA1IRAEcRAEIRAP/EABYAAAMAAAAAAAAAAAAAAAAAAAUGB//EACMQAAADBgcAAAAA"
        + "AAAAAAAAAAAGEgQFBxEVISIjMjRRYaH/2gAMA1IARwBCAAA/AFOArDt7cA+/jdqzfRCSoX6qjAqfQ//Z"),
    Example(
      description: "grey, progressive", channels: 1, ends: [21, 181], sum: 6444,
      base64: "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQ"
        + "ERMUFRUVDA8XGBYUGBIUFRT/wgALCAAIAAgBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAABv/aAAgBAQAAAAE1/8QAFhAAAwAA"
        + "AAAAAAAAAAAAAAAAAAMG/9oACAEBAAEFApJJ/8QAFRABAQAAAAAAAAAAAAAAAAAAAAL/2gAIAQEABj8Ch//EABUQAQEAAAAA"
        + "AAAAAAAAAAAAAABR/9oACAEBAAE/IZn/2gAIAQEAAAAQ/wD/xAAVEAEBAAAAAAAAAAAAAAAAAAAAof/aAAgBAQABPxCM/9k="),
  ]

  private func read(_ bytes: [UInt8]) throws -> Slice { try ImageFile.read(bytes, name: "x.jpg") }

  @Test(arguments: examples) func reading(example: Example) throws {
    let slice = try read(Array(try #require(Data(base64Encoded: example.base64))))
    #expect((slice.height, slice.width, slice.channels) == (8, 8, example.channels))
    #expect(slice.pixels.prefix(example.channels) + slice.pixels.suffix(example.channels) == example.ends)
    #expect(slice.pixels.reduce(0, +) == example.sum)
  }

  @Test(arguments: examples) func everyCutIsNoticed(example: Example) throws {
    let whole = Array(try #require(Data(base64Encoded: example.base64)))
    for length in 0..<whole.count {
      let error = #expect(throws: ImagingError.self, "\(length) bytes") { try read(Array(whole.prefix(length))) }
      #expect(error?.description.contains("x.jpg") == true && error?.description.contains("\n") == false)
    }
  }

  @Test func inksAndOtherPrecisionsAreRefused() throws {
    let cmyk =
      "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwAbEhQXFBEbFxYXHhwbIChCKyglJShROj0wQmBVZWRfVV1baniZgWpxkHNbXYW1hpCe"
      + "o6utq2eAvMm6pseZqKuk/8AAFAgACAAIBEMRAE0RAFkRAEsRAP/EABcAAAMBAAAAAAAAAAAAAAAAAAMEBQb/xAAcEAACAAcA"
      + "AAAAAAAAAAAAAAAAAwIEBRMxQWH/2gAOBEMATQBZAEsAAD8AXpcGAzZnpJQm5o0x/9k="
    expectError("stores inks (CMYK)", "mogrify -colorspace sRGB") {
      _ = try read(Array(try #require(Data(base64Encoded: cmyk))))
    }
    var twelve = Array(try #require(Data(base64Encoded: Self.examples[0].base64)))
    let frame = try #require(twelve.indices.dropLast().first { twelve[$0] == 0xFF && twelve[$0 + 1] == 0xC0 })
    twelve[frame + 4] = 12
    expectError("a JPEG of 12 bits a sample") { _ = try read(twelve) }
    var lossless = twelve
    lossless[frame + 1] = 0xC3
    expectError("not a sound JPEG", "SOF") { _ = try read(lossless) }
  }

  @Test func surplusDataAreDamage() throws {
    var bytes = Array(try #require(Data(base64Encoded: Self.examples[0].base64)))
    bytes.insert(contentsOf: [UInt8](repeating: 0x5A, count: 40), at: bytes.count - 2)
    expectError("not a sound JPEG", "extraneous") { _ = try read(bytes) }
    // What follows the end mark, as some cameras write, is no part of the image.
    let whole = Array(try #require(Data(base64Encoded: Self.examples[0].base64)))
    #expect(try read(whole + [1, 2, 3]).pixels == read(whole).pixels)
  }

  @Test func sizesBeyondTheFileAreRefusedBeforeMemoryIsTaken() throws {
    var bytes = Array(try #require(Data(base64Encoded: Self.examples[0].base64)))
    let frame = try #require(bytes.indices.dropLast().first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC0 })
    bytes.replaceSubrange(frame + 5..<frame + 9, with: [0x40, 0, 0x40, 0])
    expectError("not a sound JPEG", "cut short") { _ = try read(bytes) }
    bytes.replaceSubrange(frame + 5..<frame + 9, with: [0xC0, 0, 0, 1])
    expectError("not a sound JPEG", "over 32768") { _ = try read(bytes) }
  }
}
