/// Rows of float32 numbers, all of one shape, wherever they lie: in a tensor, or packed in a file.
public protocol RowSource: Sendable {
  var rowCount: Int { get }
  /// The shape of one row.
  var rowShape: [Int] { get }
  /// Copies a row's values.
  ///
  /// - Parameters:
  ///   - row: 0 ..< `rowCount`.
  ///   - target: room for one row, not initialised before.
  func copyRow(_ row: Int, to target: UnsafeMutablePointer<Float>)
  /// Whether `expect` helps.
  var canExpect: Bool { get }
  /// Says which rows will be asked for soon, so that they can be fetched meanwhile; returns at once.
  func expect(_ rows: [Int])
}

/// The rows of a tensor: the entries of its first axis.
struct RowsInTensor: RowSource {
  let tensor: Tensor

  var rowCount: Int { tensor.shape[0] }
  var rowShape: [Int] { Array(tensor.shape.dropFirst()) }
  var canExpect: Bool { false }

  func copyRow(_ row: Int, to target: UnsafeMutablePointer<Float>) {
    let width = tensor.count / max(1, tensor.shape[0])
    target.update(from: tensor.pointer + row * width, count: width)
  }

  func expect(_ rows: [Int]) {}
}
