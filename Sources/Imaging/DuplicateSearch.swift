import Foundation

/// The search for files that hold the same bytes.
enum DuplicateSearch {
  /// Groups of two files or more that are equal byte for byte, as indices into `urls`, ascending.
  ///
  /// Sizes are compared first, then a digest, then the bytes. A pair counts as its header followed by its image. Files
  /// that cannot be read are left out.
  static func equalFiles(_ urls: [URL]) throws -> [[Int]] {
    let sizes = try ParallelMap.map(count: urls.count) { size(of: urls[$0]) }
    let sameSize = Dictionary(grouping: urls.indices.filter { sizes[$0] != nil }, by: { sizes[$0]! })
    let candidates = sameSize.values.filter { $0.count > 1 }.flatMap { $0 }.sorted()
    let digests = try ParallelMap.map(count: candidates.count) { digest(of: urls[candidates[$0]]) }
    let sameDigest = Dictionary(grouping: candidates.indices.filter { digests[$0] != nil }, by: { digests[$0]! })
    var groups: [[Int]] = []
    for members in sameDigest.values where members.count > 1 {
      var distinct: [(bytes: [Data], members: [Int])] = []
      for member in members.sorted() {
        let bytes = contents(of: urls[candidates[member]])
        if let match = distinct.firstIndex(where: { $0.bytes == bytes }) {
          distinct[match].members.append(candidates[member])
        } else {
          distinct.append((bytes, [candidates[member]]))
        }
      }
      groups += distinct.map(\.members).filter { $0.count > 1 }
    }
    return groups.sorted { $0[0] < $1[0] }
  }

  /// The files of an image: two for a pair.
  private static func files(of url: URL) -> [URL] {
    let suffix = url.pathExtension
    guard suffix.lowercased() == "hdr" else { return [url] }
    let base = url.deletingPathExtension()
    return [url, base.appendingPathExtension(suffix == "HDR" ? "IMG" : "img")]
  }

  private static func size(of url: URL) -> Int? {
    var total = 0
    for file in files(of: url) {
      guard let attributes = try? FileManager.default.attributesOfItem(atPath: file.resolvingSymlinksInPath().path),
        let size = attributes[.size] as? Int
      else { return nil }
      total += size
    }
    return total
  }

  private static func contents(of url: URL) -> [Data] {
    files(of: url).compactMap { try? Data(contentsOf: $0, options: .mappedIfSafe) }
  }

  private static func digest(of url: URL) -> UInt64? {
    let contents = contents(of: url)
    guard !contents.isEmpty else { return nil }
    return contents.reduce(Digest()) { digest, data in
      var digest = digest
      data.withUnsafeBytes { bytes in
        for byte in bytes { digest.add(UInt64(byte)) }
      }
      return digest
    }.value
  }

  /// FNV-1a, 64 bits.
  struct Digest {
    private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func add(_ word: UInt64) { value = (value ^ word) &* 0x100_0000_01b3 }
  }
}
