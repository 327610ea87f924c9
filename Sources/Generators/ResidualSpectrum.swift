import Foundation
import Geometry
import Parallelism
import Randomness
import Tensors

/// How the power of what a decoder leaves out of images is spread over radial spatial frequency, and noise that has it.
///
/// A decoder gives the mean of p(x | z), which is smooth; an image is that mean and what the decoder leaves out. The noise
/// here stands for the latter: a stationary Gaussian field whose power depends on the radial frequency alone.
///
/// The discrete Hartley basis cas(2 pi u i / n) / sqrt(n), cas a = cos a + sin a, is orthonormal and real, and a
/// convolution with a kernel that is even along both axes is diagonal in the product of two such bases. A field with a
/// power that is even in both frequencies therefore has independent coefficients there: the mean square of a residual's
/// coefficients in a ring estimates the power, and normal coefficients with it make a sample.
///
/// What is left out of a colour image is mostly grey: its channels go together. So red, green and blue are first brought to
/// the orthonormal axes (r + g + b) / sqrt 3, (r - b) / sqrt 2 and (r - 2g + b) / sqrt 6, each of which has a spectrum of its
/// own and independent noise.
public struct ResidualSpectrum: Sendable, Equatable {
  /// The mean squared coefficient in each ring of radial frequency, from 0 cycles a pixel on, in squared intensity.
  /// Ring r holds the frequencies nearest to r / (2 R) cycles a pixel, R being half the shorter side. In colour, the rings
  /// of the three axes one after the other.
  public let power: [Double]

  public init(power: [Double]) {
    self.power = power
  }

  /// Estimates the power of the differences of two sets of images.
  ///
  /// - Parameters:
  ///   - images: `[height, width, channel]` each, at least one.
  ///   - decoded: what the decoder made of those in a range, `[image, height, width, channel]`; asked for piece by piece.
  public init(of images: TensorRows, less decoded: (Range<Int>) -> Tensor) {
    precondition(images.rowShape.count == 3 && images.count > 0, "images")
    let basis = HartleyBasis(height: images.rowShape[0], width: images.rowShape[1])
    var sums: [[Double]] = []
    for start in stride(from: 0, to: images.count, by: 50) {
      let range = start..<min(start + 50, images.count)
      sums += Self.ringSums(images.rows(range), less: decoded(range), basis)
    }
    let rings = basis.ringSizes.count
    power = (0..<rings * images.rowShape[2]).map { place in
      let total = sums.reduce(0) { $0 + $1[place] }
      let size = basis.ringSizes[place % rings]
      return size == 0 ? 0 : total / Double(size * sums.count)
    }
  }

  /// Estimates the power of the differences of two sets of images, `[image, height, width, channel]`, at least one.
  public init(of images: Tensor, less decoded: Tensor) {
    let rows = TensorRows(decoded)
    self.init(of: TensorRows(images)) { rows.rows($0) }
  }

  /// The squared coefficients of each image's difference, added up in each ring of each axis.
  private static func ringSums(_ images: Tensor, less decoded: Tensor, _ basis: HartleyBasis) -> [[Double]] {
    precondition(images.shape == decoded.shape, "pairs of images, not \(images.shape) and \(decoded.shape)")
    let channels = images.shape[3]
    let length = images.shape[1] * images.shape[2] * channels
    let rings = basis.ringSizes.count
    return concurrentMap(images.shape[0]) { image -> [Double] in
      let values = image * length..<(image + 1) * length
      let difference = values.map { place in Double(images.buffer[place] - decoded.buffer[place]) }
      var sums = [Double](repeating: 0, count: rings * channels)
      for (axis, plane) in ColourAxes.planes(of: difference, channels: channels).enumerated() {
        let coefficients = basis.transform(plane)
        for (index, ring) in basis.rings.enumerated() {
          sums[axis * rings + ring] += coefficients[index] * coefficients[index]
        }
      }
      return sums
    }
  }

  /// The mean of several, so that the noise of every class is alike and tells none of them; nil for none, or when they
  /// are of different image sizes.
  public static func mean(_ spectra: [ResidualSpectrum]) -> ResidualSpectrum? {
    guard let first = spectra.first, spectra.allSatisfy({ $0.power.count == first.power.count }) else { return nil }
    return ResidualSpectrum(
      power: first.power.indices.map { ring in
        spectra.reduce(0) { $0 + $1.power[ring] } / Double(spectra.count)
      })
  }

