import Foundation

/// Waypoints joined to their nearest neighbours by straight lines, each at the price of a functional along it.
///
/// The cheapest path over it is a first guess of a curve, one that a search along slopes from the straight line would
/// not find.
struct WaypointGraph<Metric: DiagonalMetric> {
  private let metric: Metric
  private let functional: CurveFunctional
  private let waypoints: Matrix

  /// Neighbours that each point is joined to.
  private static var neighbours: Int { 8 }
  /// Sides that a line is measured by.
  private static var segments: Int { 4 }

  init(_ metric: Metric, functional: CurveFunctional, waypoints: Matrix) {
    self.metric = metric
    self.functional = functional
    self.waypoints = waypoints
  }

  /// The cheapest path; nil when it is the straight line.
  ///
  /// Source: Dijkstra, "A note on two problems in connexion with graphs", 1959.
  func cheapestPath(from start: [Double], to end: [Double]) -> Curve? {
    let points = Matrix((0..<waypoints.rows).map(waypoints.row) + [start, end])
    guard points.rows > 2 else { return nil }
    let (first, last) = (points.rows - 2, points.rows - 1)
    let edges = edges(points)
    var prices = [Double](repeating: .infinity, count: points.rows)
    var origins = [Int](repeating: -1, count: points.rows)
    var isDone = [Bool](repeating: false, count: points.rows)
    prices[first] = 0
    while let next = points.indices(where: { !isDone[$0] && prices[$0].isFinite }).min(by: { prices[$0] < prices[$1] })
    {
      if next == last { break }
      isDone[next] = true
      for (target, price) in edges[next] where prices[next] + price < prices[target] {
        prices[target] = prices[next] + price
        origins[target] = next
      }
    }
    var path = [last]
    while let origin = path.last, origin != first {
      guard origins[origin] >= 0 else { return nil }
      path.append(origins[origin])
    }
    return path.count > 2 ? Curve(points: points.selectingRows(path.reversed())) : nil
  }

  /// For each point, the points it is joined to and the price of the line, on a scale on which the dearest costs 1.
  private func edges(_ points: Matrix) -> [[(target: Int, price: Double)]] {
    let distances = RowDistances(to: points)
    var pairs = Set<[Int]>([[points.rows - 2, points.rows - 1]])
    for index in 0..<points.rows {
      let squared = distances.squared(from: points.row(index))
      for other in squared.indices.filter({ squared[$0] > 0 }).sorted(by: { (squared[$0], $0) < (squared[$1], $1) })
        .prefix(Self.neighbours)
      { pairs.insert([min(index, other), max(index, other)]) }
    }
    let ordered = pairs.sorted { ($0[0], $0[1]) < ($1[0], $1[1]) }
    let logPrices = ordered.map { pair in
      functional.logValue(
        of: Curve(from: points.row(pair[0]), to: points.row(pair[1]), segments: Self.segments), under: metric)
    }
    let dearest = logPrices.filter(\.isFinite).max() ?? 0
    var edges = [[(target: Int, price: Double)]](repeating: [], count: points.rows)
    for (pair, logPrice) in zip(ordered, logPrices) where logPrice.isFinite {
      edges[pair[0]].append((pair[1], exp(logPrice - dearest)))
      edges[pair[1]].append((pair[0], exp(logPrice - dearest)))
    }
    return edges
  }
}

extension Matrix {
  fileprivate func indices(where condition: (Int) -> Bool) -> [Int] { (0..<rows).filter(condition) }
}
