import Parallelism
import Randomness

/// The k points of a set to which all points are nearest: the centres that Algorithm 1 builds its metric from when
/// there are too many codes to keep them all.
///
/// The cost is the sum over all points of the Euclidean distance to the nearest medoid. Several searches start from
/// medoids drawn at random, each new one with probability proportional to its distance from those before; each goes
/// on until no exchange of one medoid for one other point lowers the cost; the best one is kept. Time grows as n^2 d
/// per pass, memory as n d (distances are computed when needed).
///
/// Source: Schubert and Rousseeuw, "Fast and eager k-medoids clustering", Information Systems 2021, algorithm 3
/// (FasterPAM).
public struct KMedoids: Sendable, Equatable {
  /// Row numbers of the medoids, ascending, no one twice.
  public let medoids: [Int]
  /// For each point, which entry of `medoids` is nearest to it.
  public let assignments: [Int]
  /// The sum of the distances from each point to its medoid.
  public let cost: Double

  /// Finds the medoids.
  ///
  /// - Parameters:
  ///   - points: `[point, dimension]`, finite.
  ///   - count: medoids wanted, from 1 to the number of points.
  ///   - restarts: how many searches there are, at least 1; the best is kept.
  ///   - stream: search i starts from its substream ("k-medoids", i).
  /// - Throws: `GeometryError.option` when `count` or `restarts` is out of range, `.notFinite` for points that are not
  ///   finite.
  public init(points: Matrix, count: Int, restarts: Int = 10, stream: RandomStream) throws {
    guard count >= 1 && count <= points.rows else {
      throw GeometryError.option(
        name: "count of medoids", expected: "a number from 1 to \(points.rows)", actual: "\(count)")
    }
    guard restarts >= 1 else {
      throw GeometryError.option(name: "restarts of k-medoids", expected: "at least 1", actual: "\(restarts)")
    }
    try points.requireFinite("points")
    let distances = RowDistances(to: points)
    let searches = concurrentMap(restarts) { restart in
      var stream = stream.substream("k-medoids", index: restart)
      var search = MedoidSearch(points: points, distances: distances, count: count, stream: &stream)
      search.improve()
      return (search.medoids.sorted(), search.cost)
    }
    medoids = searches.min { $0.1 < $1.1 }!.0
    let chosen = RowDistances(to: points.selectingRows(medoids))
    assignments = chosen.nearest(to: points)
    var cost = 0.0
    for (point, medoid) in assignments.enumerated() {
      cost += chosen.squared(from: points.row(point))[medoid].squareRoot()
    }
    self.cost = cost
  }
}

/// One search of FasterPAM. A medoid's *slot* is its place in `medoids`.
private struct MedoidSearch {
  private let points: Matrix
  private let distances: RowDistances
  private(set) var medoids: [Int]
  private var isMedoid: [Bool]
  private var nearest: [Int]
  private var second: [Int]
  private var nearestDistance: [Double]
  private var secondDistance: [Double]
  /// Per slot: by how much the cost rises when that medoid goes.
  private var removalLoss: [Double]

  var cost: Double { nearestDistance.reduce(0, +) }

  init(points: Matrix, distances: RowDistances, count: Int, stream: inout RandomStream) {
    self.points = points
    self.distances = distances
    let infinity = [Double](repeating: .infinity, count: points.rows)
    medoids = []
    isMedoid = [Bool](repeating: false, count: points.rows)
    nearest = [Int](repeating: -1, count: points.rows)
    second = nearest
    nearestDistance = infinity
    secondDistance = infinity
    removalLoss = [Double](repeating: 0, count: count)
    var fromNew = infinity
    for slot in 0..<count {
      let medoid = slot == 0 ? stream.index(below: points.rows) : drawFarPoint(&stream)
      medoids.append(medoid)
      isMedoid[medoid] = true
      measure(from: medoid, into: &fromNew)
      for point in 0..<points.rows { offer(slot, at: fromNew[point], to: point) }
    }
    updateRemovalLoss()
  }

