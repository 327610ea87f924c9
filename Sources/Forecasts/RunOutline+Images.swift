import Datasets
import ImageFiles
import ImageSets
import Runs

extension RunOutline {
  /// How many images there are, of what size and, where they are divided, for what.
  package static func images(_ data: ExperimentData, isDivided: Bool) -> Line {
    let sides = [(Split.train, "train"), (.validation, "validation"), (.test, "test")].compactMap { side, word in
      let count = data.indices(in: side).count
      return count > 0 ? "\(ProgressText.grouped(count)) \(word)" : nil
    }
    let size = data.set.size
    return (
      "images",
      "\(ProgressText.grouped(data.set.count)) of \(RunForecast.counted(data.classes.count, "class", "classes")), "
        + "\(size.height) x \(size.width)" + (data.set.channels == 1 ? "" : " in colour")
        + (isDivided ? ": " + sides.joined(separator: ", ") : "")
    )
  }
}
