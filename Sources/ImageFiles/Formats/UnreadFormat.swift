import Files
import Foundation

/// A kind of image file that is not read, and the command that makes one of it that is.
package struct UnreadFormat: Sendable {
  /// As sentences name it, such as `BMP`.
  let name: String
  /// In lower case, with the dot.
  let suffixes: [String]
  /// What files begin with, at a place.
  let magic: (place: Int, bytes: [UInt8])
  /// What converts every such file of a folder.
  let command: String

  static let all: [UnreadFormat] = [
    UnreadFormat(
      name: "BMP", suffixes: [".bmp", ".dib"], magic: (0, Array("BM".utf8)), command: "mogrify -format png *.bmp"),
    UnreadFormat(
      name: "GIF", suffixes: [".gif"], magic: (0, Array("GIF8".utf8)), command: "mogrify -format png *.gif"),
    UnreadFormat(
      name: "WebP", suffixes: [".webp"], magic: (8, Array("WEBP".utf8)), command: "mogrify -format png *.webp"),
    UnreadFormat(
      name: "JPEG 2000", suffixes: [".jp2", ".j2k", ".jpx"],
      magic: (4, [0x6A, 0x50, 0x20, 0x20, 0x0D, 0x0A, 0x87, 0x0A]),
      command: "mogrify -format png *.jp2"),
    UnreadFormat(
      name: "HEIF", suffixes: [".heic", ".heif", ".avif"], magic: (4, Array("ftyp".utf8)),
      command: "mogrify -format png *.heic"),
  ]

  /// What an error says to do about it.
  var remedy: String { "convert it, as ImageMagick's '\(command)' does" }

  /// What to do about files that are all of kinds that are not read; nil if none is of a kind known here.
  package static func remedy(for files: [String]) -> String? { files.lazy.compactMap { of($0)?.remedy }.first }

  /// Files that lie beside images and are documents, or left by the system.
  private static let documents: Set<String> = [
    "json", "txt", "tsv", "csv", "md", "html", "xml", "yaml", "yml", "log", "pdf", "bval", "bvec", "db", "ini", "xlsx",
  ]

  /// On files beside the images that are not used; one sentence for each kind, none for documents.
  package static func notes(on files: [String]) -> [String] {
    let known = all.compactMap { format -> String? in
      let own = files.filter { of($0)?.name == format.name }
      guard !own.isEmpty else { return nil }
      return "\(TextList.count(own.count, "\(format.name) file")) (\(TextList.firstFew(own))) not read and not used; "
        + (own.count == 1 ? format.remedy : format.remedy.replacing("convert it", with: "convert them"))
    }
    let rest = files.filter { file in
      of(file) == nil && !documents.contains((file as NSString).pathExtension.lowercased())
    }
    guard !rest.isEmpty else { return known }
    return known + [
      "\(TextList.count(rest.count, "file")) beside the images not used, of a kind that is not read: "
        + TextList.firstFew(rest)
    ]
  }

  func matches(_ bytes: [UInt8]) -> Bool { bytes.dropFirst(magic.place).starts(with: magic.bytes) }

  /// The kind that a file's name says.
  static func of(_ name: String) -> UnreadFormat? {
    let name = name.lowercased()
    return all.first { $0.suffixes.contains { name.hasSuffix($0) && name.count > $0.count } }
  }
}
