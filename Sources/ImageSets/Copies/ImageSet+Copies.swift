import Files

extension ImageSet {
  /// Images whose pixels are the same, as numbers of images, ascending, two or more each; those without any contrast
  /// are left out.
  ///
  /// Pixels are compared as they were preprocessed, which is what a network sees.
  public func copies() throws -> [[Int]] {
    let digests = try digests()
    let alike = Dictionary(grouping: digests.indices.filter { digests[$0] != nil }, by: { digests[$0]! })
    var groups: [[Int]] = []
    for members in alike.values where members.count > 1 {
      var distinct: [[Int]] = []
      for member in members {
        if let match = distinct.firstIndex(where: { hasSamePixels($0[0], self, member) }) {
          distinct[match].append(member)
        } else {
          distinct.append([member])
        }
      }
      groups += distinct.filter { $0.count > 1 }
    }
    return groups.sorted { $0[0] < $1[0] }
  }

  /// Images of this set whose pixels another set of the same size has too, with the first such image there.
  ///
  /// - Returns: numbers of images; those without any contrast are left out.
  package func copies(in other: ImageSet) throws -> [(own: Int, other: Int)] {
    guard size == other.size, channels == other.channels else { return [] }
    let theirs = try other.digests()
    let places = Dictionary(grouping: theirs.indices.filter { theirs[$0] != nil }, by: { theirs[$0]! })
    return try digests().enumerated().compactMap { own, digest in
      guard let digest, let match = places[digest]?.first(where: { hasSamePixels(own, other, $0) }) else { return nil }
      return (own, match)
    }
  }

  /// A digest of each image's pixels; nil for one without any contrast.
  private func digests() throws -> [UInt64?] {
    try ParallelMap.map(count: count) { index in
      pixels.withPixels(index) { own in
        guard let first = own.first, own.contains(where: { $0 != first }) else { return nil }
        var digest = DuplicateSearch.Digest()
        digest.add(UnsafeRawBufferPointer(own))
        return digest.value
      }
    }
  }

  private func hasSamePixels(_ own: Int, _ other: ImageSet, _ place: Int) -> Bool {
    pixels.withPixels(own) { first in
      other.pixels.withPixels(place) { second in first.elementsEqual(second) }
    }
  }

  /// The same pixels with other facts about the images, in the same order.
  public func describing(_ images: [CohortImage]) -> ImageSet {
    ImageSet(
      images: images, size: size, channels: channels, pixels: pixels, frames: frames, notes: notes,
      storage: storage, limits: limits)
  }
}
