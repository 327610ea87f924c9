import Randomness

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The map from the template's anatomy to one subject's: widened ventricles push their surroundings outwards, smooth
/// random warps bend everything, and an affine map sets size, proportions, tilt and position.
struct PhantomDeformation: Sendable {
  private let warps: [PhantomWarp]
  private let across: SIMD2<Double>
  private let down: SIMD2<Double>
  private let shift: SIMD2<Double>
  private let ventricles: [PhantomAnatomy.Ventricle]

  init(traits: PhantomTraits, ventricles: [PhantomAnatomy.Ventricle], random: inout RandomStream) {
    self.ventricles = ventricles
    warps = [
      PhantomWarp(period: 70, amplitude: 1.6, random: &random),
      PhantomWarp(period: 28, amplitude: 0.9, random: &random),
      PhantomWarp(period: 11, amplitude: 0.45, random: &random),
    ]
    let proportion = 0.022 * random.normal()
    let angle = 0.03 * random.normal()
    let shear = 0.012 * random.normal()
    let scale = SIMD2(traits.brainScale * (1 + proportion), traits.brainScale * (1 - proportion))
    across = SIMD2(cos(angle), sin(angle)) * scale.x
    down = SIMD2(-sin(angle) + shear, cos(angle)) * scale.y
    shift = SIMD2(1.8 * random.normal(), 2 * random.normal())
  }

  /// Where a point of the template lies in the subject, in millimetres.
  func apply(_ point: SIMD2<Double>) -> SIMD2<Double> {
    var moved = point
    for ventricle in ventricles { moved += ventricle.push(point) }
    return settle(moved)
  }

  /// The same without the push of the ventricles, for the ventricles themselves and for the brain's outline.
  func settle(_ point: SIMD2<Double>) -> SIMD2<Double> {
    var moved = point
    for warp in warps { moved += warp.displacement(point) }
    return across * moved.x + down * moved.y + shift
  }
}
