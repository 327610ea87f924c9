/// The linear map that takes one axis of an image to another length, its outer edges staying in place.
///
/// Shrinking averages: a new pixel is the mean of the old ones over the stretch that it covers, those at the ends
/// weighted by the part covered, so the mean of the image is kept and fine detail does not alias. Growing interpolates
/// linearly between pixel centres; beyond the outermost centres the outermost pixel goes on. Either way no value leaves
/// the range of the old ones.
public struct Resampling: Sendable, Equatable {
  /// For each new pixel, the first old pixel it takes from.
  public let starts: [Int]
  /// For each new pixel, the weights of the old pixels from `starts` on; they add up to 1.
  public let weights: [[Double]]
  public let oldLength: Int

  /// Both lengths are at least 1.
  public init(from oldLength: Int, to newLength: Int) {
    precondition(oldLength > 0 && newLength > 0, "cannot resample \(oldLength) pixels to \(newLength)")
    self.oldLength = oldLength
    let step = Double(oldLength) / Double(newLength)
    var starts: [Int] = []
    var weights: [[Double]] = []
    for index in 0..<newLength {
      if newLength < oldLength {
        let from = Double(index) * step
        let to = min(Double(oldLength), Double(index + 1) * step)
        let first = Int(from)
        let last = min(oldLength, Int(to.rounded(.up)))
        let covered = (first..<last).map { min(to, Double($0 + 1)) - max(from, Double($0)) }
        let sum = covered.reduce(0, +)
        starts.append(first)
        weights.append(covered.map { $0 / sum })
      } else {
        let centre = min(max((Double(index) + 0.5) * step - 0.5, 0), Double(oldLength - 1))
        let first = min(Int(centre), max(0, oldLength - 2))
        let fraction = centre - Double(first)
        starts.append(first)
        weights.append(oldLength == 1 ? [1] : [1 - fraction, fraction])
      }
    }
    self.starts = starts
    self.weights = weights
  }

  /// Resamples every line of an image along one axis.
  ///
  /// - Parameters:
  ///   - along: from one pixel of a line to the next; 1 for the columns of a row-major image, its width for the rows.
  ///   - lineStride: from one line to the next, before resampling.
  /// - Returns: the image, row-major, with its other axis as it was.
  func apply(_ pixels: [Float], lines: Int, along stride: Int, lineStride: Int) -> [Float] {
    let isRowWise = stride == 1
    let newLength = starts.count
    precondition(
      lines > 0 && pixels.count > (lines - 1) * lineStride + (oldLength - 1) * stride,
      "\(lines) lines of \(oldLength) in \(pixels.count) pixels")
    return [Float](unsafeUninitializedCapacity: lines * newLength) { target, count in
      pixels.withUnsafeBufferPointer { pixels in
        // One new pixel of all lines at a time: its weights are looked up once.
        for (index, start) in starts.enumerated() {
          weights[index].withUnsafeBufferPointer { weights in
            for line in 0..<lines {
              var sum = 0.0
              var place = line * lineStride + start * stride
              for weight in weights {
                sum += weight * Double(pixels[place])
                place += stride
              }
              target[isRowWise ? line * newLength + index : index * lines + line] = Float(sum)
            }
          }
        }
      }
      count = lines * newLength
    }
  }
}
