import Files
import Foundation

extension Volume {
  /// Writes a `.nii` file of other values that lie as this volume's do, as float32.
  ///
  /// - Parameters:
  ///   - url: the volume's own file, an uncompressed little-endian `.nii` of NIfTI-1 as `dcm2niix` writes it.
  ///   - plane: which slices are given.
  ///   - slice: one grey slice in display orientation by its number, of the size that `slice(_:index:)` has.
  /// - Throws: what `slice` throws, and `ImagingError` for a file that cannot be read or written.
  package func rewrite(to url: URL, across plane: Plane, slice: (Int) throws -> Slice) throws {
    let normal = orientation.fileAxis(along: Orientation.normal(of: plane))
    let layout = orientation.layout(normalAxis: normal, dimensionCount: 3)
    let extent = header.extent
    let strides = [1, extent[0], extent[0] * extent[1]]
    let (height, width) = (extent[layout.rowAxis], extent[layout.columnAxis])
    var values = [Float](repeating: 0, count: extent.reduce(1, *))
    for index in 0..<extent[normal] {
      let given = try slice(index)
      precondition(given.height == height && given.width == width && given.channels == 1)
      let start = (orientation.positive[normal] ? index : extent[normal] - 1 - index) * strides[normal]
      for row in 0..<height {
        let rowStart = start + (layout.rowsFlipped ? height - 1 - row : row) * strides[layout.rowAxis]
        for column in 0..<width {
          let place = rowStart + (layout.columnsFlipped ? width - 1 - column : column) * strides[layout.columnAxis]
          values[place] = given[row, column]
        }
      }
    }
    let headerSize = 352
    var bytes = try RegularFile(path: url.path, noun: "an image file").allBytes(limit: Int(Int32.max))
    guard bytes.count >= headerSize, bytes[0] == 0x5C, bytes[1] == 0x01 else {
      throw ImagingError.unreadable(
        path: url.path, reason: "it is no NIfTI-1 file in little-endian order", remedy: "install dcm2niix again")
    }
    bytes.removeSubrange(headerSize...)
    func set<Value>(_ value: Value, at place: Int) {
      withUnsafeBytes(of: value) { bytes.replaceSubrange(place..<place + $0.count, with: $0) }
    }
    set(Int16(16), at: 70)
    set(Int16(32), at: 72)
    set(Float(headerSize), at: 108)
    set(Float(1), at: 112)
    set(Float(0), at: 116)
    // No extension follows.
    set(UInt32(0), at: 348)
    values.withUnsafeBytes { bytes += $0 }
    try bytes.withUnsafeBytes { try WholeFile.write($0, to: url) }
  }
}
