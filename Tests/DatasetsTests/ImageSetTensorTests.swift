import Datasets
import Foundation
import ImageFiles
import ImageSets
import Tensors
import Testing

@Suite struct ImageSetTensorTests {
  @Test func rowsAreTheImages() {
    let pixels = PixelStore(rows: 3, length: 4) { target in
      for index in target.indices { target[index] = Float(index) }
    }
    let images = ["a", "b", "c"].map { CohortImage(url: URL(filePath: $0), path: $0, subject: $0, className: "A") }
    let set = ImageSet(
      images: images, size: ImageSize(height: 1, width: 4), pixels: pixels,
      frames: Array(repeating: .unoriented(), count: 3))
    #expect(set.rows.count == 3 && set.rows.rowShape == [1, 4, 1])
    #expect(set.rows([2, 1]).rows([1, 0]).values == [4, 5, 6, 7, 8, 9, 10, 11])
    #expect(set.tensor([2, 0]).values == [8, 9, 10, 11, 0, 1, 2, 3])
    #expect(set.slice(1).pixels == [4, 5, 6, 7])
  }

  @Test func channelsAreTheLastAxis() {
    let pixels = PixelStore(rows: 2, length: 6) { target in
      for index in target.indices { target[index] = Float(index) }
    }
    let images = ["a", "b"].map { CohortImage(url: URL(filePath: $0), path: $0, subject: $0, className: "A") }
    let set = ImageSet(
      images: images, size: ImageSize(height: 1, width: 2), channels: 3, pixels: pixels,
      frames: Array(repeating: .unoriented(), count: 2))
    #expect(set.rows.rowShape == [1, 2, 3] && set.tensor([1]).values == [6, 7, 8, 9, 10, 11])
    #expect(set.slice(1).channels == 3 && set.slice(1)[0, 1, 2] == 11)
  }
}
