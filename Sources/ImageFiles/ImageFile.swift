import Files
import Foundation

/// Reads and writes image files of any supported kind, told apart by suffix (in either case).
///
/// | suffix | read | written |
/// |---|---|---|
/// | `.nii`, `.nii.gz` | NIfTI-1 and 2, every integer and float type, RGB24, RGBA32 | float32; colour as RGB24 |
/// | `.hdr` with `.img` | NIfTI pairs and ANALYZE 7.5 | no |
/// | `.mgh`, `.mgz` | FreeSurfer's volumes: uchar, int, float, short | no |
/// | `.png` | 8 and 16 bits, grey, palette or colour | 8 and 16 bits, grey or colour |
/// | `.jpg`, `.jpeg` | 8 bits, grey or colour, baseline or progressive | quality 95, colours at full resolution |
/// | `.tif`, `.tiff` | one page of 1 to 16 bits or float32, grey, palette or colour | 8 and 16 bits, grey or colour |
///
/// `ImageFormat` is the table that reading goes by. Transparency is ignored; a picture is turned as its orientation (EXIF)
/// says. An image that stores red, green and blue has three channels if they differ in any pixel, else
/// one.
public enum ImageFile {
  /// Whether the name is one that a listing of images should hold.
  ///
  /// Hidden files are not, nor is the `.img` of a pair: its `.hdr` stands for both.
  public static func isImage(_ url: URL) -> Bool {
    let name = url.lastPathComponent
    guard !name.hasPrefix("."), let (suffix, _) = ImageFormat.of(name) else { return false }
    return suffix != ".img"
  }

  /// Whether the name is one of a picture without a place in space, such as a PNG.
  package static func isPicture(_ url: URL) -> Bool {
    ImageFormat.of(url.lastPathComponent)?.format.isPicture ?? false
  }

  /// Whether a picture says that it is to be turned, which reading does.
  package static func isTurned(_ url: URL) throws -> Bool { isPicture(url) ? try read(url).isTurned : false }

  /// The file's name without its folder and image suffix, such as `sub-01` for `DATA/sub-01.nii.gz`.
  public static func stem(_ url: URL) -> String {
    String(url.lastPathComponent.dropLast(ImageFormat.of(url.lastPathComponent)?.suffix.count ?? 0))
  }

  /// Reads a 2D image, or one slice of a volume.
  ///
  /// - Parameters:
  ///   - url: the file, whose suffix says what it is; for a pair its `.hdr`.
  ///   - selection: which slice; needed for a volume, ignored for a 2D image (one with a unit axis). Its `volume` is
  ///     needed for a series.
  /// - Throws: `ImagingError` if the file is damaged, not supported, cut short, or lacks the slice.
  public static func read(_ url: URL, selection: SliceSelection? = nil) throws -> Slice {
    try format(url).slice(.file(url), selection)
  }

  /// What the file says about its image, and the image, from one pass over the file.
  ///
  /// - Returns: no slice for a volume of which none is chosen; its voxels are neither read nor counted.
  package static func open(
    _ url: URL, selection: SliceSelection? = nil
  ) throws -> (header: ImageHeader, slice: Slice?) {
    try format(url).open(.file(url), selection)
  }

  /// Reads as `read(_:selection:)` does, from bytes in memory instead of files.
  ///
  /// - Parameters:
  ///   - name: the file's name, whose suffix says what it is.
  ///   - voxels: for `.hdr`, the bytes of its `.img`.
  package static func read(
    _ bytes: [UInt8], voxels: [UInt8]? = nil, name: String, selection: SliceSelection? = nil
  ) throws -> Slice {
    try format(URL(filePath: name)).slice(.memory(bytes, voxels: voxels, name: name), selection)
  }

  /// Reads what the file says about its image; voxels are neither read nor counted.
  public static func header(_ url: URL) throws -> ImageHeader {
    try format(url).header(.file(url))
  }

