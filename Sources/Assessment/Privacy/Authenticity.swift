import Geometry

/// The share of synthetic images that are no mere variation of a training image: those that lie further from their
/// nearest training image than that one lies from its own nearest neighbour.
///
/// Source: Alaa et al., "How Faithful is your Synthetic Data?", ICML 2022, section 3.2 (definition of authenticity) and 5.
/// The same for held-out real images says what to expect of images that copied nothing.
public enum Authenticity {
  /// Whether each image is authentic, by class-free distances.
  ///
  /// - Parameters:
  ///   - toTraining: distances, `[image, training]`.
  ///   - withinTraining: distances, `[training, training]`, at least two; the diagonal does not count.
  public static func judge(toTraining: Matrix, withinTraining: Matrix) -> [Bool] {
    precondition(
      toTraining.columns == withinTraining.rows && withinTraining.rows == withinTraining.columns
        && withinTraining.rows > 1,
      "distances of \(toTraining.columns) and \(withinTraining.rows) training images")
    let spacing = (0..<withinTraining.rows).map { row in
      withinTraining.row(row).enumerated().filter { $0.offset != row }.map(\.element).min()!
    }
    return judge(nearest: (0..<toTraining.rows).map { NearestEntry.of(toTraining, row: $0) }, spacing: spacing)
  }

  /// The same where the nearest distances are known.
  ///
  /// - Parameters:
  ///   - nearest: the training image nearest to each image, and how far it is.
  ///   - spacing: the distance of each training image to its own nearest neighbour.
  public static func judge(nearest: [(index: Int, distance: Double)], spacing: [Double]) -> [Bool] {
    nearest.map { $0.distance > spacing[$0.index] }
  }
}

/// The least entry of a row.
public enum NearestEntry {
  /// - Returns: the first column among equals, and its value.
  public static func of(_ distances: Matrix, row: Int) -> (index: Int, distance: Double) {
    precondition(distances.columns > 0, "the nearest of none")
    var best = (index: 0, distance: distances[row, 0])
    for column in 1..<max(1, distances.columns) where distances[row, column] < best.distance {
      best = (column, distances[row, column])
    }
    return best
  }
}
