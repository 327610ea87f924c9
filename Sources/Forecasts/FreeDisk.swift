import Files
import Foundation
import Recipes
import Runs

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a file system has room for.
package enum FreeDisk {
  /// Bytes that are free for this user where `url` lies or, if it does not exist yet, will lie; nil where the system does not say.
  package static func bytes(at url: URL) -> Int? {
    var status = statvfs()
    guard statvfs(url.existing.place.path, &status) == 0, status.f_blocks > 0 else { return nil }
    return Int(status.f_bavail) * Int(status.f_frsize)
  }

  /// Refuses what would not fit, before anything is written.
  ///
  /// - Parameters:
  ///   - bytes: that are needed.
  ///   - free: bytes there; nil where nobody knows.
  /// - Throws: `ExperimentsError.settings`, which says how much is needed and free, where, and what to do.
  package static func require(_ bytes: Int, in folder: URL, free: Int?) throws {
    guard let free, bytes > free else { return }
    throw ExperimentsError.settings(
      problem: "this needs about \(ProgressText.size(bytes)) on the disk of '\(folder.relativePath)' and "
        + "\(ProgressText.size(free)) are free there: make room, or choose a folder on another disk with --out")
  }
}

extension RunForecast {
  /// Refuses a run that would not fit on the disk of the folder that it fills, as `FreeDisk.require` does.
  package func requireDisk(in folder: URL, free: Int?) throws {
    try FreeDisk.require(diskBytes, in: folder, free: free)
  }
}