  /// Writes a slice as float32 NIfTI-1 with its source's axis order, affine, spacing and units.
  ///
  /// Colours go out as RGB24 (datatype 128), values rounded to whole ones from 0 to 255. The file appears at once or not
  /// at all.
  ///
  /// - Parameters:
  ///   - slice: finite, at most 32767 pixels high and wide.
  ///   - url: ends in `.nii.gz`, or in `.nii` for no compression.
  /// - Throws: `ImagingError.unwritable`.
  public static func writeNIfTI(_ slice: Slice, to url: URL) throws {
    guard let suffix = ImageFormat.of(url.lastPathComponent)?.suffix, [".nii.gz", ".nii"].contains(suffix) else {
      throw ImagingError.unwritable(
        path: url.path, reason: "a NIfTI file's name ends in .nii.gz or .nii", remedy: "change the name")
    }
    guard slice.pixels.allSatisfy(\.isFinite) else {
      throw ImagingError.unwritable(
        path: url.path, reason: "the image has NaN or infinite pixels", remedy: "check what made it")
    }
    guard slice.height <= Int16.max, slice.width <= Int16.max else {
      throw ImagingError.unwritable(
        path: url.path, reason: "\(slice.height) x \(slice.width) is over NIfTI-1's limit of 32767",
        remedy: "resize the image")
    }
    let bytes = NIfTIWriter.bytes(of: slice)
    try (suffix == ".nii" ? bytes : NIfTIWriter.gzip(bytes)).withUnsafeBytes { try WholeFile.write($0, to: url) }
  }

  /// The bytes of an uncompressed `.nii` file of a slice at most 32767 pixels high and wide.
  package static func niftiBytes(_ slice: Slice) -> [UInt8] { NIfTIWriter.bytes(of: slice) }

  /// Writes a slice as an 8-bit PNG, grey or colour, its smallest value 0 and its largest 255; channels have one range.
  public static func writePNG(_ slice: Slice, to url: URL) throws {
    try writePNG(
      PNG.bytes(slice), width: slice.width, height: slice.height, channels: slice.channels, to: url)
  }

  /// Writes 8-bit grey pixels, `[height, width]`.
  public static func writePNG(grey pixels: [UInt8], width: Int, height: Int, to url: URL) throws {
    try writePNG(pixels, width: width, height: height, channels: 1, to: url)
  }

  /// Writes 8-bit pixels, `[height, width, channel]`: one channel for grey, three for red, green and blue.
  public static func writePNG(_ pixels: [UInt8], width: Int, height: Int, channels: Int, to url: URL) throws {
    let data = try pngData(pixels, width: width, height: height, channels: channels)
    try data.withUnsafeBytes { try WholeFile.write($0, to: url) }
  }

  /// The bytes of a PNG file with 8-bit pixels, `[height, width, channel]`: one channel for grey, three for red, green and
  /// blue.
  public static func pngData(_ pixels: [UInt8], width: Int, height: Int, channels: Int) throws -> Data {
    try PNG.encode(pixels, width: width, height: height, channels: channels)
  }

  /// The bytes of a PNG file with 8-bit grey pixels, `[height, width]`.
  public static func pngData(grey pixels: [UInt8], width: Int, height: Int) throws -> Data {
    try PNG.encode(pixels, width: width, height: height, channels: 1)
  }

  /// The bytes of a PNG file with 8-bit pixels, `[height, width, 3]` for red, green and blue.
  public static func pngData(rgb pixels: [UInt8], width: Int, height: Int) throws -> Data {
    try PNG.encode(pixels, width: width, height: height, channels: 3)
  }

  private static func format(_ url: URL) throws -> ImageFormat {
    let name = url.lastPathComponent
    if let found = ImageFormat.of(name) { return found.format }
    if let unread = UnreadFormat.of(name) {
      throw ImagingError.unreadable(path: url.path, reason: "\(unread.name) files are not read", remedy: unread.remedy)
    }
    throw ImagingError.unreadable(
      path: url.path, reason: "its suffix is not one of an image", remedy: "use \(ImageFormat.suffixList)")
  }
}
