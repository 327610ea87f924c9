import Files

/// How many voxels of what type a file has, and how they follow each other; every product is checked.
struct VoxelGrid {
  /// As the header names them, the fastest axis first.
  let dimensions: [Int]
  /// Of each component of a voxel.
  let type: VoxelType
  /// Numbers in a voxel: 1, 3 for red, green and blue, or 4 with an alpha, which is ignored.
  let components: Int
  /// Whether all red ones come first, as in a vector image, and not the three of each voxel.
  let isPlanar: Bool
  /// Bytes of all voxels of all images.
  let byteCount: Int
  /// Whether this is one image of a series.
  var chosen = false

  /// Sizes along i, j, k.
  var extent: [Int] { (0..<3).map { $0 < dimensions.count ? dimensions[$0] : 1 } }
  /// How many images there are: the product of the axes after the third, without that of the components.
  var seriesCount: Int {
    chosen ? 1 : dimensions.dropFirst(3).reduce(1, *) / (isPlanar ? components : 1)
  }
  /// Of one image's voxels, components or not: from the first voxel of an image to that of the next.
  var imageBytes: Int { extent.reduce(type.byteCount * (isPlanar ? 1 : components), *) }
  /// Numbers from the red of a voxel to its green where they are planar.
  var planeStride: Int { dimensions.prefix(4).reduce(1, *) }
  /// Such as `int16` or `rgb24`.
  var typeName: String { components == 1 ? type.rawValue : components == 3 ? "rgb24" : "rgba32" }
  /// Such as `64 x 64 x 30`.
  var sizes: String { dimensions.map(String.init).joined(separator: " x ") }
  /// Axes that a slice of it is written with.
  var sliceDimensionCount: Int { isPlanar || chosen ? 3 : max(2, min(7, dimensions.count)) }

  typealias Refusal = (_ reason: String, _ remedy: String) -> ImagingError

  /// - Parameters:
  ///   - components: of a voxel's numbers, one after the other.
  ///   - refuse: makes the error.
  /// - Throws: what `refuse` makes, for sizes that are none or over the limit, and for vectors that are no colours.
  init(_ dimensions: [Int], type: VoxelType, components: Int = 1, refuse: Refusal) throws {
    let shown = dimensions.map(String.init).joined(separator: " x ")
    guard dimensions.allSatisfy({ $0 > 0 }) else {
      throw refuse("its header says a size of \(shown)", "export the image again")
    }
    let name = components == 1 ? type.rawValue : components == 3 ? "rgb24" : "rgba32"
    var bytes = type.byteCount * components
    for size in dimensions {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: size)
      guard !overflow, product <= VolumeHeader.limit else {
        throw refuse("its size of \(shown) \(name) is over the limit of 2 GiB", "crop or resample it")
      }
      bytes = product
    }
    let vector = dimensions.count > 4 ? dimensions[4] : 1
    guard dimensions.dropFirst(5).allSatisfy({ $0 == 1 }) else {
      throw refuse("its size of \(shown) has more than five axes in use", "save each image to a file of its own")
    }
    guard vector == 1 || (vector == 3 && type == .uint8 && components == 1) else {
      throw refuse(
        "its size of \(shown) is \(vector) numbers (\(name)) in each voxel, and only three of uint8 are colours",
        "save the number that you need as an image of its own")
    }
    (self.dimensions, self.type) = (dimensions, type)
    isPlanar = vector == 3
    self.components = isPlanar ? 3 : components
    byteCount = bytes
  }
}
