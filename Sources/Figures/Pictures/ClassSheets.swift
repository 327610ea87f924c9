import Cohorts
import Files
import Foundation
import ImageFiles
import ImageSets

/// One contact sheet for each class of a cohort, `FOLDER/AD.png`, to look at what is there.
///
/// Each picture is an image scaled by its own minimum and maximum, at most 128 pixels on its longer side.
public enum ClassSheets {
  /// Most pictures on a sheet; of more images, this many spread evenly over the list.
  public static let limit = 100
  static let columns = 10
  static let longestSide = 128

  /// Writes the sheets; images that cannot be read are left out.
  ///
  /// - Parameters:
  ///   - cohort: its images are spread evenly over a sheet where there are more than `limit`.
  ///   - selection: which slice of volumes; the middle axial one if nil.
  ///   - folder: made if need be; it must not lie among the images.
  /// - Returns: the paths of the files.
  /// - Throws: `ImagingError` if a file of that name is there, the folder lies in the cohort's, or it cannot be written.
  @discardableResult
  public static func write(_ cohort: Cohort, selection: SliceSelection? = nil, to folder: URL) throws -> [String] {
    try requireWritable(cohort, to: folder)
    do { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) } catch {
      throw ImagingError.unwritable(
        path: folder.path, reason: "no folder can be made there", remedy: "name a folder that you may write to")
    }
    return try cohort.classes.compactMap { name in
      let images = cohort.images(of: name)
      let count = min(limit, images.count)
      let pictures = (0..<count).compactMap { picture(of: images[$0 * images.count / count], selection) }
      guard !pictures.isEmpty else { return nil }
      let sheet = ContactSheet(pictures, columns: columns).picture
      let file = file(of: name, in: folder)
      try sheet.write(to: file)
      return file.relativePath
    }
  }

  /// Checks, before long work, that the sheets can be written.
  public static func requireWritable(_ cohort: Cohort, to folder: URL) throws {
    func resolved(_ url: URL) -> String {
      let path = url.standardizedFileURL.resolvingSymlinksInPath().path
      return path.hasSuffix("/") ? path : path + "/"
    }
    guard !resolved(folder).hasPrefix(resolved(cohort.root)) else {
      throw ImagingError.unwritable(
        path: folder.path, reason: "it lies inside the images, where the sheets would be read as some",
        remedy: "name a folder elsewhere")
    }
    for name in cohort.classes where FileManager.default.fileExists(atPath: file(of: name, in: folder).path) {
      throw ImagingError.unwritable(
        path: file(of: name, in: folder).path, reason: "there is a file of that name", remedy: "name another folder")
    }
  }

  private static func file(of className: String, in folder: URL) -> URL {
    folder.appending(path: className + ".png", directoryHint: .notDirectory)
  }

  private static func picture(of image: CohortImage, _ selection: SliceSelection?) -> Picture? {
    var shown = selection ?? SliceSelection(plane: .axial)
    shown.plane = shown.plane ?? .axial
    guard let slice = try? ImageFile.read(image.url, selection: shown) else { return nil }
    let (low, high) = (slice.pixels.min() ?? 0, slice.pixels.max() ?? 0)
    return Picture(
      width: slice.width, height: slice.height, channels: slice.channels, values: slice.pixels, range: low...high
    ).reduced(toLongestSide: longestSide)
  }
}
