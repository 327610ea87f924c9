import Tensors
import Testing

@Suite struct BFloat16Tests {
  /// Bits by hand: the upper half, rounded to the nearest, ties to the even one.
  @Test(
    arguments: [
      (0x3f80_0000, 0x3f80), (0x3f80_8000, 0x3f80), (0x3f81_8000, 0x3f82), (0x3f80_8001, 0x3f81), (0x3f80_7fff, 0x3f80),
      (0xbf81_8000, 0xbf82), (0x0000_0000, 0x0000), (0x8000_0000, 0x8000), (0x7f7f_ffff, 0x7f80), (0x7f80_0000, 0x7f80),
      (0xff80_0000, 0xff80), (0x0000_8001, 0x0001),
    ] as [(UInt32, UInt16)])
  func roundsToTheNearest(bits: UInt32, expected: UInt16) {
    // More than eight of them, so that whole vectors and what is left over are both met.
    let values = [Float](repeating: Float(bitPattern: bits), count: 13)
    let converted = Tensor([13], values: values).converted(to: .bfloat16)
    #expect(converted.element == .bfloat16 && converted.halfValues.allSatisfy { $0 == expected })
    let back = converted.converted(to: .float32)
    #expect(back.values.allSatisfy { $0.bitPattern == UInt32(expected) << 16 })
  }

  @Test(arguments: [0x7fc0_0000, 0x7f80_0001, 0xffff_ffff, 0x7fff_ffff] as [UInt32])
  func whatIsNoNumberStaysNone(bits: UInt32) {
    let values = [Float](repeating: Float(bitPattern: bits), count: 11)
    let back = Tensor([11], values: values).converted(to: .bfloat16).converted(to: .float32)
    #expect(back.values.allSatisfy { $0.isNaN })
  }

  @Test func takesHalfTheMemoryAndCanBeReshaped() {
    let pool = BufferPool()
    BufferPool.$current.withValue(pool) {
      let half = Tensor([64, 1024], repeating: 1.5).converted(to: .bfloat16)
      #expect(pool.usedBytes == 2 * 64 * 1024)
      #expect(half.reshaped([1024, 64]).converted(to: .float32).sum == 1.5 * 64 * 1024)
      half.mutateHalves { for index in $0.indices { $0[index] = 0x4000 } }
      #expect(half.converted(to: .float32).values.allSatisfy { $0 == 2 })
    }
  }
}
