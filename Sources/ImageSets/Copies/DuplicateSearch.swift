import Files
import Foundation

/// The search for files that hold the same bytes.
package enum DuplicateSearch {
  /// Groups of two files or more that are equal byte for byte, as indices into `files`, ascending.
  ///
  /// Equal files have equal sizes and hold equal images, so that only files that agree in both are read (again): by
  /// digest first, then byte for byte. A pair counts as its header followed by its image. Files that cannot be read are
  /// left out.
  ///
  /// - Parameter files: each with what is known of its image, nil for nothing.
  package static func equalFiles(_ files: [(url: URL, image: UInt64?)]) throws -> [[Int]] {
    let sizes = try ParallelMap.map(count: files.count) { size(of: files[$0].url) }
    let alike = Dictionary(grouping: files.indices.filter { sizes[$0] != nil }) { index in
      Likeness(size: sizes[index]!, image: files[index].image)
    }
    let candidates = alike.values.filter { $0.count > 1 }.flatMap { $0 }.sorted()
    let digests = try ParallelMap.map(count: candidates.count) { digest(of: files[candidates[$0]].url) }
    let sameDigest = Dictionary(grouping: candidates.indices.filter { digests[$0] != nil }, by: { digests[$0]! })
    var groups: [[Int]] = []
    for members in sameDigest.values where members.count > 1 {
      var distinct: [(bytes: [Data], members: [Int])] = []
      for member in members.sorted() {
        let bytes = contents(of: files[candidates[member]].url)
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

  private struct Likeness: Hashable {
    var size: Int
    var image: UInt64?
  }

  /// The files of an image: two for a pair.
  private static func files(of url: URL) -> [URL] {
    let suffix = url.pathExtension
    guard suffix.lowercased() == "hdr" else { return [url] }
    let base = url.deletingPathExtension()
    return [url, base.appendingPathExtension(suffix == "HDR" ? "IMG" : "img")]
  }

  /// Nil for what is no regular file: a pipe or a device has a size too, and reading it may never end.
  private static func size(of url: URL) -> Int? {
    var total = 0
    for file in files(of: url) {
      guard let attributes = try? FileManager.default.attributesOfItem(atPath: file.resolvingSymlinksInPath().path),
        attributes[.type] as? FileAttributeType == .typeRegular, let size = attributes[.size] as? Int
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
    return contents.reduce(into: Digest()) { digest, data in data.withUnsafeBytes { digest.add($0) } }.value
  }

  /// A digest of 64 bits by which equal things are found; not one that an attacker could not meet.
  ///
  /// FNV-1a over words of eight bytes, in four lanes, so that the multiplications need not wait for each other. After each
  /// the upper half is folded into the lower one: a product carries no difference downwards.
  package struct Digest {

    package init() {}
    private var lanes = SIMD4<UInt64>(repeating: 0xcbf2_9ce4_8422_2325)
    private var length: UInt64 = 0

    package var value: UInt64 {
      var digest: UInt64 = length
      for lane in 0..<4 { digest = Self.mixed(digest ^ lanes[lane]) }
      return digest
    }

    package mutating func add(_ word: UInt64) {
      lanes[0] = Self.mixed(lanes[0] ^ word)
      length += 8
    }

    package mutating func add(_ bytes: UnsafeRawBufferPointer) {
      var (a, b, c, d) = (lanes[0], lanes[1], lanes[2], lanes[3])
      var place = 0
      while place + 32 <= bytes.count {
        a = Self.mixed(a ^ bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
        b = Self.mixed(b ^ bytes.loadUnaligned(fromByteOffset: place + 8, as: UInt64.self))
        c = Self.mixed(c ^ bytes.loadUnaligned(fromByteOffset: place + 16, as: UInt64.self))
        d = Self.mixed(d ^ bytes.loadUnaligned(fromByteOffset: place + 24, as: UInt64.self))
        place += 32
      }
      while place < bytes.count {
        a = Self.mixed(a ^ UInt64(bytes[place]))
        place += 1
      }
      lanes = SIMD4(a, b, c, d)
      length += UInt64(bytes.count)
    }

    @inline(__always) private static func mixed(_ word: UInt64) -> UInt64 {
      let product = word &* 0x100_0000_01b3
      return product ^ product >> 32
    }
  }
}
