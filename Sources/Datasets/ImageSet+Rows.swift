import ImageFiles
import ImageSets
import Tensors

/// The images of a set as rows.
private struct RowsInStore: RowSource {
  let pixels: PixelStore
  let rowShape: [Int]

  var rowCount: Int { pixels.rowCount }
  var canExpect: Bool { pixels.isInFile }

  func copyRow(_ row: Int, to target: UnsafeMutablePointer<Float>) { pixels.read(row, into: target) }
  func expect(_ rows: [Int]) { pixels.expect(rows) }
}

extension ImageSet {
  /// All images, `[height, width, channel]` each, values in [0, 1], without a copy of them.
  package var rows: TensorRows { rows(nil) }

  /// Some of the images, `[height, width, channel]` each, without a copy of them; all when nil.
  package func rows(_ indices: [Int]?) -> TensorRows {
    TensorRows(RowsInStore(pixels: pixels, rowShape: [size.height, size.width, channels]), rows: indices)
  }

  /// A copy of some of the images, `[image, height, width, channel]`.
  package func tensor(_ indices: [Int]) -> Tensor { rows.rows(indices) }

  /// Some of the images as a set of their own, in the given order, without a copy of their pixels.
  package func selecting(_ indices: [Int]) -> ImageSet {
    ImageSet(
      images: indices.map { images[$0] }, size: size, channels: channels, pixels: pixels.selecting(indices),
      frames: indices.map { frames[$0] }, notes: notes, storage: storage,
      limits: limits.isEmpty ? [] : indices.map { limits[$0] })
  }
}
