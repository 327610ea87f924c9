extension ImageSet {
  /// Images whose pixels are the same, as numbers of images, ascending, two or more each; those without any contrast
  /// are left out.
  ///
  /// Pixels are compared as they were preprocessed, which is what a network sees.
  public func copies() throws -> [[Int]] {
    let length = length
    let digests: [UInt64?] = try ParallelMap.map(count: count) { index in
      let own = UnsafeBufferPointer(rebasing: pixels.values[index * length..<(index + 1) * length])
      guard let first = own.first, own.contains(where: { $0 != first }) else { return nil }
      var digest = DuplicateSearch.Digest()
      digest.add(UnsafeRawBufferPointer(own))
      return digest.value
    }
    let alike = Dictionary(grouping: digests.indices.filter { digests[$0] != nil }, by: { digests[$0]! })
    var groups: [[Int]] = []
    for members in alike.values where members.count > 1 {
      var distinct: [[Int]] = []
      for member in members {
        if let match = distinct.firstIndex(where: { hasSamePixels($0[0], member) }) {
          distinct[match].append(member)
        } else {
          distinct.append([member])
        }
      }
      groups += distinct.filter { $0.count > 1 }
    }
    return groups.sorted { $0[0] < $1[0] }
  }

  private func hasSamePixels(_ a: Int, _ b: Int) -> Bool {
    pixels.values[a * length..<(a + 1) * length].elementsEqual(pixels.values[b * length..<(b + 1) * length])
  }

  /// The same pixels with other facts about the images, in the same order.
  public func describing(_ images: [CohortImage]) -> ImageSet {
    ImageSet(
      images: images, size: size, channels: channels, pixels: pixels, frames: frames, notes: notes,
      storage: storage, limits: limits)
  }
}
