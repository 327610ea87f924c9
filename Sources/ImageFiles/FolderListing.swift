import Files
import Foundation

/// What lies in one folder, hidden files left out, in bytewise order.
package struct FolderListing {
  package var folders: [String] = []
  package var files: [String] = []

  /// - Throws: `ImagingError.unreadable` for a folder that is missing, not a folder, or not readable.
  package init(_ folder: URL) throws {
    let path = folder.path
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw ImagingError.unreadable(path: path, reason: "there is no such folder", remedy: "check the path")
    }
    guard isFolder.boolValue else {
      throw ImagingError.unreadable(
        path: path, reason: "it is a file, not a folder", remedy: "name the folder that holds the images")
    }
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
      throw ImagingError.unreadable(
        path: path, reason: "the folder cannot be listed", remedy: "check that you may read it")
    }
    for name in names.sortedBytewise() where !name.hasPrefix(".") {
      FileManager.default.fileExists(atPath: path + "/" + name, isDirectory: &isFolder)
        ? (isFolder.boolValue ? folders.append(name) : files.append(name)) : files.append(name)
    }
  }
}

extension FolderListing {
  /// The files that are images by their names: a pair once, as its `.hdr`; an `.img` whose `.hdr` is missing too, so
  /// that reading it says so.
  package var images: [String] {
    let all = Set(files.map { $0.lowercased() })
    return files.filter { file in
      if ImageFile.isImage(URL(filePath: file)) { return true }
      let lowercased = file.lowercased()
      return lowercased.hasSuffix(".img") && !all.contains(lowercased.dropLast(4) + ".hdr")
    }
  }
}

extension FolderListing {
  /// The files that are neither images nor a part of one.
  var others: [String] {
    let known = Set(images)
    return files.filter { !known.contains($0) && !$0.lowercased().hasSuffix(".img") }
  }
}

/// The image files below a folder, at any depth.
package struct ImageListing {
  /// Paths below the folder, sorted bytewise.
  package var images: [String] = []
  /// The other files, sorted bytewise.
  package var others: [String] = []

  package init(below folder: URL, root: URL) throws {
    try FolderWalk.visit(folder, root: root) { prefix, listing in
      let found = listing.images
      images += found.map { prefix + $0 }
      others += listing.others.map { prefix + $0 }
    }
    images = images.sortedBytewise()
    others = others.sortedBytewise()
  }
}

/// The folders below a folder, at any depth.
package enum FolderWalk {
  /// Walks the folder and its subfolders; every real folder once, so that links that form a loop come to an end, and
  /// never a folder that `root` lies in.
  ///
  /// - Parameter body: is given the path below `folder` that names begin with, and what lies there.
  package static func visit(_ folder: URL, root: URL, _ body: (String, FolderListing) throws -> Void) throws {
    var visited: Set<String> = []
    var ancestor = root.resolvingSymlinksInPath().path
    while visited.insert(ancestor).inserted { ancestor = (ancestor as NSString).deletingLastPathComponent }
    let start = folder.resolvingSymlinksInPath().path
    if start == root.resolvingSymlinksInPath().path { visited.remove(start) }
    try walk(folder, prefix: "", visited: &visited, body)
  }

  private static func walk(
    _ folder: URL, prefix: String, visited: inout Set<String>, _ body: (String, FolderListing) throws -> Void
  ) throws {
    guard visited.insert(folder.resolvingSymlinksInPath().path).inserted else { return }
    let listing = try FolderListing(folder)
    try body(prefix, listing)
    for name in listing.folders {
      try walk(
        folder.appending(path: name, directoryHint: .isDirectory), prefix: prefix + name + "/", visited: &visited, body)
    }
  }
}
