import Files
import Foundation
import ImageFiles
import ImageSets

/// A real image that is to lie beside synthetic ones.
public struct RealImage: Sendable, Equatable {
  public var url: URL
  public var className: String
  /// Its path among the training images, for the manifest.
  public var source: String
  /// Its path below the folder of its class.
  public var name: String

  /// Real images of one class with the names that they had below their class's folder, so that subjects are found in these
  /// as they were: of `train/AD/patient7/001.png` it is `patient7/001.png`. Where two would be alike, all keep their paths.
  public static func images(_ images: [CohortImage]) -> [RealImage] {
    let named = images.map { image -> RealImage in
      let parts = image.path.split(separator: "/").map(String.init)
      let isSide = parts.count > 2 && Split(name: parts[0]) != nil && parts[1] == image.className
      let dropped = isSide ? 2 : parts.count > 1 && parts[0] == image.className ? 1 : 0
      return RealImage(
        url: image.url, className: image.className, source: image.path,
        name: parts.dropFirst(dropped).joined(separator: "/"))
    }
    guard Set(named.map { $0.name.lowercased() }).count < named.count else { return named }
    return named.map { image in
      var image = image
      image.name = image.source
      return image
    }
  }
}

extension SyntheticFolder {
  /// How real images come to lie beside synthetic ones.
  public enum RealPlacement: String, Sendable, CaseIterable {
    /// Not at all.
    case none
    /// As hard links, which take no room, and stay whole if the original is moved or deleted; a copy where the file system has
    /// none, as from another disk.
    case link
    case copy
  }

  /// The column of the manifest that says `real` or `synthetic`; last of the further ones.
  public static let originColumn = Manifest.originColumn
  public static let syntheticOrigin = Manifest.syntheticOrigin

  /// A prefix for synthetic files that no real image's name begins with in the same way.
  public static func prefix(_ wanted: String = "synthetic", avoiding images: [RealImage]) -> String {
    let names = images.map { (($0.name as NSString).lastPathComponent.lowercased(), $0.className.lowercased()) }
    func isTaken(_ prefix: String) -> Bool { names.contains { $0.0.hasPrefix("\(prefix.lowercased())-\($0.1)-") } }
    if !isTaken(wanted) { return wanted }
    return (2...names.count + 2).lazy.map { "\(wanted)\($0)" }.first { !isTaken($0) } ?? wanted
  }

  /// Puts real images as they are into the folders of their classes, and a line for each into the manifest.
  ///
  /// - Returns: how many had to be copied although links were asked for.
  /// - Throws: `ImagingError`.
  public mutating func addReal(_ images: [RealImage], by placement: RealPlacement, columns: [String]) throws -> Int {
    guard placement != .none else { return 0 }
    var copied = 0
    for image in images {
      try makeFolder(of: image.className)
      let target = partial.appending(path: image.className, directoryHint: .isDirectory)
        .appending(path: image.name, directoryHint: .notDirectory)
      do {
        try FileManager.default.createDirectory(
          at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
      } catch {
        throw ImagingError.unwritable(
          path: target.path, reason: "its folder cannot be made", remedy: "check the free space of the disk")
      }
      for (file, place) in try Self.files(of: image.url, at: target) {
        // A link to a symbolic link would break with it.
        let original = file.resolvingSymlinksInPath()
        if placement == .link {
          if link(original.path, place.path) == 0 { continue }
          copied += 1
        }
        do { try FileManager.default.copyItem(at: original, to: place) } catch {
          throw ImagingError.unwritable(
            path: place.path, reason: "\(original.path) cannot be copied there",
            remedy: "check that you may read it, and the free space of the disk")
        }
      }
      manifest.append(
        realFile: "\(image.className)/\(image.name)", className: image.className, source: image.source,
        columns: Manifest.columns + columns)
    }
    return copied
  }

  /// The files that an image is made of, and where they go: two for a pair of header and voxels.
  private static func files(of url: URL, at target: URL) throws -> [(file: URL, place: URL)] {
    guard ["hdr", "img"].contains(url.pathExtension.lowercased()) else { return [(url, target)] }
    return ["hdr", "img"].map { suffix in
      let file = VolumeReader.partner(url, suffix)
      return (file, target.deletingPathExtension().appendingPathExtension(file.pathExtension))
    }
  }

  /// The files of a folder that its manifest calls real, by their paths below it.
  ///
  /// - Throws: `ImagingError` if there is a manifest that cannot be read.
  public static func realFiles(in folder: URL) throws -> Set<String> {
    let url = folder.appending(path: Manifest.fileName, directoryHint: .notDirectory)
    guard FileManager.default.fileExists(atPath: url.path) else { return [] }
    let table = try TextTable(url)
    guard let file = table.header.firstIndex(of: "file"),
      let origin = table.header.firstIndex(of: Manifest.originColumn)
    else { return [] }
    return Set(
      table.rows.filter { TextTable.value($0, origin) == Manifest.realOrigin }.compactMap { TextTable.value($0, file) })
  }
}
