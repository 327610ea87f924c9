import Foundation

/// A folder that takes its place in one step: made as `.NAME.partial` beside it, renamed when complete.
package struct FolderReplacement {
  package let partial: URL
  private let target: URL
  private let replaced: URL

  /// Makes the empty partial folder; one left by a run that was killed is removed first.
  ///
  /// - Throws: `ImagingError.unwritable` if the folder holds something that may not be replaced, or its parent cannot
  ///   be written.
  package init(at out: URL, overwrite: Bool) throws {
    target = out.resolvingSymlinksInPath().standardizedFileURL
    let parent = target.deletingLastPathComponent()
    let name = target.lastPathComponent
    partial = parent.appending(path: ".\(name).partial", directoryHint: .isDirectory)
    replaced = parent.appending(path: ".\(name).replaced", directoryHint: .isDirectory)
    let manager = FileManager.default
    if !manager.fileExists(atPath: target.path) { rename(replaced.path, target.path) }
    try Self.requireReplaceable(target, overwrite: overwrite)
    try? manager.createDirectory(at: parent, withIntermediateDirectories: true)
    try? manager.removeItem(at: partial)
    try? manager.removeItem(at: replaced)
    try Self.makeFolder(partial, for: target)
    UnfinishedFolders.begin(partial)
  }

  /// - Throws: `ImagingError.unwritable` if there is something that may not be replaced.
  package static func requireReplaceable(_ target: URL, overwrite: Bool) throws {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: target.path, isDirectory: &isFolder) else { return }
    guard isFolder.boolValue else {
      throw ImagingError.unwritable(path: target.path, reason: "there is a file of that name", remedy: "name a folder")
    }
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: target.path), !names.isEmpty else { return }
    guard overwrite else {
      throw ImagingError.unwritable(
        path: target.path, reason: "the folder is not empty", remedy: "name another folder, or say --overwrite")
    }
    guard DatasetDescription(in: target)?.isManikins == true else {
      throw ImagingError.unwritable(
        path: target.path, reason: "the folder was not written by Manikin, so it is not overwritten",
        remedy: "name another folder")
    }
  }

  /// Makes one folder.
  ///
  /// - Parameter purpose: the folder that the message of an error names.
  package static func makeFolder(_ folder: URL, for purpose: URL? = nil) throws {
    guard mkdir(folder.path, 0o777) != 0 else { return }
    let reason = String(cString: strerror(errno)).lowercased()
    let path = (purpose ?? folder).path
    throw ImagingError.unwritable(
      path: path, reason: "no folder can be made there (\(reason))", remedy: "name a folder that you may write to")
  }

  /// Puts the partial folder in place.
  package func commit() throws {
    rename(target.path, replaced.path)
    guard rename(partial.path, target.path) == 0 else {
      let reason = String(cString: strerror(errno)).lowercased()
      rename(replaced.path, target.path)
      throw ImagingError.unwritable(
        path: target.path, reason: "the finished folder cannot be put there (\(reason))",
        remedy: "name a folder that you may write to")
    }
    UnfinishedFolders.end(partial)
    try? FileManager.default.removeItem(at: replaced)
  }

  /// Removes the partial folder.
  package func cancel() {
    UnfinishedFolders.end(partial)
    try? FileManager.default.removeItem(at: partial)
  }
}
