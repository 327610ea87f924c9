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

  private struct Edge {
    var target: Int
    /// On a scale on which the dearest line costs 1.
    var price: Double
    var length: Double
  }

  /// The cheapest path; nil when it is the straight line.
  ///
  /// Lines among good waypoints cost as good as nothing, so that the cheapest path may wander; a second search adds a
  /// twentieth of its price for every straight length from start to end.
  func cheapestPath(from start: [Double], to end: [Double]) -> Curve? {
    let points = Matrix((0..<waypoints.rows).map(waypoints.row) + [start, end])
    guard points.rows > 2 else { return nil }
    let edges = edges(points)
    guard let first = Self.search(edges, lengthPrice: 0) else { return nil }
    let straight = Curve(from: start, to: end, segments: 1).euclideanLength
    guard let path = Self.search(edges, lengthPrice: first.price / 20 / straight)?.path, path.count > 2 else {
      return nil
    }
    return Curve(points: points.selectingRows(path))
  }

  /// The cheapest path from the last point but one to the last; nil when there is none.
  ///
  /// Source: Dijkstra, "A note on two problems in connexion with graphs", 1959.
  private static func search(_ edges: [[Edge]], lengthPrice: Double) -> (path: [Int], price: Double)? {
    let (first, last) = (edges.count - 2, edges.count - 1)
    var prices = [Double](repeating: .infinity, count: edges.count)
    var origins = [Int](repeating: -1, count: edges.count)
    var isDone = [Bool](repeating: false, count: edges.count)
    prices[first] = 0
    while let next = edges.indices.filter({ !isDone[$0] && prices[$0].isFinite }).min(by: { prices[$0] < prices[$1] }) {
      if next == last { break }
      isDone[next] = true
      for edge in edges[next] {
        let price = prices[next] + edge.price + lengthPrice * edge.length
        if price < prices[edge.target] {
          prices[edge.target] = price
          origins[edge.target] = next
        }
      }
    }
    var path = [last]
    while path[path.count - 1] != first {
      let origin = origins[path[path.count - 1]]
      guard origin >= 0 else { return nil }
      path.append(origin)
    }
    return (path.reversed(), prices[last])
  }

  /// For each point, the lines from it.
  private func edges(_ points: Matrix) -> [[Edge]] {
    let distances = RowDistances(to: points)
    var pairs = Set<[Int]>([[points.rows - 2, points.rows - 1]])
    for index in 0..<points.rows {
      let squared = distances.squared(from: points.row(index))
      for other in squared.indices.filter({ squared[$0] > 0 }).sorted(by: { (squared[$0], $0) < (squared[$1], $1) })
        .prefix(Self.neighbours)
      { pairs.insert([min(index, other), max(index, other)]) }
    }
    let ordered = pairs.sorted { ($0[0], $0[1]) < ($1[0], $1[1]) }
    let lines = ordered.map {
      Curve(from: points.row($0[0]), to: points.row($0[1]), segments: Self.segments)
    }
    let logPrices = lines.map { functional.logValue(of: $0, under: metric) }
    let dearest = logPrices.filter(\.isFinite).max() ?? 0
    var edges = [[Edge]](repeating: [], count: points.rows)
    for (index, pair) in ordered.enumerated() where logPrices[index].isFinite {
      let (price, length) = (exp(logPrices[index] - dearest), lines[index].euclideanLength)
      edges[pair[0]].append(Edge(target: pair[1], price: price, length: length))
      edges[pair[1]].append(Edge(target: pair[0], price: price, length: length))
    }
    return edges
  }
}
