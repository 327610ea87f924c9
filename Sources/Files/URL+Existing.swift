import Foundation

extension URL {
  /// What exists of this path: itself or the nearest folder above that is there, and the places below that are missing, the
  /// deepest first.
  package var existing: (place: URL, missing: [URL]) {
    var missing: [URL] = []
    var place = absoluteURL.standardizedFileURL
    while !FileManager.default.fileExists(atPath: place.path), place.path != "/" {
      missing.append(place)
      place.deleteLastPathComponent()
    }
    return (place, missing)
  }
}
