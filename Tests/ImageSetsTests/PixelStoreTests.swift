import Cohorts
import Foundation
import ImageFiles
import ImageSets
import TestFiles
import Testing

/// Pixels come back as they were, bit by bit, wherever they lie.
@Suite struct PixelStoreTests {
  /// Images in a file and in memory.
  private static func stores(_ images: [[Float]]) throws -> (file: PixelStore, memory: PixelStore) {
    func store(_ limit: Int) throws -> PixelStore {
      try PixelStore(rows: images.count, length: images[0].count, limit: limit, what: "images", sample: images[0]) {
        for (row, pixels) in images.enumerated() { try $0(row, pixels) }
      }
    }
    return (try store(0), try store(.max))
  }

  private static func bits(_ store: PixelStore, _ row: Int) -> [UInt32] {
    store.withPixels(row) { $0.map(\.bitPattern) }
  }

  /// An image of `count` pixels that takes turns among so many values, none of them representable in fewer bits.
  private static func image(_ count: Int, values: Int, from first: Int = 0) -> [Float] {
    (0..<count).map { Float(Double((first + $0 * 7) % values) / 3 + 0.1) }
  }

  /// Numbers of values about those where an image is packed otherwise, and how many bytes it takes then.
  @Test(arguments: [
    (1, 4 + 4001), (2, 8 + 4001), (255, 1020 + 4001), (256, 1024 + 4001), (257, 1028 + 8002), (2000, 8000 + 8002),
    (2001, 16_004), (4001, 16_004),
  ])
  func everyWayOfPackingIsWithoutLoss(values: Int, bytes: Int) throws {
    let image = Self.image(4001, values: values)
    #expect(Set(image).count == values)
    let (file, memory) = try Self.stores([image])
    #expect(file.fileByteCount == (bytes + 3) / 4 * 4 && memory.fileByteCount == nil)
    #expect(file.isInFile && !memory.isInFile)
    #expect(Self.bits(file, 0) == image.map(\.bitPattern) && Self.bits(memory, 0) == image.map(\.bitPattern))
  }

  /// Numbers that compare as equal or as nothing keep their bits.
  @Test func everyBitIsKept() throws {
    var image = Self.image(3000, values: 5)
    image[3] = -0.0
    image[4] = 0
    image[5] = .nan
    image[6] = Float(bitPattern: 0xffc0_1234)
    image[2999] = -.infinity
    image[2998] = .leastNonzeroMagnitude
    let (file, _) = try Self.stores([image])
    #expect(Self.bits(file, 0) == image.map(\.bitPattern))
  }

  @Test(arguments: [1, 2, 3, 7, 8, 9, 341, 342, 512, 513, 514, 515, 784, 1279, 1281, 1285])
  func smallImagesTooAreKept(length: Int) throws {
    let images = [1, 2, 3, 300, length].map { Self.image(length, values: $0) }
    let (file, _) = try Self.stores(images)
    for row in images.indices {
      // On its own: thousands of numbers would be listed one by one.
      let isSame = Self.bits(file, row) == images[row].map(\.bitPattern)
      #expect(isSame, "image \(row)")
    }
  }

  @Test func someOfThemAreRowsOfTheSameFile() throws {
    let images = (0..<40).map { Self.image(2000, values: 3 + 60 * $0, from: $0) }
    let (file, memory) = try Self.stores(images)
    for store in [file, memory] {
      let some = store.selecting([7, 39, 0, 7]).selecting([1, 0, 3])
      #expect(some.rowCount == 3 && some.length == 2000 && some.fileByteCount == store.fileByteCount)
      some.expect([0, 1, 2])
      for (row, image) in [39, 7, 7].enumerated() { #expect(Self.bits(some, row) == images[image].map(\.bitPattern)) }
    }
  }

  /// More images than are read in one go, by several threads; the copies among them are found in the file too.
  @Test func aCohortInAFileIsTheCohortInMemory() throws {
    let scratch = try ImageScratch()
    for number in 1...150 { try scratch.noise("A/p\(number).nii", seed: UInt64(number)) }
    for number in [3, 150] { try scratch.copy("A/p\(number).nii", to: "A/q\(number).nii") }
    let cohort = try Cohort.load(scratch.url)
    var reader = CohortReader(preprocessing: Preprocessing(size: ImageSize(height: 30, width: 41)))
    let memory = try reader.read(cohort.images)
    reader.pixelLimit = 4 * 30 * 41 * 152 - 1
    let file = try reader.read(cohort.images)
    #expect(!memory.pixels.isInFile && file.pixels.isInFile)
    for image in 0..<152 { #expect(file.slice(image) == memory.slice(image)) }
    let copies = try memory.copies()
    #expect(copies.count == 2 && copies.allSatisfy { $0.count == 2 })
    #expect(try file.copies() == copies)
    reader.pixelLimit += 1
    #expect(try !reader.read(cohort.images).pixels.isInFile)
  }
}
