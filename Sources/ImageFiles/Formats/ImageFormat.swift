import Files
import Foundation

/// A kind of image file: how it is told, and what reads it. `all` is the table of those that are read.
package struct ImageFormat: Sendable {
  typealias Opened = (header: ImageHeader, slice: Slice?)

  /// As sentences name it, such as `PNG`.
  package let name: String
  /// In lower case, with the dot.
  let suffixes: [String]
  /// What files begin with, any one of these; empty where the start does not tell.
  var magic: [[UInt8]] = []
  /// Whether it is a picture without a place in space, which may be a preview of an image that has one.
  var isPicture = false
  /// Reads what the file says about its image; pixels are neither read nor counted.
  let header: @Sendable (ImageSource) throws -> ImageHeader
  /// Reads both from one pass over the file; no slice of a volume of which none is chosen.
  let open: @Sendable (ImageSource, SliceSelection?) throws -> Opened
  /// Reads a 2D image, or the chosen slice of a volume.
  let slice: @Sendable (ImageSource, SliceSelection?) throws -> Slice

  /// The kinds that are read, those first whose suffixes are longer where two end alike.
  static let all: [ImageFormat] = [
    ImageFormat(
      name: "NIfTI", suffixes: [".nii.gz", ".nii"], header: VolumeReader.header, open: VolumeReader.open,
      slice: VolumeReader.slice),
    ImageFormat(
      name: "NIfTI or ANALYZE pair", suffixes: [".hdr", ".img"], header: VolumeReader.header, open: VolumeReader.open,
      slice: VolumeReader.slice),
    ImageFormat(
      name: "MGH", suffixes: [".mgh", ".mgz"], header: VolumeReader.header, open: VolumeReader.open,
      slice: VolumeReader.slice),
    picture("PNG", [".png"], magic: [[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]], PNG.decode),
    picture("JPEG", [".jpg", ".jpeg", ".jpe", ".jfif"], magic: [[0xFF, 0xD8, 0xFF]], JPEG.decode),
    picture(
      "TIFF", [".tif", ".tiff"],
      magic: [[0x49, 0x49, 42, 0], [0x4D, 0x4D, 0, 42], [0x49, 0x49, 43, 0], [0x4D, 0x4D, 0, 43]], TIFF.decode),
  ]

  /// A kind whose every file is one 2D image.
  private static func picture(
    _ name: String, _ suffixes: [String], magic: [[UInt8]],
    _ decode: @escaping @Sendable (_ bytes: [UInt8], _ path: String, _ headerOnly: Bool) throws -> DecodedPicture
  ) -> ImageFormat {
    @Sendable func decoded(_ source: ImageSource, headerOnly: Bool) throws -> DecodedPicture {
      let bytes = try source.bytes(limit: DecodedPicture.limit)
      try refuse(other: name, bytes, path: source.path)
      return try decode(bytes, source.path, headerOnly)
    }
    return ImageFormat(
      name: name, suffixes: suffixes, magic: magic, isPicture: true,
      header: { try decoded($0, headerOnly: true).header },
      open: { source, _ in
        let picture = try decoded(source, headerOnly: false)
        return (picture.header, try picture.slice(path: source.path))
      },
      slice: { source, _ in try decoded(source, headerOnly: false).slice(path: source.path) })
  }

  /// The row of a file's name and the suffix that it has; nil if it is not one of an image.
  package static func of(_ name: String) -> (suffix: String, format: ImageFormat)? {
    let name = name.lowercased()
    for format in all {
      if let suffix = format.suffixes.first(where: { name.hasSuffix($0) && name.count > $0.count }) {
        return (suffix, format)
      }
    }
    return nil
  }

  /// Refuses a file that begins as one of another kind.
  private static func refuse(other name: String, _ bytes: [UInt8], path: String) throws {
    if let other = all.first(where: { $0.name != name && $0.magic.contains { bytes.starts(with: $0) } }) {
      throw ImagingError.unreadable(
        path: path, reason: "it is a \(other.name) file, whatever its name says",
        remedy: "rename it to end in \(other.suffixes[0])")
    }
    if let other = UnreadFormat.all.first(where: { $0.matches(bytes) }) {
      throw ImagingError.unreadable(
        path: path, reason: "it is a \(other.name) file, whatever its name says, and such files are not read",
        remedy: other.remedy)
    }
  }

  /// All suffixes for the remedy of an error.
  package static let suffixList = ".nii, .nii.gz, .hdr/.img, .mgh, .mgz, .png, .jpg or .tif"
}
