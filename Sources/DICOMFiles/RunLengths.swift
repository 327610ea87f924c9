import ImageFiles

/// Pixels compressed by run lengths.
///
/// Source: DICOM PS3.5, annex G.
enum RunLengths {
  /// The planes of an image, one for each sample, little-endian.
  ///
  /// A header of 64 bytes says where the segments begin: one for each byte of a sample, the highest byte first.
  ///
  /// - Parameter width: bytes of a sample.
  /// - Returns: nil for segments that are damaged, too many, too few or too short.
  static func planes(_ bytes: [UInt8], size: ImageSize, samples: Int, width: Int) -> [UInt8]? {
    let segments = samples * width
    guard bytes.count > 64, segments <= 15 else { return nil }
    func number(_ place: Int) -> Int { (0..<4).reduce(0) { $0 | Int(bytes[4 * place + $1]) << (8 * $1) } }
    let starts = (1...segments).map(number)
    guard number(0) == segments, starts[0] >= 64, starts[segments - 1] < bytes.count,
      zip(starts, starts.dropFirst()).allSatisfy({ $0 < $1 })
    else { return nil }
    let count = size.height * size.width
    // Two bytes make 128 at most.
    guard count * segments <= 64 * bytes.count else { return nil }
    var planes = [UInt8](repeating: 0, count: count * segments)
    for (index, (start, end)) in zip(starts, starts.dropFirst() + [bytes.count]).enumerated() {
      let first = index / width * count * width + width - 1 - index % width
      guard unpack(bytes[start..<end], count: count, into: &planes, from: first, step: width) else { return nil }
    }
    return planes
  }

  /// Writes `count` bytes of a segment, `step` apart; false if it has fewer.
  private static func unpack(
    _ segment: ArraySlice<UInt8>, count: Int, into planes: inout [UInt8], from first: Int, step: Int
  ) -> Bool {
    var (place, made) = (segment.startIndex, 0)
    while made < count {
      guard place < segment.endIndex else { return false }
      let code = segment[place]
      place += 1
      // 128 says nothing.
      guard code != 128 else { continue }
      let isRun = code > 128
      let length = min(isRun ? 257 - Int(code) : Int(code) + 1, count - made)
      guard place + (isRun ? 1 : length) <= segment.endIndex else { return false }
      for offset in 0..<length { planes[first + (made + offset) * step] = segment[place + (isRun ? 0 : offset)] }
      made += length
      place += isRun ? 1 : length
    }
    return true
  }
}
