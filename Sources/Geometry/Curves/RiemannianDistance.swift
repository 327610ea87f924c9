import Foundation
import Parallelism

/// Distances under a metric: the lengths of geodesics, for work with nearest neighbours.
///
/// Each is the length of the shortest curve found, so an upper bound of the true distance. A distance takes some tenths of a
/// second on one core with 200 centroids, in proportion to their number; pairs are spread over the cores.
public struct RiemannianDistance<Metric: DiagonalMetric>: Sendable {
  private let minimiser: CurveMinimiser<Metric>

  /// Distances under one metric.
  ///
  /// - Parameters:
  ///   - metric: under which curves are measured.
  ///   - waypoints: points that curves may do well to pass, `[point, dimension]`.
  ///   - configuration: how fine and how long each search is; the default is coarser than that of single curves.
  /// - Throws: `GeometryError.option` for a configuration outside its range.
  public init(
    _ metric: Metric, waypoints: Matrix? = nil,
    configuration: CurveConfiguration = .init(segments: 32, maximumIterations: 200, maximumWaypoints: 100)
  ) throws {
    minimiser = try CurveMinimiser(metric, waypoints: waypoints, configuration: configuration)
  }

  /// The distance of two points.
  ///
  /// - Throws: `GeometryError.notFinite`.
  public func between(_ first: [Double], _ second: [Double]) throws -> Double {
    exp(try minimiser.minimise(.riemannianLength, from: first, to: second).logValue)
  }

  /// The distance of each of `points` `[n, dimension]` to each of `others` `[m, dimension]`, `[n, m]`.
  ///
  /// - Throws: `GeometryError.notFinite`.
  public func matrix(from points: Matrix, to others: Matrix) throws -> Matrix {
    let values = concurrentMap(points.rows * others.rows) { index in
      Result { try between(points.row(index / others.rows), others.row(index % others.rows)) }
    }
    return Matrix(rows: points.rows, columns: others.rows, values: try values.map { try $0.get() })
  }

  /// The distances among `points` `[n, dimension]`, `[n, n]`: symmetric, zeros on the diagonal.
  ///
  /// - Throws: `GeometryError.notFinite`.
  public func matrix(among points: Matrix) throws -> Matrix {
    let pairs = (0..<points.rows).flatMap { row in (0..<row).map { (row, $0) } }
    let values = concurrentMap(pairs.count) { index in
      Result { try between(points.row(pairs[index].0), points.row(pairs[index].1)) }
    }
    var matrix = Matrix(rows: points.rows, columns: points.rows)
    for ((row, column), value) in zip(pairs, values) {
      matrix[row, column] = try value.get()
      matrix[column, row] = matrix[row, column]
    }
    return matrix
  }

  /// The `count` rows of `candidates` `[m, dimension]` that are nearest to a point, nearest first, with their distances.
  ///
  /// - Throws: `GeometryError.notFinite`.
  public func nearest(
    _ count: Int, to point: [Double], among candidates: Matrix
  ) throws -> [(index: Int, distance: Double)] {
    let distances = try matrix(from: Matrix([point]), to: candidates).values
    return distances.indices.sorted { (distances[$0], $0) < (distances[$1], $1) }.prefix(count)
      .map { ($0, distances[$0]) }
  }
}