  /// Images with noise of this spectrum added to each, clipped to [0, 1].
  ///
  /// - Parameters:
  ///   - images: `[image, height, width, channel]`, of the size and channels that the spectrum was estimated at.
  ///   - stream: image i has its noise from the substream ("noise", i).
  public func adding(to images: Tensor, stream: RandomStream) -> Tensor {
    let (height, width, channels) = (images.shape[1], images.shape[2], images.shape[3])
    let basis = HartleyBasis(height: height, width: width)
    let rings = basis.ringSizes.count
    precondition(rings * channels == power.count, "a spectrum of \(power.count) rings for other images")
    let deviations = (0..<channels).map { axis in basis.rings.map { power[axis * rings + $0].squareRoot() } }
    let length = height * width * channels
    let noisy = concurrentMap(images.shape[0]) { image -> [Float] in
      var random = stream.substream("noise", index: image)
      let planes = deviations.map { plane in basis.transform(plane.map { $0 * random.normal() }) }
      let noise = ColourAxes.values(of: planes)
      return (0..<length).map { min(1, max(0, images.buffer[image * length + $0] + Float(noise[$0]))) }
    }
    return Tensor(images.shape, values: noisy.flatMap { $0 })
  }
}

/// Orthonormal axes of colours: grey first, then two of hue. One channel is its own axis.
private enum ColourAxes {
  private static let axes: [[Double]] = {
    let (third, half, sixth) = ((1 / 3.0).squareRoot(), 0.5.squareRoot(), (1 / 6.0).squareRoot())
    return [[third, third, third], [half, 0, -half], [sixth, -2 * sixth, sixth]]
  }()

  /// One plane for each axis, of values `[height, width, channel]`.
  static func planes(of values: [Double], channels: Int) -> [[Double]] {
    guard channels == 3 else { return [values] }
    return axes.map { axis in
      stride(from: 0, to: values.count, by: 3).map { place in
        axis[0] * values[place] + axis[1] * values[place + 1] + axis[2] * values[place + 2]
      }
    }
  }

  /// The inverse: values `[height, width, channel]`.
  static func values(of planes: [[Double]]) -> [Double] {
    guard planes.count == 3 else { return planes[0] }
    return planes[0].indices.flatMap { pixel in
      (0..<3).map { channel in
        axes[0][channel] * planes[0][pixel] + axes[1][channel] * planes[1][pixel] + axes[2][channel] * planes[2][pixel]
      }
    }
  }
}

/// The orthonormal Hartley basis of images of one size, and the ring of radial frequency of each coefficient.
private struct HartleyBasis {
  private let rows: Matrix
  private let columns: Matrix
  /// The ring of each coefficient, `[height, width]`.
  let rings: [Int]
  /// How many coefficients each ring has.
  let ringSizes: [Int]

  init(height: Int, width: Int) {
    func basis(_ n: Int) -> Matrix {
      Matrix(
        (0..<n).map { row in
          (0..<n).map { column in
            let angle = 2 * Double.pi * Double(row * column % n) / Double(n)
            return (cos(angle) + sin(angle)) / Double(n).squareRoot()
          }
        })
    }
    (rows, columns) = (basis(height), basis(width))
    let half = Double(min(height, width)) / 2
    rings = (0..<height * width).map { index in
      let (u, v) = (index / width, index % width)
      let vertical = Double(min(u, height - u)) / Double(height)
      let horizontal = Double(min(v, width - v)) / Double(width)
      return Int(((vertical * vertical + horizontal * horizontal).squareRoot() * 2 * half).rounded())
    }
    var sizes = [Int](repeating: 0, count: rings.max()! + 1)
    for ring in rings { sizes[ring] += 1 }
    ringSizes = sizes
  }

  /// Coefficients from an image or an image from coefficients: the basis is its own inverse.
  func transform(_ image: [Double]) -> [Double] {
    let matrix = Matrix(rows: rows.rows, columns: columns.rows, values: image)
    return rows.multiplied(by: matrix).multiplied(by: columns).values
  }
}
