import Foundation

/// What lies in one folder, hidden files left out, in bytewise order.
struct FolderListing {
  var folders: [String] = []
  var files: [String] = []

  /// - Throws: `ImagingError.unreadable` for a folder that is missing, not a folder, or not readable.
  init(_ folder: URL) throws {
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
  var images: [String] {
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
struct ImageListing {
  /// Paths below the folder, sorted bytewise.
  var images: [String] = []
  /// The other files, sorted bytewise.
  var others: [String] = []

  /// Walks the folder and its subfolders; every real folder once, so that links that form a loop come to an end, and
  /// never a folder that `root` lies in.
  init(below folder: URL, root: URL) throws {
    var visited: Set<String> = []
    var ancestor = root.resolvingSymlinksInPath().path
    while visited.insert(ancestor).inserted { ancestor = (ancestor as NSString).deletingLastPathComponent }
    let start = folder.resolvingSymlinksInPath().path
    if start == root.resolvingSymlinksInPath().path { visited.remove(start) }
    try walk(folder, prefix: "", visited: &visited)
    images = images.sortedBytewise()
    others = others.sortedBytewise()
  }

  private mutating func walk(_ folder: URL, prefix: String, visited: inout Set<String>) throws {
    guard visited.insert(folder.resolvingSymlinksInPath().path).inserted else { return }
    let listing = try FolderListing(folder)
    images += listing.images.map { prefix + $0 }
    others += listing.others.map { prefix + $0 }
    for name in listing.folders {
      try walk(
        folder.appending(path: name, directoryHint: .isDirectory), prefix: prefix + name + "/", visited: &visited)
    }
  }
}
