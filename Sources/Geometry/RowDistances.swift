import Parallelism

/// Euclidean distances from any point to the rows of a matrix.
///
/// Each distance is the sum of squared differences, coordinate by coordinate: no cancellation, equal points are at
/// distance 0 exactly, and d(a, b) = d(b, a) to the last bit.
public struct RowDistances: Sendable {
  /// The number of rows.
  public let count: Int
  private let dimension: Int
  /// `[column, row]`: the inner loop runs over rows, so that it needs no reduction.
  private let columns: Matrix

  public init(to rows: Matrix) {
    count = rows.rows
    dimension = rows.columns
    columns = rows.transposed
  }

  /// The squared distances from `point` `[dimension]` to every row, `[row]`.
  public func squared(from point: [Double]) -> [Double] {
    precondition(point.count == dimension, "a point of \(point.count) coordinates where rows have \(dimension)")
    var distances = [Double](repeating: 0, count: count)
    point.withUnsafeBufferPointer { squared(from: $0, into: &distances) }
    return distances
  }

  /// The index of the row nearest to each point, the first one among equals.
  ///
  /// - Parameter points: `[point, dimension]`. There must be at least one row.
  public func nearest(to points: Matrix) -> [Int] {
    precondition(
      points.columns == dimension && count > 0, "points have \(points.columns) coordinates, rows \(dimension)")
    return perPoint(points) { distances in
      var best = 0
      for index in distances.indices where distances[index] < distances[best] { best = index }
      return best
    }
  }

  /// The squared distance from each point to the nearest row that differs from it; infinity where there is none.
  ///
  /// - Parameter points: `[point, dimension]`.
  func nearestDistinctSquared(to points: Matrix) -> [Double] {
    perPoint(points) { distances in
      var best = Double.infinity
      for distance in distances where distance > 0 && distance < best { best = distance }
      return best
    }
  }

  private func perPoint<Result: Sendable>(
    _ points: Matrix, _ reduce: @Sendable ([Double]) -> Result
  ) -> [Result] {
    let blockRows = 64
    let blocks = concurrentMap((points.rows + blockRows - 1) / blockRows) { block in
      var distances = [Double](repeating: 0, count: count)
      return points.values.withUnsafeBufferPointer { values in
        (block * blockRows..<min(points.rows, (block + 1) * blockRows)).map { row in
          squared(
            from: UnsafeBufferPointer(rebasing: values[row * dimension..<(row + 1) * dimension]), into: &distances)
          return reduce(distances)
        }
      }
    }
    return blocks.flatMap { $0 }
  }

  func squared(from point: UnsafeBufferPointer<Double>, into distances: inout [Double]) {
    columns.values.withUnsafeBufferPointer { columns in
      distances.withUnsafeMutableBufferPointer { distances in
        distances.update(repeating: 0)
        for coordinate in 0..<dimension {
          let value = point[coordinate]
          let column = columns.baseAddress! + coordinate * count
          for row in 0..<count {
            let difference = column[row] - value
            distances[row] += difference * difference
          }
        }
      }
    }
  }
}
