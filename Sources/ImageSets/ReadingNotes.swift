import Files

/// What a user should know of how images were read, in sentences that an inspection and a run share.
package enum ReadingNotes {
  /// On images in colour and how they are read; nil where all are grey and stay so.
  ///
  /// - Parameters:
  ///   - images: all of them.
  ///   - channels: that they get, 1 or 3.
  package static func colour(_ images: [(path: String, className: String, isColour: Bool)], channels: Int) -> String? {
    let colours = images.filter(\.isColour)
    let (count, greys) = (images.count, images.count - colours.count)
    guard !colours.isEmpty else {
      return channels == 1 ? nil : "\(TextList.countOf(greys, count, "image")) grey, repeated over 3 channels"
    }
    let found =
      "\(TextList.countOf(colours.count, count, "image")) in colour (\(TextList.firstFew(colours.map(\.path))))"
    guard channels == 3 else {
      return found
        + ", read as grey: only the luminance is taken, and what only the colours show is lost; where colour "
        + "tells the classes apart, the scores say little"
    }
    guard greys > 0 else { return found + ", read in colour (3 channels)" }
    return found
      + ", so all are read in colour (3 channels), the \(TextList.count(greys, "grey one")) repeated over them"
      + (isConfounded(images) ? ", which is not the same in every class, and a classifier can learn it" : "")
      + "; --colour grey reads all by their luminance"
  }

  /// On pictures that were turned as their files say; nil if there are none.
  package static func turned(_ paths: [String]) -> String? {
    guard !paths.isEmpty else { return nil }
    return "\(TextList.count(paths.count, "image")) \(paths.count == 1 ? "was" : "were") turned as "
      + "\(paths.count == 1 ? "its" : "their") orientation (EXIF) says: \(TextList.firstFew(paths))"
  }

  /// Whether some images are in colour and some grey, and not the same share of every class.
  static func isConfounded(_ images: [(path: String, className: String, isColour: Bool)]) -> Bool {
    let kinds = Dictionary(grouping: images, by: \.className).mapValues { Set($0.map(\.isColour)) }
    return Set(kinds.values).count > 1
  }

  /// On images in which a few voxels take most of the range; nil if there are none.
  ///
  /// - Parameter spreads: of every image that has one.
  package static func concentration(_ spreads: [(path: String, spread: IntensitySpread)], of count: Int) -> String? {
    let found = spreads.filter { $0.spread.share < IntensitySpread.leastUsualShare }
    guard let worst = found.min(by: { $0.spread.share < $1.spread.share }) else { return nil }
    return "\(TextList.countOf(found.count, count, "image")) in which a few voxels take most of the range: 99 % of the "
      + "voxels of \(worst.path) lie in \(worst.spread.sharePercent) % of it; set the range, as in --range "
      + "\(worst.spread.remedy) for percentiles of each image, or --range -160..240 for a window in the units of CT"
  }
}

extension TextList {
  /// `1 of 12 images`, `all 12 images`, `the only image`.
  package static func countOf(_ number: Int, _ total: Int, _ noun: String) -> String {
    if number < total { return "\(number) of \(count(total, noun))" }
    return total == 1 ? "the only \(noun)" : "all \(count(total, noun))"
  }
}
