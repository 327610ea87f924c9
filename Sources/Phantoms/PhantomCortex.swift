import Randomness

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Grows the sulci of one hemisphere, so that no two subjects fold alike.
///
/// Named sulci follow the template's landmarks with jitter. Then further sulci start wherever the outer edge is still
/// smooth and wander inwards, side branches leave the longer ones, and a few islands fill what is left (folds that reach
/// the surface outside the plane). All keep their distance from each other, from the deep nuclei and from the edge, so
/// that grey matter of one thickness on both banks leaves white matter in every gyrus.
struct PhantomCortex {
  /// The sulci grown so far, with the relative width as radius.
  private(set) var sulci: [PhantomStroke] = []
  /// Where sulci open at the outer edge.
  private(set) var openings: [SIMD2<Double>] = []

  private let outline: [SIMD2<Double>]
  private let core: [PhantomStroke]
  private var random: RandomStream
  private static let step = 1.2

  /// - Parameters:
  ///   - outline: the edge of the right hemisphere, densely sampled.
  ///   - core: deep nuclei and ventricles, which sulci keep away from.
  init(outline: [SIMD2<Double>], core: [PhantomStroke], random: RandomStream) {
    self.outline = outline
    self.core = core
    self.random = random
    growInsula()
    growNamed()
    growFromEdge()
    growBranches()
    growIslands()
  }

  private mutating func growInsula() {
    let shift = SIMD2(0.8 * random.normal(), 2 * random.normal())
    let folds = random.uniform(0.9, 1.6)
    let ends = PhantomTemplate.insula
    var controls: [SIMD3<Double>] = []
    // Short gyri of the insula: the curve swings in and out about every 6 mm.
    for (index, point) in ends.enumerated() {
      let swing = (index % 2 == 0 ? 1.0 : -1.0) * folds * random.uniform(0.4, 1.2)
      controls.append(
        SIMD3(
          point.x + shift.x + swing, point.y + shift.y + random.normal(), 1.25 * exp(0.25 * random.normal())))
    }
    sulci.append(PhantomStroke(through: controls, step: Self.step))
  }

  private mutating func growNamed() {
    for named in PhantomTemplate.sulci {
      let slide = 2.2 * random.normal()
      let start = named.path[0]
      let along = named.atSurface ? (named.path[1] - start).unit.turned * slide : SIMD2(0, 0.6 * slide)
      let goals = named.path.indices.dropFirst().map { index in
        let jitter = SIMD2(random.normal(), random.normal()) * (named.mustArrive ? 1.0 : 2.2)
        return named.path[index] + along + jitter
      }
      let origin = start + along
      let grown = grow(
        from: origin, goals: goals, length: 60, clearance: named.mustArrive ? 0 : 7.5,
        wiggle: named.mustArrive ? 0.3 : 0.5, width: named.width * (0.9 + 0.25 * random.uniform()))
      guard let grown else { continue }
      sulci.append(grown)
      if named.atSurface { openings.append(origin) }
    }
  }

  private mutating func growFromEdge() {
    for index in random.permutation(outline.count) {
      let origin = outline[index]
      guard origin.x > 6, clearance(origin) > 8.5 else { continue }
      let before = outline[max(0, index - 2)]
      let after = outline[min(outline.count - 1, index + 2)]
      let inward = (after - before).unit.turned
      let length = random.uniform(8, 24)
      let goal = origin + (inward + 0.25 * random.normal() * inward.turned) * length
      let grown = grow(
        from: origin - inward * 1.5, goals: [goal], length: length, clearance: 7.5, wiggle: 0.55,
        width: random.uniform(0.5, 1.0))
      if let grown {
        sulci.append(grown)
        openings.append(origin)
      }
    }
  }

