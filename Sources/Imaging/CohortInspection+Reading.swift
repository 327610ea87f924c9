extension CohortInspection {
  /// Warns of what reading drops: colours, and the differences between most voxels where a few take the range.
  mutating func judgeReading(_ scans: [ImageScan]) {
    let read = scans.filter { $0.problem == nil }
    warnings += [
      ReadingNotes.colour(read.filter(\.isColour).map(\.image.path), of: read.count),
      ReadingNotes.concentration(
        read.compactMap { scan in scan.spread.map { (scan.image.path, $0) } }, of: read.count),
    ].compactMap { $0 }
  }
}
