import CNIfTI

/// Which anatomical direction each file axis runs along, to the nearest.
package struct Orientation: Equatable {
  /// For file axes i, j, k: the world axis (0 x, 1 y, 2 z).
  package var world: [Int]
  /// For file axes i, j, k: whether it runs to the right, front or top.
  package var positive: [Bool]

  /// Axes as a file without orientation is taken: right, anterior, superior.
  package static let assumed = Orientation(world: [0, 1, 2], positive: [true, true, true])

  package init(world: [Int], positive: [Bool]) {
    self.world = world
    self.positive = positive
  }

  /// The permutation nearest to an affine, by niftilib; nil if its axes do not span space.
  ///
  /// - Parameter steps: from one voxel to the next along i, j, k.
  package init?(steps: [SIMD3<Double>]) {
    var matrix = mat44()
    withUnsafeMutableBytes(of: &matrix) { bytes in
      let cells = bytes.bindMemory(to: Float.self)
      for row in 0..<3 {
        for column in 0..<3 {
          // Unit columns: only directions matter, and float32 must not overflow.
          let length = (steps[column] * steps[column]).sum().squareRoot()
          cells[4 * row + column] = Float(steps[column][row] / length)
        }
      }
      cells[15] = 1
    }
    var codes: [Int32] = [0, 0, 0]
    codes.withUnsafeMutableBufferPointer { buffer in
      let base = buffer.baseAddress!
      nifti_mat44_to_orientation(matrix, base, base + 1, base + 2)
    }
    guard Set(codes.map { ($0 - 1) / 2 }).count == 3, codes.allSatisfy({ (1...6).contains($0) }) else { return nil }
    // Codes 1 to 6: to right, left, anterior, posterior, superior, inferior.
    world = codes.map { Int($0 - 1) / 2 }
    positive = codes.map { $0 % 2 == 1 }
  }

  /// Where the axes point, such as `RAS`.
  package var letters: String {
    String(zip(world, positive).map { axis, positive in Array(positive ? "RAS" : "LPI")[axis] })
  }

  /// The file axis along a world axis.
  func fileAxis(along axis: Int) -> Int { world.firstIndex(of: axis)! }

  /// The world axis across a plane.
  package static func normal(of plane: Plane) -> Int {
    switch plane {
    case .sagittal: 0
    case .coronal: 1
    case .axial: 2
    }
  }

  /// Rows and columns for a slice across `normalAxis`, as the table in `Slice` says.
  package func layout(normalAxis: Int, dimensionCount: Int) -> FileLayout {
    let normal = world[normalAxis]
    let rows = fileAxis(along: normal == 2 ? 1 : 2)
    let columns = fileAxis(along: normal == 0 ? 1 : 0)
    return FileLayout(
      rowAxis: rows, columnAxis: columns, rowsFlipped: positive[rows],
      columnsFlipped: positive[columns] == (normal == 0), dimensionCount: dimensionCount)
  }
}