  private mutating func growBranches() {
    for parent in sulci.indices.dropFirst() {
      let path = sulci[parent].points
      guard path.count > 9 else { continue }
      for side in [1.0, -1.0] where random.uniform() < 0.75 {
        let index = random.index(below: path.count - 5) + 4
        let direction = (path[min(index + 1, path.count - 1)] - path[index - 1]).unit
        let length = random.uniform(6, 13)
        let goal = path[index] + (direction.turned * side + direction * random.uniform(0.1, 0.7)).unit * length
        let grown = grow(
          from: path[index], goals: [goal], length: length, clearance: 6.5, wiggle: 0.5,
          width: random.uniform(0.45, 0.85), parent: parent)
        if let grown { sulci.append(grown) }
      }
    }
  }

  private mutating func growIslands() {
    for _ in 0..<140 {
      let anchor = outline[random.index(below: outline.count)]
      let centre = anchor - SIMD2(anchor.x - 8, anchor.y * 0.75).unit * random.uniform(9, 24)
      guard centre.x > 7, clearance(centre) > 8, coreDistance(centre) > 9 else { continue }
      let heading = SIMD2(random.normal(), random.normal()).unit
      let length = random.uniform(7, 14)
      let grown = grow(
        from: centre, goals: [centre + heading * length], length: length, clearance: 7, wiggle: 0.6,
        width: random.uniform(0.35, 0.8))
      if let grown { sulci.append(grown) }
    }
  }

  /// Grows one sulcus towards its goals; nil when it got stuck within the first few millimetres.
  private mutating func grow(
    from origin: SIMD2<Double>, goals: [SIMD2<Double>], length: Double, clearance wanted: Double, wiggle: Double,
    width: Double, parent: Int? = nil
  ) -> PhantomStroke? {
    var path = [origin]
    var goal = 0
    var heading = (goals[0] - origin).unit
    var bend = random.normal()
    for count in 0..<Int(length / Self.step) {
      let point = path[path.count - 1]
      let offset = goals[goal] - point
      if offset.length < 2 {
        goal += 1
        if goal == goals.count { break }
      }
      bend = 0.88 * bend + 0.47 * random.normal()
      var direction = offset.unit + heading.turned * (bend * wiggle)
      let (distance, away) = nearest(point, except: parent, nearStart: path.count < 6)
      if wanted > 0, distance < wanted + 3 { direction += away * (0.7 * (wanted + 3 - distance) / 3) }
      heading = (0.55 * heading + 0.45 * direction.unit).unit
      let next = point + heading * Self.step
      if wanted > 0, count > 2 {
        if clearance(next, except: path.count < 6 ? parent : nil) < wanted - 1 { break }
        if coreDistance(next) < 5 { break }
        if path.count > 6, next.x < 5.5 || edgeDistance(next) < 5 { break }
      }
      path.append(next)
    }
    guard path.count >= 4 else { return nil }
    let last = Double(path.count - 1)
    let radii = path.indices.map { index in
      let depth = Double(index) / last
      return width * (0.85 + 0.55 * exp(-4 * depth) + 0.1 * random.normal())
    }
    return PhantomStroke(points: path, radii: radii)
  }

  /// The distance to the nearest sulcus grown so far, and the direction away from it.
  private func nearest(_ point: SIMD2<Double>, except parent: Int?, nearStart: Bool) -> (Double, SIMD2<Double>) {
    var best = Double.infinity
    var away = SIMD2(0.0, 0.0)
    for index in sulci.indices where !(nearStart && index == parent) {
      for other in sulci[index].points {
        let distance = (point - other).length
        if distance < best {
          best = distance
          away = (point - other).unit
        }
      }
    }
    return (best, away)
  }

  private func clearance(_ point: SIMD2<Double>, except parent: Int? = nil) -> Double {
    nearest(point, except: parent, nearStart: parent != nil).0
  }

  private func coreDistance(_ point: SIMD2<Double>) -> Double {
    core.reduce(Double.infinity) { min($0, $1.distance(point)) }
  }

  private func edgeDistance(_ point: SIMD2<Double>) -> Double {
    outline.reduce(Double.infinity) { min($0, ($1 - point).length) }
  }
}
