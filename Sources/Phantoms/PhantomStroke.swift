/// The one primitive of the phantom's anatomy: a curve with a radius at every point, in millimetres.
///
/// Its signed distance is the distance to the nearest point of the curve minus the radius there. A sulcus is a thin
/// stroke, a ventricle a thick one, the putamen a short one that tapers at both ends. A negative radius closes the
/// stroke: nothing lies inside.
///
/// Coordinates: x grows to the right of the image, y downwards (to the back of the head), from the centre of the brain.
struct PhantomStroke: Sendable {
  var points: [SIMD2<Double>]
  var radii: [Double]

  init(points: [SIMD2<Double>], radii: [Double]) {
    precondition(points.count == radii.count, "\(points.count) points, \(radii.count) radii")
    self.points = points
    self.radii = radii
  }

  /// A Catmull-Rom curve through control points given as (x, y, radius), with a point about every `step` millimetres.
  init(through controls: [SIMD3<Double>], step: Double = 1.5) {
    let curve = Self.spline(controls, closed: false, step: step)
    self.init(points: curve.map { SIMD2($0.x, $0.y) }, radii: curve.map(\.z))
  }

  /// The same stroke with every point moved by `transform`.
  func mapped(_ transform: (SIMD2<Double>) -> SIMD2<Double>) -> PhantomStroke {
    PhantomStroke(points: points.map(transform), radii: radii)
  }

  /// The same stroke on the other side of the midline.
  var mirrored: PhantomStroke { mapped { SIMD2(-$0.x, $0.y) } }

  /// The signed distance of a point in millimetres, from the vertices alone.
  func distance(_ point: SIMD2<Double>) -> Double {
    var nearest = Double.infinity
    for index in points.indices {
      let offset = points[index] - point
      nearest = min(nearest, (offset * offset).sum().squareRoot() - radii[index])
    }
    return nearest
  }

  /// Points of a Catmull-Rom curve (centripetal enough for well-spaced controls), about `step` apart.
  static func spline(_ controls: [SIMD3<Double>], closed: Bool, step: Double) -> [SIMD3<Double>] {
    let count = controls.count
    precondition(count >= 2, "a curve needs two control points, got \(count)")
    func control(_ index: Int) -> SIMD3<Double> {
      closed ? controls[(index + count) % count] : controls[min(max(index, 0), count - 1)]
    }
    var curve: [SIMD3<Double>] = []
    for segment in 0..<(closed ? count : count - 1) {
      let p0 = control(segment - 1)
      let p1 = control(segment)
      let p2 = control(segment + 1)
      let p3 = control(segment + 2)
      let chord = SIMD2(p2.x - p1.x, p2.y - p1.y).length
      let pieces = max(1, Int((chord / step).rounded(.up)))
      let linear = p2 - p0
      let quadratic = 2 * p0 - 5 * p1 + 4 * p2 - p3
      let cubic = 3 * p1 - p0 - 3 * p2 + p3
      for piece in 0..<pieces {
        let t = Double(piece) / Double(pieces)
        let shift = 0.5 * (linear * t + quadratic * (t * t) + cubic * (t * t * t))
        curve.append(p1 + shift)
      }
    }
    if !closed { curve.append(controls[count - 1]) }
    return curve
  }
}

extension SIMD2<Double> {
  /// The Euclidean length.
  var length: Double { (self * self).sum().squareRoot() }
  /// The vector of length 1 in the same direction, or zero for the zero vector.
  var unit: SIMD2<Double> { length > 0 ? self / length : self }
  /// The vector turned by a right angle.
  var turned: SIMD2<Double> { SIMD2(-y, x) }
}
