import Networks
import Tensors
import Testing

/// Pooling over overlapping windows beside sums written out, and channels side by side.
@Suite struct SlidingPoolingTests {
  private static let image = Tensor([2, 5, 6, 3], values: (0..<180).map { Float(($0 * 73 + $0 / 7) % 97) - 48 })

  /// What `combine` makes of the values of each window, and the number of its places.
  private func reference(
    _ geometry: ConvolutionGeometry, _ combine: ([Float], Int) -> Float
  ) -> (shape: [Int], values: [Float]) {
    let image = Self.image
    let (height, width, channels) = (image.shape[1], image.shape[2], image.shape[3])
    let size = geometry.outputSize(Extent(height, width))
    var values: [Float] = []
    for item in 0..<2 {
      for row in 0..<size.height {
        for column in 0..<size.width {
          for channel in 0..<channels {
            var window: [Float] = []
            for y in 0..<geometry.kernel.height {
              for x in 0..<geometry.kernel.width {
                let line = row * geometry.stride.height + y - geometry.padding.height
                let place = column * geometry.stride.width + x - geometry.padding.width
                guard (0..<height).contains(line), (0..<width).contains(place) else { continue }
                window.append(image.values[((item * height + line) * width + place) * channels + channel])
              }
            }
            values.append(combine(window, geometry.kernel.height * geometry.kernel.width))
          }
        }
      }
    }
    return ([2, size.height, size.width, channels], values)
  }

  private static let geometries = [
    ConvolutionGeometry(kernel: Extent(3), stride: Extent(2)),
    ConvolutionGeometry(kernel: Extent(3), padding: Extent(1)),
    ConvolutionGeometry(kernel: Extent(2, 3), stride: Extent(1, 2), padding: Extent(1, 0)),
    ConvolutionGeometry(kernel: Extent(5, 6)),
  ]

  @Test(arguments: geometries) func maximum(geometry: ConvolutionGeometry) {
    let expected = reference(geometry) { window, _ in window.max()! }
    let result = Variable(Self.image).maxPooled(geometry).value
    #expect(result.shape == expected.shape && result.values == expected.values)
  }

  /// Padding counts: a window at the corner is divided by all its places.
  @Test(arguments: geometries) func average(geometry: ConvolutionGeometry) {
    let expected = reference(geometry) { window, places in window.reduce(0, +) / Float(places) }
    let result = Variable(Self.image).averagePooled(geometry).value
    #expect(result.shape == expected.shape)
    #expect(zip(result.values, expected.values).allSatisfy { abs($0 - $1) < 1e-4 })
  }

  @Test func averageOverPixels() {
    let result = Variable(Self.image).averagedOverPixels().value
    #expect(result.shape == [2, 3])
    let sum = (0..<30).reduce(Float(0)) { $0 + Self.image.values[90 + $1 * 3 + 1] }
    #expect(abs(result.values[4] - sum / 30) < 1e-4)
  }

  @Test func channelsSideBySide() {
    let (a, b) = (Tensor([1, 1, 2, 1], values: [1, 2]), Tensor([1, 1, 2, 2], values: [3, 4, 5, 6]))
    let joined = Variable.channelsJoined([Variable(a), Variable(b)]).value
    #expect(joined.shape == [1, 1, 2, 3] && joined.values == [1, 3, 4, 2, 5, 6])
  }
}