  /// Goes round the points until no exchange of a medoid for any of them lowers the cost.
  mutating func improve() {
    var fromCandidate = nearestDistance
    var sinceExchange = 0
    var candidate = 0
    while sinceExchange < points.rows {
      if !isMedoid[candidate] {
        measure(from: candidate, into: &fromCandidate)
        let (slot, change) = bestExchange(fromCandidate)
        if change < -1e-12 * cost {
          exchange(slot, for: candidate, fromCandidate)
          sinceExchange = 0
        }
      }
      sinceExchange += 1
      candidate = (candidate + 1) % points.rows
    }
  }

  /// Draws a point with probability proportional to its distance from the medoids; any other point when all are 0.
  private func drawFarPoint(_ stream: inout RandomStream) -> Int {
    var threshold = stream.uniform() * cost
    var last = isMedoid.firstIndex(of: false)!
    for point in 0..<points.rows where nearestDistance[point] > 0 {
      last = point
      threshold -= nearestDistance[point]
      if threshold < 0 { break }
    }
    return last
  }

  private func measure(from point: Int, into result: inout [Double]) {
    points.values.withUnsafeBufferPointer { values in
      let row = values[point * points.columns..<(point + 1) * points.columns]
      distances.squared(from: UnsafeBufferPointer(rebasing: row), into: &result)
    }
    for index in result.indices { result[index] = result[index].squareRoot() }
  }

  /// Which medoid to give up for the candidate, and the change of cost.
  private func bestExchange(_ fromCandidate: [Double]) -> (slot: Int, change: Double) {
    if medoids.count == 1 { return (0, fromCandidate.reduce(0, +) - cost) }
    var shared = 0.0
    var change = removalLoss
    for point in fromCandidate.indices {
      let distance = fromCandidate[point]
      if distance < nearestDistance[point] {
        shared += distance - nearestDistance[point]
        change[nearest[point]] += nearestDistance[point] - secondDistance[point]
      } else if distance < secondDistance[point] {
        change[nearest[point]] += distance - secondDistance[point]
      }
    }
    var best = 0
    for slot in change.indices where change[slot] < change[best] { best = slot }
    return (best, change[best] + shared)
  }

  private mutating func exchange(_ slot: Int, for candidate: Int, _ fromCandidate: [Double]) {
    isMedoid[medoids[slot]] = false
    isMedoid[candidate] = true
    medoids[slot] = candidate
    for point in fromCandidate.indices {
      if nearest[point] == slot || second[point] == slot {
        findNearestTwo(of: point)
      } else {
        offer(slot, at: fromCandidate[point], to: point)
      }
    }
    updateRemovalLoss()
  }

  private mutating func offer(_ slot: Int, at distance: Double, to point: Int) {
    if distance < nearestDistance[point] {
      (second[point], secondDistance[point]) = (nearest[point], nearestDistance[point])
      (nearest[point], nearestDistance[point]) = (slot, distance)
    } else if distance < secondDistance[point] {
      (second[point], secondDistance[point]) = (slot, distance)
    }
  }

  private mutating func findNearestTwo(of point: Int) {
    (nearestDistance[point], secondDistance[point]) = (.infinity, .infinity)
    for slot in medoids.indices {
      var squared = 0.0
      for coordinate in 0..<points.columns {
        let difference =
          points.values[medoids[slot] * points.columns + coordinate]
          - points.values[point * points.columns + coordinate]
        squared += difference * difference
      }
      offer(slot, at: squared.squareRoot(), to: point)
    }
  }

  private mutating func updateRemovalLoss() {
    for slot in removalLoss.indices { removalLoss[slot] = 0 }
    for point in nearest.indices { removalLoss[nearest[point]] += secondDistance[point] - nearestDistance[point] }
  }
}
