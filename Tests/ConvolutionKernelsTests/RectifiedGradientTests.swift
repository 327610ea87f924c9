import ConvolutionKernels
import Testing

/// The way back through a (leaky) ReLU, number by number.
@Suite struct RectifiedGradientTests {
  /// Fewer than a vector holds, whole vectors, some left over, and enough for several threads.
  static let counts = [1, 7, 8, 16, 31, 70_003]

  @Test(arguments: counts, [0, 0.2, 1] as [Float]) func passesWhereTheOutputIsPositive(count: Int, slope: Float) {
    var outputs = numbers(count, "outputs")
    for index in stride(from: 0, to: count, by: 5) { outputs[index] = 0 }
    let gradient = numbers(count, "gradient")
    let expected = zip(outputs, gradient).map { $0 > 0 ? $1 : slope * $1 }
    var result = [Float](repeating: .nan, count: count)
    expectSuccess(conednn_rectified_gradient(Int64(count), slope, outputs, gradient, &result))
    let isSame = result == expected
    #expect(isSame)
    var inPlace = gradient
    inPlace.withUnsafeMutableBufferPointer {
      expectSuccess(
        conednn_rectified_gradient(Int64(count), slope, outputs, UnsafePointer($0.baseAddress!), $0.baseAddress!))
    }
    let isSameInPlace = inPlace == expected
    #expect(isSameInPlace)
  }

  /// 0 times infinity would be no number.
  @Test func aReLUStopsAnInfiniteGradient() {
    var result: [Float] = [.nan, .nan, .nan]
    expectSuccess(conednn_rectified_gradient(3, 0, [0, 1, 0], [.infinity, .infinity, .nan], &result))
    #expect(result == [0, .infinity, 0])
  }

  @Test(arguments: counts) func halvesPassWhereTheOutputIsPositive(count: Int) {
    let outputs = numbers(count, "outputs").enumerated().map { index, value in
      index % 5 == 0 ? UInt16(0) : UInt16(value.bitPattern >> 16)
    }
    let gradient = numbers(count, "gradient").map { UInt16($0.bitPattern >> 16) }
    let expected = zip(outputs, gradient).map { $0 > 0 && $0 < 0x8000 ? $1 : 0 }
    var result = gradient
    expectSuccess(conednn_mixed_rectify_gradient(Int64(count), outputs, &result))
    let isSame = result == expected
    #expect(isSame)
  }
}
