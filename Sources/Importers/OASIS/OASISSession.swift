import Files
import Foundation
import ImageFiles

/// One session of OASIS-1 on disk.
struct OASISSession {
  /// Such as `OAS1_0001_MR1`.
  let name: String
  let folder: URL
  /// Below the folder of the release.
  let path: String

  /// Such as `OAS1_0001`.
  var subject: String { String(name.prefix(9)) }
  /// 1, or 2 for a repeat.
  var number: Int { Int(name.dropFirst(12)) ?? 0 }

  /// The session folders in a folder and in its folders, sorted by path.
  static func find(in root: URL) throws -> [OASISSession] {
    var sessions: [OASISSession] = []
    for name in try FolderListing(root).folders {
      let folder = root.appending(path: name, directoryHint: .isDirectory)
      if isSession(name) {
        sessions.append(OASISSession(name: name, folder: folder, path: name))
      } else {
        for inner in try FolderListing(folder).folders where isSession(inner) {
          sessions.append(
            OASISSession(
              name: inner, folder: folder.appending(path: inner, directoryHint: .isDirectory), path: "\(name)/\(inner)")
          )
        }
      }
    }
    var seen: [String: String] = [:]
    for session in sessions {
      if let other = seen.updateValue(session.path, forKey: session.name) {
        throw ImagingError.invalid(
          what: "\(root.path) holds the session \(session.name) twice, in \(other) and \(session.path)",
          remedy: "remove one")
      }
    }
    return sessions
  }

  private static func isSession(_ name: String) -> Bool { name.wholeMatch(of: /OAS1_[0-9]{4}_MR[0-9]/) != nil }

  /// The atlas-registered, skull-stripped, bias-corrected mean of the session's n scans; n is 3 or 4, mostly.
  func volume() throws -> (url: URL, path: String) {
    let place = "PROCESSED/MPRAGE/T88_111"
    let inner = folder.appending(path: place, directoryHint: .isDirectory)
    let names = try FolderListing(inner).files.filter {
      $0.hasPrefix("\(name)_mpr_n") && $0.hasSuffix("_anon_111_t88_masked_gfc.hdr")
    }
    guard let found = names.first else {
      throw ImagingError.unreadable(
        path: inner.path, reason: "there is no \(name)_mpr_n*_anon_111_t88_masked_gfc.hdr in it",
        remedy: "unpack the disc again")
    }
    guard names.count == 1 else {
      throw ImagingError.unreadable(
        path: inner.path, reason: "it has \(names.count) volumes of one session, \(TextList.joined(names))",
        remedy: "keep one")
    }
    return (inner.appending(path: found, directoryHint: .notDirectory), "\(path)/\(place)/\(found)")
  }
}
