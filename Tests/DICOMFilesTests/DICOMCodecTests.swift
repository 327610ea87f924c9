import DICOMFiles
import Files
import Foundation
import ImageFiles
import TestFiles
import Testing

/// Compressed images. The streams were made for these tests, with OpenJPEG 2.5, CharLS and libjpeg, of images that a
/// formula gives.
@Suite struct DICOMCodecTests {
  struct Stream: Sendable, CustomStringConvertible {
    var description: String
    var syntax: String
    var base64: String
    var height: Int
    var width: Int
    var samples = 1
    var photometric = "MONOCHROME2"
    var bits = 16
    var tolerance: Float = 0
    /// Of row, column and channel.
    var value: @Sendable (Int, Int, Int) -> Float

    var bytes: [UInt8] { Array(Data(base64Encoded: base64)!) }

    func file(_ stream: [UInt8]? = nil) -> DICOMBytes {
      var file = DICOMBytes(
        rows: height, columns: width, pixels: [], bits: bits, stored: bits == 16 ? 12 : 8, photometric: photometric,
        samples: samples)
      file.transferSyntax = syntax
      file.set(0x7FE0, 0x0010, "OB", .fragments([stream ?? bytes]))
      return file
    }
  }

  private static let noise: @Sendable (Int, Int, Int) -> Float = { row, column, _ in
    let place = 8 * row + column
    return Float((7 * place * place + 13 * place) % 4096)
  }
  private static let hues: @Sendable (Int, Int, Int) -> Float = { row, column, channel in
    Float([10 * column + 40, 12 * row + 30, 255 - 6 * (column + row)][channel])
  }

  static let streams = [
    Stream(
      description: "lossless JPEG", syntax: "1.2.840.10008.1.2.4.70",
      base64: """
        /9j/wwALEAAGAAgBAREA/8QAHAAAAgIDAQEAAAAAAAAAAAAACQoGCAcLDAUQ/9oACAEBAAEAAPvUkUwn2TMtZoYosJZK0FrreXKuxtqL6ECIgR4lhOik\
        aScshcjAGOM4ao3HZUHU4eE+B/mDGGmKJRxIbKTMDNzPjRTTH//Z
        """, height: 6, width: 8, value: noise),
    Stream(
      description: "lossless JPEG-LS", syntax: "1.2.840.10008.1.2.4.80",
      base64: """
        /9j/9wALEAAGAAgBAREA//gADQH//wASAEMBFABA/9oACAEBAAAAAKE8Q4ux7krV8z0UKEUizyrleLJWwOofJ/yGEZJMTNo5tjOCb04JwTetycAFUPUA\
        Ie21bFrdScEKADaFKLeF52VmhymA/9k=
        """, height: 6, width: 8, value: noise),
    Stream(
      description: "lossless JPEG 2000", syntax: "1.2.840.10008.1.2.4.90",
      base64: """
        /0//UQApAAAAAAAgAAAAIAAAAAAAAAAAAAAAIAAAACAAAAAAAAAAAAABCwEB/1IADAAAAAEABQQEAAH/XAATQGBoaHBoaHBoaHBoaHBoaHD/ZAAlAAFD\
        cmVhdGVkIGJ5IE9wZW5KUEVHIHZlcnNpb24gMi41LjL/kAAKAAAAAABoAAH/k8/kCAWPwH2gUfyBAAMzAtnAPqA4fsCADQCZCzxjWcAfODg/MFAiGdcD\
        f7QwGcAPkCQPwCg2oZrHPaY0WxDcsWirj8AHwiQH2hpfp8eJnawpQQYbDgGEgR6cP//Z
        """, height: 32, width: 32, value: { row, column, _ in Float(70 * row + 5 * column) }),
    Stream(
      description: "JPEG 2000 in boxes, colours", syntax: "1.2.840.10008.1.2.4.90",
      base64: """
        AAAADGpQICANCocKAAAAFGZ0eXBqcDIgAAAAAGpwMiAAAAAtanAyaAAAABZpaGRyAAAAIAAAACAAAwcHAAAAAAAPY29scgEAAAAAABAAAAGPanAyY/9P\
        /1EALwAAAAAAIAAAACAAAAAAAAAAAAAAACAAAAAgAAAAAAAAAAAAAwcBAQcBAQcBAf9SAAwAAAABAQUEBAAB/1wAE0BASEhQSEhQSEhQSEhQSEhQ/2QA\
        JQABQ3JlYXRlZCBieSBPcGVuSlBFRyB2ZXJzaW9uIDIuNS4y/5AACgAAAAABCAAB/5PH1AQFy8+0CACDw+cCBMPqAYfUAgQEz8AIBw/H2gU/ABAF3wTB\
        84KD5wYNAws+f8faBgAOCobD6gOPtAwOCdALPn/A+QHA+QHACIAiGg8Df+cVf8PqBQAhbgZdf8Hzg4fUBiFt1QN/68B8JUB8JMAKgDajJcppWqH56p89\
        pjPrcUbUTw0Lzu2Ihermv8HzhwA19ZeuY6NfwPkCQfOFADX1mMc9pjRgf8A6pAOoQArgXlQc5/LFG7flfqgF0DBy/bZh1EedrCly/NPdO9PqZHrwWTPX\
        FC9CHTaURuCk9/yBl3/A+QKAXvvFiLfAfCJAfCKAXvvFiZ2sKV2f/9k=
        """, height: 32, width: 32, samples: 3, photometric: "YBR_RCT", bits: 8,
      value: { row, column, channel in Float([7 * row, 5 * column + 3, 200 - 3 * column][channel]) }),
    Stream(
      description: "JPEG, colours", syntax: "1.2.840.10008.1.2.4.50",
      base64: """
        /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoKCgoKBggLDAsKDAkK\
        Cgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgr/wAARCAAQABADAREAAhEB\
        AxEB/8QAFQABAQAAAAAAAAAAAAAAAAAABwj/xAAZEAABBQAAAAAAAAAAAAAAAAAABgckMqL/xAAXAQEBAQEAAAAAAAAAAAAAAAAICQYH/8QAGBEAAwEB\
        AAAAAAAAAAAAAAAAAAYiMgf/2gAMAwEAAhEDEQA/AJjSrF1h5KMNb/qzLprVmhKSrF1h5DS1dA1YsE1qzRQKVYusPJzZr6BqyXya05oSkqxdYeQ0tb/q\
        xYJrTmj/2Q==
        """, height: 16, width: 16, samples: 3, photometric: "YBR_FULL", bits: 8, tolerance: 4, value: hues),
    Stream(
      description: "JPEG, subsampled colours", syntax: "1.2.840.10008.1.2.4.50",
      base64: """
        /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoKCgoKBggLDAsKDAkK\
        Cgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgr/wAARCAAQABADASEAAhEB\
        AxEB/8QAFQABAQAAAAAAAAAAAAAAAAAABwj/xAAZEAABBQAAAAAAAAAAAAAAAAAABgckMqL/xAAVAQEBAAAAAAAAAAAAAAAAAAAIBv/EABwRAAICAgMA\
        AAAAAAAAAAAAAAAHBiIzUQMhMv/aAAwDAQACEQMRAD8AmNKsXWHkSkqxdYeRmtWf9clywTcqx20UClWLrDyJSVYusPIIGqwPdw3JuU47aP/Z
        """, height: 16, width: 16, samples: 3, photometric: "YBR_FULL_422", bits: 8, tolerance: 9, value: hues),
  ]

