import ImageSets

extension CohortInspection {
  /// Says how colours are read, and warns where some images have none, and of the differences between most voxels that are
  /// dropped where a few take the range.
  mutating func judgeReading(_ scans: [ImageScan]) {
    let read = scans.filter { $0.problem == nil }
    if let note = ReadingNotes.turned(read.filter(\.isTurned).map(\.image.path)) { notes.append(note) }
    let colours = read.count(where: \.isColour)
    if let note = ReadingNotes.colour(
      read.map { ($0.image.path, $0.image.className, $0.isColour) }, channels: colours > 0 ? 3 : 1)
    {
      if colours == read.count { notes.append(note) } else { warnings.append(note) }
    }
    if let note = ReadingNotes.concentration(
      read.compactMap { scan in scan.spread.map { (scan.image.path, $0) } }, of: read.count)
    {
      warnings.append(note)
    }
  }
}
