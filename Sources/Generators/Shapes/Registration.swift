import Foundation
import Networks
import Tensors

/// Finds the smooth, invertible deformation that brings a template to an image, and a smooth brightness beside it.
///
/// The deformation is the exponential of a velocity field that is constant in time, taken by scaling and squaring. With template T,
/// image X, velocity v on a coarse grid and log-brightness b on a coarser one it minimises
///
///     sum ((T at x + exp(v)(x)) exp(b) - X)^2 / (2 sigma^2) + alpha sum |neighbouring v - v|^2 + 0.02 sum |v|^2 + sum b^2 / (2 0.1^2)
///
/// by Adam, both images blurred.
///
/// Source: Arsigny et al., "A log-Euclidean framework for statistics on diffeomorphisms", MICCAI 2006 (the exponential); Ashburner,
/// "A fast diffeomorphic image registration algorithm", NeuroImage 2007 (registration with it).
package struct Registration: Sendable {
  package let grid: ControlGrid
  package let brightness: ControlGrid
  package let warp: Warp
  static let squarings = 5
  static let sigma: Float = 0.1
  static let stiffness: Float = 2
  /// The image's longer side, as a part of the one that the settings were found at.
  private let scale: Float

  package init(height: Int, width: Int) {
    let spacing = max(4, Double(max(height, width)) / 18)
    func points(_ length: Int) -> Int { max(3, Int((Double(length) / spacing).rounded())) }
    grid = ControlGrid(height: height, width: width, rows: points(height), columns: points(width))
    brightness = ControlGrid(height: height, width: width, rows: 5, columns: 4)
    warp = Warp(height: height, width: width)
    scale = Float(max(height, width)) / 104
  }

  /// Values of a velocity field: two planes of the coarse grid.
  package var velocityCount: Int { 2 * grid.count }

  /// The displacement that follows from a velocity, `2 * height * width` values.
  package func exponential(_ velocity: [Float]) -> [Float] { fields(velocity).last! }

  /// The fields of scaling and squaring, from the smallest on.
  private func fields(_ velocity: [Float]) -> [[Float]] {
    let pixels = grid.pixels
    var small = [Float](repeating: 0, count: 2 * pixels)
    small.withUnsafeMutableBufferPointer { small in
      velocity.withUnsafeBufferPointer {
        grid.spread($0.baseAddress!, to: small.baseAddress!)
        grid.spread($0.baseAddress! + grid.count, to: small.baseAddress! + pixels)
      }
      let divisor = Float(1 << Self.squarings)
      for index in small.indices { small[index] /= divisor }
    }
    var result = [small]
    for _ in 0..<Self.squarings {
      var next = [Float](repeating: 0, count: 2 * pixels)
      warp.compose(result.last!, after: result.last!, to: &next)
      result.append(next)
    }
    return result
  }

  /// The loss and its gradients by velocity and log-brightness.
  package func loss(template: [Float], image: [Float], velocity: [Float], logBrightness: [Float]) -> (
    loss: Double, velocity: [Float], logBrightness: [Float]
  ) {
    let pixels = grid.pixels
    let fields = fields(velocity)
    var warped = [Float](repeating: 0, count: pixels)
    warp.sample(template, fields.last!, to: &warped)
    var light = [Float](repeating: 0, count: pixels)
    brightness.spread(logBrightness, to: &light)
    let precision = 1 / (Self.sigma * Self.sigma)
    var loss = 0.0
    var (byWarped, byLight) = (light, light)
    for pixel in 0..<pixels {
      let factor = exp(light[pixel])
      let difference = warped[pixel] * factor - image[pixel]
      loss += Double(0.5 * precision * difference * difference)
      byWarped[pixel] = precision * difference * factor
      byLight[pixel] = precision * difference * warped[pixel] * factor
    }
    var gradient = [Float](repeating: 0, count: 2 * pixels)
    warp.sampleAdjoint(template, fields.last!, gradient: byWarped, to: &gradient)
    var other = gradient
    for field in fields.dropLast().reversed() {
      warp.squareAdjoint(field, gradient: gradient, to: &other)
      swap(&gradient, &other)
    }
    let divisor = Float(1 << Self.squarings)
    for index in gradient.indices { gradient[index] /= divisor }
    var byVelocity = [Float](repeating: 0, count: velocityCount)
    byVelocity.withUnsafeMutableBufferPointer { target in
      gradient.withUnsafeBufferPointer {
        grid.gather($0.baseAddress!, to: target.baseAddress!)
        grid.gather($0.baseAddress! + pixels, to: target.baseAddress! + grid.count)
      }
    }
    loss += addStiffness(of: velocity, to: &byVelocity)
    var byBrightness = [Float](repeating: 0, count: brightness.count)
    brightness.gather(byLight, to: &byBrightness)
    for index in logBrightness.indices {
      loss += Double(50 * logBrightness[index] * logBrightness[index])
      byBrightness[index] += 100 * logBrightness[index]
    }
    return (loss, byVelocity, byBrightness)
  }

  private func addStiffness(of velocity: [Float], to gradient: inout [Float]) -> Double {
    var loss = 0.0
    func pull(_ one: Int, _ other: Int) {
      let difference = velocity[other] - velocity[one]
      loss += Double(Self.stiffness * difference * difference)
      gradient[other] += 2 * Self.stiffness * difference
      gradient[one] -= 2 * Self.stiffness * difference
    }
    for plane in 0..<2 {
      for row in 0..<grid.rows {
        for column in 0..<grid.columns {
          let index = plane * grid.count + row * grid.columns + column
          if column + 1 < grid.columns { pull(index, index + 1) }
          if row + 1 < grid.rows { pull(index, index + grid.columns) }
          loss += Double(0.02 * Self.stiffness * velocity[index] * velocity[index])
          gradient[index] += 0.04 * Self.stiffness * velocity[index]
        }
      }
    }
    return loss
  }

  /// The velocity that brings the template to the image.
  ///
  /// - Parameter steps: of Adam.
  package func velocity(from template: [Float], to image: [Float], steps: Int) -> [Float] {
    let (template, image) = (blurred(template), blurred(image))
    var velocity = Moving(count: velocityCount)
    var light = Moving(count: brightness.count)
    for step in 1...max(steps, 1) {
      let found = loss(template: template, image: image, velocity: velocity.values, logBrightness: light.values)
      let isLate = step > steps * 7 / 10
      velocity.move(found.velocity, rate: (isLate ? 0.04 : 0.1) * scale, step: step)
      light.move(found.logBrightness, rate: isLate ? 0.008 : 0.02, step: step)
    }
    return velocity.values
  }

  /// Values under Adam.
  private struct Moving {
    var values: [Float]
    var first: [Float]
    var second: [Float]

    init(count: Int) {
      values = Array(repeating: 0, count: count)
      (first, second) = (values, values)
    }

    mutating func move(_ gradient: [Float], rate: Float, step: Int) {
      let decays = Adam.usualDecays
      let powers = (pow(Double(decays.first), Double(step)), pow(Double(decays.second), Double(step)))
      values.withUnsafeMutableBufferPointer { values in
        first.withUnsafeMutableBufferPointer { first in
          second.withUnsafeMutableBufferPointer { second in
            gradient.withUnsafeBufferPointer {
              Adam.update(values, first, second, $0, learningRate: rate, powers: powers)
            }
          }
        }
      }
    }
  }

  /// An image blurred by a Gaussian of one pixel at 104 pixels, half a pixel at least.
  package func blurred(_ image: [Float]) -> [Float] {
    let deviation = max(0.5, scale)
    let reach = Int((3 * deviation).rounded(.up))
    var kernel = (-reach...reach).map { exp(-Float($0 * $0) / (2 * deviation * deviation)) }
    let sum = kernel.reduce(0, +)
    kernel = kernel.map { $0 / sum }
    let (height, width) = (grid.height, grid.width)
    var across = image
    for line in 0..<height {
      for column in 0..<width {
        across[line * width + column] = (-reach...reach).reduce(0) {
          $0 + kernel[$1 + reach] * image[line * width + min(max(column + $1, 0), width - 1)]
        }
      }
    }
    var result = image
    for line in 0..<height {
      for column in 0..<width {
        result[line * width + column] = (-reach...reach).reduce(0) {
          $0 + kernel[$1 + reach] * across[min(max(line + $1, 0), height - 1) * width + column]
        }
      }
    }
    return result
  }

  /// An image of the shape that `from` stands for, in the shape of `to`; sharply interpolated, within [0, 1].
  ///
  /// - Parameter image: `[height, width, channel]`; all channels take the same shape.
  package func reshaped(_ image: [Float], channels: Int = 1, from: [Float], to: [Float]) -> [Float] {
    let back = exponential(from.map { -$0 })
    let forth = exponential(to)
    var field = back
    warp.compose(back, after: forth, to: &field)
    var result = image
    warp.sampleSharply(image, channels: channels, field, to: &result)
    return result.map { min(1, max(0, $0)) }
  }
}
