/// Where the voxels of one slice lie in a file, and how to turn them into pixels.
///
/// The loop is generic over the stored type and specialised by the compiler: no call per voxel.
struct VoxelDecoder {
  var type: VoxelType
  /// Numbers of the type in an element: 1, 3, or 4 of which the last is not read.
  var components: Int
  /// Numbers from one element's red to the next one's, and from its red to its green.
  var elementStride: Int
  var componentStride: Int
  /// Whether the file's byte order is not this machine's.
  var swapped: Bool
  var slope: Double
  var intercept: Double
  var height: Int
  var width: Int
  /// Elements from the first byte given to pixel (0, 0), and from one row and one column to the next; may be negative.
  var start: Int
  var rowStride: Int
  var columnStride: Int

  /// Of a file with this header; the rest is said by the file's layout.
  ///
  /// - Parameter voxels: how many of them there are in the bytes.
  init(
    _ header: VolumeHeader, voxels: Int, height: Int, width: Int, start: Int, rowStride: Int, columnStride: Int
  ) {
    (type, components) = (header.grid.type, header.grid.components)
    (elementStride, componentStride) = header.grid.isPlanar ? (1, voxels) : (components, 1)
    (swapped, slope, intercept) = (header.isSwapped, header.slope, header.intercept)
    (self.height, self.width) = (height, width)
    (self.start, self.rowStride, self.columnStride) = (start, rowStride, columnStride)
  }

  /// Pixels `[height, width]`, or `[height, width, 3]` where an element has several components, as stored value * slope +
  /// intercept, computed in double precision.
  func pixels(from bytes: [UInt8]) -> [Float] {
    guard components == 1 else { return colours(from: bytes) }
    return switch type {
    case .uint8: gather(bytes) { Double($0.loadUnaligned(as: UInt8.self)) }
    case .int8: gather(bytes) { Double($0.loadUnaligned(as: Int8.self)) }
    case .int16: integers(bytes, Int16.self)
    case .uint16: integers(bytes, UInt16.self)
    case .int32: integers(bytes, Int32.self)
    case .uint32: integers(bytes, UInt32.self)
    case .int64: integers(bytes, Int64.self)
    case .uint64: integers(bytes, UInt64.self)
    case .float32:
      swapped
        ? gather(bytes) { Double(Float(bitPattern: $0.loadUnaligned(as: UInt32.self).byteSwapped)) }
        : gather(bytes) { Double($0.loadUnaligned(as: Float.self)) }
    case .float64:
      swapped
        ? gather(bytes) { Double(bitPattern: $0.loadUnaligned(as: UInt64.self).byteSwapped) }
        : gather(bytes) { $0.loadUnaligned(as: Double.self) }
    }
  }

  /// Red, green and blue of each voxel.
  private func colours(from bytes: [UInt8]) -> [Float] {
    let (lowest, highest) = bounds
    precondition(
      lowest >= 0 && highest * elementStride + (components - 1) * componentStride < bytes.count && type == .uint8,
      "voxels from \(lowest) to \(highest) lie outside \(bytes.count) bytes")
    var pixels: [Float] = []
    pixels.reserveCapacity(3 * height * width)
    for row in 0..<height {
      for column in 0..<width {
        let place = (start + row * rowStride + column * columnStride) * elementStride
        for component in 0..<3 { pixels.append(Float(bytes[place + component * componentStride])) }
      }
    }
    return pixels
  }

  /// The first and the last element that is read.
  private var bounds: (lowest: Int, highest: Int) {
    let (down, across) = ((height - 1) * rowStride, (width - 1) * columnStride)
    return (start + min(0, down) + min(0, across), start + max(0, down) + max(0, across))
  }

  @inline(__always)
  private func integers<T: FixedWidthInteger>(_ bytes: [UInt8], _ type: T.Type) -> [Float] {
    swapped
      ? gather(bytes) { Double($0.loadUnaligned(as: T.self).byteSwapped) }
      : gather(bytes) { Double($0.loadUnaligned(as: T.self)) }
  }

  @inline(__always)
  private func gather(_ bytes: [UInt8], load: (UnsafeRawPointer) -> Double) -> [Float] {
    let (lowest, highest) = bounds
    precondition(
      lowest >= 0 && (highest + 1) * type.byteCount <= bytes.count,
      "voxels \(lowest) to \(highest) lie outside \(bytes.count) bytes")
    return bytes.withUnsafeBytes { source in
      [Float](unsafeUninitializedCapacity: height * width) { target, count in
        let base = source.baseAddress!
        let step = columnStride * type.byteCount
        for row in 0..<height {
          var place = base + (start + row * rowStride) * type.byteCount
          let line = target.baseAddress! + row * width
          for column in 0..<width {
            line[column] = Float(load(place) * slope + intercept)
            place += step
          }
        }
        count = height * width
      }
    }
  }
}
