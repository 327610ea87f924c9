/// What a user should know of how images were read, in sentences that an inspection and a run share.
enum ReadingNotes {
  /// On images in colour, of which the luminance is taken; nil if there are none.
  ///
  /// - Parameter paths: of the images in colour.
  static func colour(_ paths: [String], of count: Int) -> String? {
    guard !paths.isEmpty else { return nil }
    return "\(TextList.countOf(paths.count, count, "image")) in colour (\(TextList.firstFew(paths))), read as grey: "
      + "only the luminance is taken, and what only the colours show is lost; where colour tells the classes apart, the "
      + "scores say little"
  }

  /// On images in which a few voxels take most of the range; nil if there are none.
  ///
  /// - Parameter spreads: of every image that has one.
  static func concentration(_ spreads: [(path: String, spread: IntensitySpread)], of count: Int) -> String? {
    let found = spreads.filter { $0.spread.share < IntensitySpread.leastUsualShare }
    guard let worst = found.min(by: { $0.spread.share < $1.spread.share }) else { return nil }
    return "\(TextList.countOf(found.count, count, "image")) in which a few voxels take most of the range: 99 % of the "
      + "voxels of \(worst.path) lie in \(worst.spread.sharePercent) % of it; set the range, as in --range "
      + "\(worst.spread.remedy) for percentiles of each image, or --range -160..240 for a window in the units of CT"
  }
}

extension TextList {
  /// `1 of 12 images`, `all 12 images`, `the only image`.
  static func countOf(_ number: Int, _ total: Int, _ noun: String) -> String {
    if number < total { return "\(number) of \(count(total, noun))" }
    return total == 1 ? "the only \(noun)" : "all \(count(total, noun))"
  }
}
