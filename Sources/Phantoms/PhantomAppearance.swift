import Randomness

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How one subject's scan looks: tissue brightness, sharpness, shading and noise.
struct PhantomAppearance: Sendable {
  /// Brightness of white matter in scanner units.
  let white: Double
  /// Brightness of grey matter and cerebrospinal fluid beside white matter.
  let grey: Double
  let fluid: Double
  /// Standard deviation of the noise beside white matter.
  let noise: Double
  /// Standard deviation of the point spread in millimetres.
  let blur: Double
  /// Thickness of the cortex in millimetres.
  let thickness: Double
  /// How pale the rim around the ventricles is beside white matter.
  let rim: Double
  /// How much fluid skull stripping leaves around the brain, in millimetres.
  let margin: Double
  private let random: RandomStream

  init(traits: PhantomTraits, random: RandomStream) {
    var draw = random
    white = 850 * exp(0.12 * draw.normal())
    grey = 0.68 + 0.03 * draw.normal() + 0.0004 * (traits.age - 50)
    fluid = 0.27 + 0.035 * draw.normal()
    noise = 0.022 * exp(0.3 * draw.normal())
    blur = 0.7 * exp(0.12 * draw.normal())
    thickness = 2.75 - 0.006 * (traits.age - 50) - 0.15 * traits.severity + 0.15 * draw.normal()
    rim = 0.04 + 0.0012 * max(0, traits.age - 50)
    margin = 1 + 0.3 * traits.sulcalWidthMillimetres
    self.random = random
  }

  /// Draws the scan, row-major `[height, width]`, in scanner units; exactly 0 outside the brain.
  func draw(_ anatomy: PhantomAnatomy, height: Int, width: Int, spacing: Double) -> [Float] {
    let fine = max(1, Int((spacing / 1.05).rounded(.up)))
    let grid = PhantomGrid(height: height * fine, width: width * fine, spacing: spacing / Double(fine))
    var (image, mask) = tissue(anatomy, on: grid)
    Self.blur(&image, on: grid, deviation: blur / grid.spacing)
    return expose(image, mask: mask, fine: fine, height: height, width: width, spacing: spacing)
  }

  /// Brightness beside white matter, and whether a pixel survives skull stripping.
  private func tissue(
    _ anatomy: PhantomAnatomy, on grid: PhantomGrid
  ) -> (image: [Float], mask: [Float]) {
    var fields = random.substream("texture")
    let folding = PhantomField(period: 5, random: &fields)
    let regional = PhantomField(period: 26, random: &fields)
    let texture = PhantomField(period: 3.2, random: &fields)
    let stripping = PhantomField(period: 16, random: &fields)
    let reach = 8.0
    let hull = grid.signedDistances(to: anatomy.hull, reach: reach)
    let sulci = grid.distances(to: anatomy.sulci, reach: reach)
    let ventricles = grid.distances(to: anatomy.ventricles, reach: reach)
    let choroid = grid.distances(to: anatomy.choroidPlexus, reach: 2)
    let nuclei = anatomy.nuclei.map { grid.distances(to: $0.strokes, reach: 2) }
    var image = [Float](repeating: 0, count: grid.height * grid.width)
    var mask = image
    for row in 0..<grid.height {
      for column in 0..<grid.width {
        let index = row * grid.width + column
        guard hull[index] < 4 else { continue }
        let point = grid.position(row: row, column: column)
        let outside = Double(hull[index])
        if outside < margin + 0.5 * stripping.value(point.x, point.y) { mask[index] = 1 }
        let depth = Self.smoothMinimum(-outside, Double(sulci[index]), width: 2.6)
        let ventricle = Double(ventricles[index])
        var brightness = 1 + 0.012 * texture.value(point.x, point.y) + 0.012 * regional.value(point.x, point.y)
        // Pale rims around the ventricles, which grow with age.
        brightness -= rim * exp(-max(ventricle, 0) / 2.5)
        let here = thickness + 0.4 * folding.value(point.x, point.y) + 0.3 * regional.value(point.x, point.y)
        let cortex = Self.ramp(here - depth, width: 1.6)
        brightness += cortex * (grey - brightness)
        for (nucleus, field) in zip(anatomy.nuclei, nuclei) {
          let share = Self.ramp(-Double(field[index]), width: 1.4)
          let target = grey + 0.04 + nucleus.whiteness * (1 - grey)
          brightness += share * (target - brightness)
        }
        var wet = max(Self.ramp(-depth, width: 1), Self.ramp(-ventricle, width: 1))
        wet *= 1 - 0.4 * Self.ramp(-Double(choroid[index]), width: 1.5)
        image[index] = Float(brightness + wet * (fluid - brightness))
      }
    }
    return (image, mask)
  }

  /// Averages `fine` x `fine` pixels into one, then adds shading and Rician noise and strips the background.
  private func expose(
    _ image: [Float], mask: [Float], fine: Int, height: Int, width: Int, spacing: Double
  ) -> [Float] {
    var shading = random.substream("shading")
    let bias = PhantomField(period: 75, random: &shading)
    let strength = 0.05 * (0.5 + shading.uniform())
    var grain = random.substream("grain")
    let grid = PhantomGrid(height: height, width: width, spacing: spacing)
    let share = 1 / Float(fine * fine)
    return (0..<height * width).map { index in
      let row = index / width
      let column = index % width
      let first = grain.normal()
      let second = grain.normal()
      var signal: Float = 0
      var kept: Float = 0
      for y in row * fine..<(row + 1) * fine {
        for x in column * fine..<(column + 1) * fine {
          signal += image[y * width * fine + x] * mask[y * width * fine + x]
          kept += mask[y * width * fine + x]
        }
      }
      guard kept * share >= 0.5 else { return 0 }
      let point = grid.position(row: row, column: column)
      let shaded = Double(signal * share) * exp(strength * bias.value(point.x, point.y))
      let real = shaded + noise * first
      let imaginary = noise * second
      return Float(white * (real * real + imaginary * imaginary).squareRoot())
    }
  }

  /// A ramp from 0 to 1 over `width` millimetres around 0.
  private static func ramp(_ value: Double, width: Double) -> Double {
    let t = min(max(value / width + 0.5, 0), 1)
    return t * t * (3 - 2 * t)
  }

  /// The smaller of two values, rounded where they are within `width` of each other.
  private static func smoothMinimum(_ a: Double, _ b: Double, width: Double) -> Double {
    let overlap = max(width - abs(a - b), 0) / width
    return min(a, b) - overlap * overlap * width / 4
  }

  /// Blurs with a Gaussian of the given standard deviation in pixels, rows then columns.
  private static func blur(_ image: inout [Float], on grid: PhantomGrid, deviation: Double) {
    let radius = max(1, Int((3 * deviation).rounded(.up)))
    var weights = (-radius...radius).map { Float(exp(-0.5 * Double($0 * $0) / (deviation * deviation))) }
    let total = weights.reduce(0, +)
    weights = weights.map { $0 / total }
    for (lines, length, lineStep, step) in [
      (grid.height, grid.width, grid.width, 1), (grid.width, grid.height, 1, grid.width),
    ] {
      let source = image
      for line in 0..<lines {
        for place in 0..<length {
          var sum: Float = 0
          for offset in -radius...radius {
            let clamped = min(max(place + offset, 0), length - 1)
            sum += weights[offset + radius] * source[line * lineStep + clamped * step]
          }
          image[line * lineStep + place * step] = sum
        }
      }
    }
  }
}
