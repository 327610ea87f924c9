import ImageFiles

/// One of the 48 ways to store a volume: which world axis each file axis runs along, and in which direction.
package struct AxisOrder: CustomStringConvertible, Sendable {
  package var world: [Int]
  package var positive: [Bool]

  package init(world: [Int], positive: [Bool]) {
    self.world = world
    self.positive = positive
  }

  package static let all: [AxisOrder] = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]].flatMap {
    world in
    (0..<8).map { bits in AxisOrder(world: world, positive: (0..<3).map { bits >> $0 & 1 == 0 }) }
  }

  package var description: String { String((0..<3).map { Array(positive[$0] ? "RAS" : "LPI")[world[$0]] }) }

  /// A volume of 4 x 5 x 6 voxels to the right, front and top; a voxel's value is x + 10 y + 100 z, counted from the
  /// left, back and bottom, and its centre lies at (2 x - 7, 3 y + 1, 4 z - 2) mm.
  package static let sizes = [4, 5, 6]
  package static let spacing = [2.0, 3.0, 4.0]
  package static let corner = [-7.0, 1.0, -2.0]

  /// - Parameter keeping: ranges of x, y and z to store.
  package func volume(keeping: [Range<Int>] = sizes.map { 0..<$0 }) -> ImageBytes {
    let extent = world.map { keeping[$0].count }
    var values: [Double] = []
    for k in 0..<extent[2] {
      for j in 0..<extent[1] {
        for i in 0..<extent[0] {
          var place = [0, 0, 0]
          for (axis, index) in [i, j, k].enumerated() {
            let range = keeping[world[axis]]
            place[world[axis]] = positive[axis] ? range.lowerBound + index : range.upperBound - 1 - index
          }
          values.append(Double(place[0] + 10 * place[1] + 100 * place[2]))
        }
      }
    }
    var image = ImageBytes(extent, type: .int16, values: values)
    image.sformCode = 2
    for axis in 0..<3 {
      let (direction, range) = (world[axis], keeping[world[axis]])
      image.pixdim[axis + 1] = Float(Self.spacing[direction])
      image.sform[4 * direction + axis] = Float((positive[axis] ? 1 : -1) * Self.spacing[direction])
      let first = positive[axis] ? range.lowerBound : range.upperBound - 1
      image.sform[4 * direction + 3] = Float(Self.corner[direction] + Double(first) * Self.spacing[direction])
    }
    return image
  }
}