  @Test(arguments: streams) func streamsAreDecoded(stream: Stream) throws {
    let slice = try DICOMImage(bytes: stream.file().bytes(), path: "x").stored
    try #require(slice.channels == stream.samples && slice.height == stream.height && slice.width == stream.width)
    var worst: Float = 0
    for row in 0..<slice.height {
      for column in 0..<slice.width {
        for channel in 0..<slice.channels {
          worst = max(worst, abs(slice[row, column, channel] - stream.value(row, column, channel)))
        }
      }
    }
    #expect(worst <= stream.tolerance)
    // In several pieces.
    let middle = stream.bytes.count / 4 * 2
    var pieces = stream.file()
    pieces.set(
      0x7FE0, 0x0010, "OB", .fragments([Array(stream.bytes[..<middle]), Array(stream.bytes[middle...])]))
    #expect(try DICOMImage(bytes: pieces.bytes(), path: "x").stored == slice)
  }

  /// A codec would write past the end of an image that is smaller than the stream says.
  @Test(arguments: streams) func streamsOfAnotherShapeAreRefused(stream: Stream) throws {
    for (rows, columns) in [(stream.height - 1, stream.width), (stream.height, stream.width + 1)] {
      var file = stream.file()
      file.set(0x0028, 0x0010, [rows])
      file.set(0x0028, 0x0011, [columns])
      expectError("\(stream.height) x \(stream.width)", "\(rows) x \(columns)") {
        _ = try DICOMImage(bytes: file.bytes(), path: "x")
      }
    }
    var file = stream.file()
    file.set(0x0028, 0x0002, [4 - stream.samples])
    file.set(0x0028, 0x0004, "CS", stream.samples == 1 ? "RGB" : "MONOCHROME2")
    expectError("samples") { _ = try DICOMImage(bytes: file.bytes(), path: "x") }
  }

  /// The library ends its process by an assertion on some of these; ours goes on.
  @Test(arguments: streams) func damagedStreamsAreSurvived(stream: Stream) throws {
    var refused = 0
    for place in stride(from: 2, to: stream.bytes.count, by: max(1, stream.bytes.count / 24)) {
      for value in [UInt8(0), 0xFF] {
        var bytes = stream.bytes
        bytes[place] = value
        do { _ = try DICOMImage(bytes: stream.file(bytes).bytes(), path: "x") } catch is ImagingError { refused += 1 }
      }
      do {
        _ = try DICOMImage(bytes: stream.file(Array(stream.bytes.prefix(place))).bytes(), path: "x")
      } catch is ImagingError { refused += 1 }
    }
    #expect(refused > 4)
  }

  /// An image of 256 MiB in 100 bytes is refused before any of it is there.
  @Test func nothingLargeIsMadeOfNothing() throws {
    var stream = Self.streams[1].bytes
    stream.replaceSubrange(7..<11, with: [0x40, 0, 0x40, 0])
    var file = Self.streams[1].file(stream)
    file.set(0x0028, 0x0010, [16384])
    file.set(0x0028, 0x0011, [16384])
    expectError("110 bytes cannot hold an image of 16384 x 16384") {
      _ = try DICOMImage(bytes: file.bytes(), path: "x")
    }
    file.transferSyntax = "1.2.840.10008.1.2.5"
    file.set(0x7FE0, 0x0010, "OB", .fragments([[2, 0, 0, 0, 64, 0, 0, 0, 65] + [UInt8](repeating: 0, count: 99_999)]))
    expectError("segments") { _ = try DICOMImage(bytes: file.bytes(), path: "x") }
  }
}
