import Randomness

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// One subject's anatomy as curves in millimetres, ready to be drawn.
struct PhantomAnatomy: Sendable {
  /// The outer edge of the brain, a closed polygon that dips where sulci open.
  let hull: [SIMD2<Double>]
  /// Sulci and fissures; the radius is half the width.
  let sulci: [PhantomStroke]
  /// Lateral and third ventricles.
  let ventricles: [PhantomStroke]
  let choroidPlexus: [PhantomStroke]
  let nuclei: [Nucleus]

  struct Nucleus: Sendable {
    var strokes: [PhantomStroke]
    /// Brightness from grey matter (0) to white matter (1).
    var whiteness: Double
  }

  init(traits: PhantomTraits, random: RandomStream) {
    var shape = random.substream("shape")
    let level = shape.uniform()
    let lean = 0.08 * shape.normal()
    let halves = [1.0, -1.0].map { side in
      Ventricle(
        controls: PhantomTemplate.lateralVentricle(level: level), scale: traits.ventricleScale * exp(side * lean),
        side: side, random: &shape)
    }
    var warpRandom = random.substream("warp")
    let deformation = PhantomDeformation(traits: traits, ventricles: halves, random: &warpRandom)

    var sulci: [PhantomStroke] = []
    var edge: [SIMD2<Double>] = []
    for side in [1.0, -1.0] {
      let isRight = side > 0
      let outline = Self.outline(side: side, random: &shape)
      let core =
        PhantomTemplate.nuclei.map { PhantomStroke(through: $0.shape) }
        + [PhantomStroke(through: PhantomTemplate.lateralVentricle(level: level))]
      let cortex = PhantomCortex(
        outline: outline, core: core, random: random.substream("cortex", index: isRight ? 0 : 1))
      sulci += cortex.sulci.map { isRight ? $0 : $0.mirrored }
      var dipped = outline
      for opening in cortex.openings {
        let dip = 0.9 + 1.2 * shape.uniform() + 0.3 * traits.sulcalWidthMillimetres
        for index in dipped.indices {
          let offset = (outline[index] - opening).length / 3.2
          dipped[index] -= outline[index].unit * (dip * exp(-0.5 * offset * offset))
        }
      }
      edge += isRight ? dipped : dipped.reversed().map { SIMD2(-$0.x, $0.y) }
    }
    sulci += [
      Self.fissure(PhantomTemplate.frontalFissure, random: &shape),
      Self.fissure(PhantomTemplate.occipitalFissure, random: &shape),
    ]
    hull = edge.map(deformation.settle)
    self.sulci = sulci.map { sulcus in
      let opened = sulcus.radii.map { $0 * traits.sulcalWidthMillimetres / 2 }
      return PhantomStroke(points: sulcus.points, radii: opened).mapped(deformation.apply)
    }

    let third = PhantomTemplate.thirdVentricle(level: level).map {
      SIMD3($0.x, $0.y, $0.z > 0 ? $0.z * traits.ventricleScale : $0.z)
    }
    ventricles =
      halves.map { $0.stroke.mapped(deformation.settle) }
      + [third, PhantomTemplate.cistern].map { PhantomStroke(through: $0).mapped(deformation.settle) }
    choroidPlexus = [1.0, -1.0].map { side in
      PhantomStroke(through: PhantomTemplate.choroidPlexus.map { SIMD3($0.x * side, $0.y, $0.z) })
        .mapped(deformation.apply)
    }
    var nucleiRandom = random.substream("nuclei")
    nuclei = PhantomTemplate.nuclei.map { nucleus in
      let size = 1 + 0.06 * nucleiRandom.normal()
      let strokes = [1.0, -1.0].map { side in
        PhantomStroke(
          through: nucleus.shape.map { point in
            SIMD3(
              side * (point.x + 0.4 * nucleiRandom.normal()), point.y + 0.6 * nucleiRandom.normal(), point.z * size)
          }
        ).mapped(deformation.apply)
      }
      return Nucleus(strokes: strokes, whiteness: nucleus.whiteness + 0.05 * nucleiRandom.normal())
    }
  }

  /// One hemisphere's edge with its own proportions, densely sampled; always as a right half.
  private static func outline(side: Double, random: inout RandomStream) -> [SIMD2<Double>] {
    let frontal = 0.9 * random.normal() + 0.8 * side
    let occipital = 0.9 * random.normal() - 0.8 * side
    let controls = PhantomTemplate.outline.map { point in
      let outwards = 0.45 * random.normal() + max(0, -point.y / 80) * frontal + max(0, point.y / 80) * occipital
      let moved = point + point.unit * outwards
      return SIMD3(moved.x, moved.y, 0)
    }
    return PhantomStroke(through: controls, step: 1.5).points
  }

  private static func fissure(_ path: [SIMD2<Double>], random: inout RandomStream) -> PhantomStroke {
    PhantomStroke(
      through: path.map { SIMD3($0.x + 0.7 * random.normal(), $0.y + random.normal(), 1.15 + 0.2 * random.normal()) })
  }

  /// One lateral ventricle: the template's axis, and how far each part of its wall moves outwards.
  struct Ventricle: Sendable {
    private let axis: [SIMD2<Double>]
    private let radii: [Double]
    private let widening: [Double]
    /// The widened ventricle.
    let stroke: PhantomStroke

    /// - Parameters:
    ///   - controls: (x, y, radius) of the right ventricle.
    ///   - scale: width as a multiple of the template's.
    ///   - side: 1 for the right, -1 for the left.
    init(controls: [SIMD3<Double>], scale: Double, side: Double, random: inout RandomStream) {
      let jitter = controls.map { _ in
        SIMD3(0.5 * random.normal(), 0.7 * random.normal(), 1 + 0.08 * random.normal())
      }
      let template = PhantomStroke(
        through: zip(controls, jitter).map { SIMD3(($0.x + $1.x) * side, $0.y + $1.y, $0.z) })
      let factors = PhantomStroke(through: zip(controls, jitter).map { SIMD3(($0.x + $1.x) * side, $0.y + $1.y, $1.z) })
        .radii
      let axis = template.points
      let radii = template.radii
      let widened = zip(radii, factors).map { radius, factor in
        radius > 0 ? radius * scale * factor : radius + 1.3 * (scale - 1)
      }
      let widening = zip(widened, radii).map { max($0, 0) - max($1, 0) }
      // The inner wall stays at the septum, so the axis moves to the side as the ventricle widens.
      let points = axis.indices.map { index in
        let outwards = max(abs(axis[index].x) + 0.6 * widening[index], widened[index] + 0.7)
        return SIMD2(outwards * side, axis[index].y)
      }
      stroke = PhantomStroke(points: points, radii: widened)
      self.axis = axis
      self.radii = radii
      self.widening = widening
    }

    /// How far a point of the template moves when the ventricle widens.
    func push(_ point: SIMD2<Double>) -> SIMD2<Double> {
      var nearest = 0
      var best = Double.infinity
      for index in axis.indices {
        let distance = (point - axis[index]).length - radii[index]
        if distance < best {
          best = distance
          nearest = index
        }
      }
      let reach = max(best, 0) / 14
      let away = (point - axis[nearest]).unit
      return away * (1.5 * widening[nearest] / (1 + reach * reach * reach))
    }
  }
}
