import Tensors
import Testing

@Suite struct BufferPoolTests {
  @Test(
    arguments: [
      (0, 64), (1, 64), (64, 64), (65, 128), (512, 512), (513, 576), (1024, 1024), (1025, 1152), (1152, 1152),
      (1153, 1280), (1 << 20, 1 << 20), ((1 << 20) + 1, (1 << 20) + (1 << 17)),
    ])
  func capacitiesAreEighthsOfPowersOfTwo(bytes: Int, capacity: Int) {
    #expect(BufferPool.capacity(for: bytes) == capacity)
  }

  @Test func aCapacityHoldsItsBytesAndWastesAnEighthAtMost() {
    for bytes in stride(from: 1, to: 100_000, by: 37) {
      let capacity = BufferPool.capacity(for: bytes)
      #expect(capacity >= bytes && capacity % 64 == 0)
      #expect(bytes < 513 || Double(capacity) <= 1.125 * Double(bytes) + 64)
      #expect(BufferPool.capacity(for: capacity) == capacity)
    }
  }

  @Test func buffersAreTakenAgain() {
    let pool = BufferPool()
    let first = pool.take(1024).pointer
    #expect((pool.usedBytes, pool.heldBytes, pool.freshAllocations) == (1024, 1024, 1))
    #expect(UInt(bitPattern: first) % 64 == 0)
    pool.give(first, capacity: 1024)
    #expect((pool.usedBytes, pool.heldBytes) == (0, 1024))
    #expect(pool.take(1024).pointer == first)
    let second = pool.take(1024).pointer
    let other = pool.take(2048).pointer
    #expect(second != first)
    #expect((pool.usedBytes, pool.heldBytes, pool.freshAllocations) == (4096, 4096, 3))
    pool.give(second, capacity: 1024)
    pool.trim()
    #expect((pool.usedBytes, pool.heldBytes) == (3072, 3072))
    pool.give(first, capacity: 1024)
    pool.give(other, capacity: 2048)
    pool.trim()
    #expect((pool.usedBytes, pool.heldBytes) == (0, 0))
  }

  @Test func aLargeBufferServesDownToHalfItsSize() {
    let pool = BufferPool()
    let size = 1 << 20
    let (pointer, capacity) = pool.take(size)
    #expect(capacity == size)
    pool.give(pointer, capacity: capacity)
    #expect(pool.take(size / 2 - 64).pointer != pointer)
    let again = pool.take(size / 2)
    #expect(again.pointer == pointer && again.capacity == size)
    #expect(pool.usedBytes == size + size / 2 - 64)
    #expect(pool.take(size).pointer != pointer)
    #expect(pool.freshAllocations == 3)
  }

  @Test func aScopeHasAPoolOfItsOwn() {
    let pool = BufferPool()
    BufferPool.$current.withValue(pool) {
      let tensor = Tensor.zeros([100])
      #expect(pool.usedBytes == 448 && tensor.count == 100)
    }
    #expect(pool.usedBytes == 0 && pool.heldBytes == 448)
  }
}
