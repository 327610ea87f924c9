import Geometry
import Randomness

/// Clusters of points about their means: Lloyd's iterations from a start spread by k-means++.
///
/// Source: Arthur and Vassilvitskii, "k-means++: The Advantages of Careful Seeding", SODA 2007.
struct KMeans {
  /// The cluster of each point.
  private(set) var labels: [Int]

  /// - Parameters:
  ///   - points: `[n, d]`, n at least `clusters`.
  ///   - iterations: at most so many; it ends when no point changes its cluster.
  init(_ points: Matrix, clusters: Int, iterations: Int = 100, stream: RandomStream) {
    precondition(clusters > 0 && points.rows >= clusters, "\(clusters) clusters of \(points.rows) points")
    var stream = stream
    var centres = points.selectingRows([stream.index(below: points.rows)])
    var nearest = RowDistances(to: points).squared(from: centres.row(0))
    while centres.rows < clusters {
      let total = nearest.reduce(0, +)
      var target = stream.uniform() * total
      // Points that all coincide leave nothing to choose by distance.
      var chosen = total > 0 ? nearest.lastIndex { $0 > 0 }! : stream.index(below: points.rows)
      if total > 0 {
        for (index, square) in nearest.enumerated() {
          target -= square
          if target < 0 {
            chosen = index
            break
          }
        }
      }
      let centre = points.row(chosen)
      centres = Matrix(rows: centres.rows + 1, columns: points.columns, values: centres.values + centre)
      nearest = zip(nearest, RowDistances(to: points).squared(from: centre)).map { min($0, $1) }
    }
    labels = RowDistances(to: centres).nearest(to: points)
    for _ in 0..<iterations {
      var sums = [Double](repeating: 0, count: clusters * points.columns)
      var counts = [Int](repeating: 0, count: clusters)
      for row in 0..<points.rows {
        counts[labels[row]] += 1
        for column in 0..<points.columns { sums[labels[row] * points.columns + column] += points[row, column] }
      }
      // A cluster that lost all its points keeps its centre.
      for cluster in 0..<clusters where counts[cluster] > 0 {
        for column in 0..<points.columns {
          centres[cluster, column] = sums[cluster * points.columns + column] / Double(counts[cluster])
        }
      }
      let moved = RowDistances(to: centres).nearest(to: points)
      if moved == labels { break }
      labels = moved
    }
  }
}
