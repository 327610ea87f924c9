import Foundation
import ImageFiles

/// A NIfTI-2 file built byte by byte, independent of the code under test. Fields are at the places of `nifti2.h`.
package struct NIfTI2Bytes {
  var type = VoxelType.uint8
  package var bigEndian = false
  package var dim: [Int64]
  package var pixdim: [Double] = [1, 1, 1, 1, 1, 1, 1, 1]
  package var isPair = false
  package var offset: Int64?
  package var slope = 0.0
  package var intercept = 0.0
  package var units: Int32 = 2
  package var qformCode: Int32 = 0
  package var sformCode: Int32 = 0
  package var quaternion: [Double] = [0, 0, 0, 0, 0, 0]
  package var sform = [Double](repeating: 0, count: 12)
  package var magic: [UInt8]?
  /// Voxels in file order.
  package var values: [Double] = []

  package init(_ sizes: [Int], type: VoxelType = .uint8, values: [Double] = []) {
    dim = [Int64(sizes.count)] + sizes.map(Int64.init)
    self.type = type
    self.values = values
  }

  package var header: [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 540)
    func put<T: FixedWidthInteger>(_ value: T, _ place: Int) {
      withUnsafeBytes(of: bigEndian ? value.bigEndian : value.littleEndian) {
        bytes.replaceSubrange(place..<place + $0.count, with: $0)
      }
    }
    func put(_ value: Double, _ place: Int) { put(value.bitPattern, place) }
    put(Int32(540), 0)
    bytes.replaceSubrange(4..<12, with: magic ?? Array((isPair ? "ni2\0" : "n+2\0").utf8) + [13, 10, 26, 10])
    put(type.code, 12)
    put(Int16(8 * type.byteCount), 14)
    for index in 0..<8 { put(index < dim.count ? dim[index] : 1, 16 + 8 * index) }
    for index in 0..<8 { put(pixdim[index], 104 + 8 * index) }
    put(offset ?? (isPair ? 0 : 544), 168)
    put(slope, 176)
    put(intercept, 184)
    put(qformCode, 344)
    put(sformCode, 348)
    for index in 0..<6 { put(quaternion[index], 352 + 8 * index) }
    for index in 0..<12 { put(sform[index], 400 + 8 * index) }
    put(units, 500)
    return bytes
  }

  /// As NIfTI-1 stores them.
  package var voxels: [UInt8] {
    var plain = ImageBytes([1], type: type, values: values)
    plain.bigEndian = bigEndian
    return plain.voxels
  }

  /// Writes the file or files, and returns the one to open.
  package func write(_ name: String, in scratch: ImageScratch) throws -> URL {
    guard isPair else { return try scratch.write(header + [0, 0, 0, 0] + voxels, name) }
    try scratch.write(voxels, name.replacing(".hdr", with: ".img"))
    return try scratch.write(header, name)
  }
}
