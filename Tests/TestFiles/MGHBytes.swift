import Foundation
import ImageFiles

/// An MGH file built byte by byte, independent of the code under test: FreeSurfer's header of 284 bytes, big-endian.
package struct MGHBytes {
  package var version: Int32 = 1
  /// Width, height, depth and frames.
  package var sizes: [Int32]
  var type: VoxelType = .uint8
  /// FreeSurfer's code of the type, where it is not that of `type`.
  package var code: Int32?
  package var hasDirections: Int16 = 1
  package var spacing: [Float] = [1, 1, 1]
  /// x_r, x_a, x_s, then those of y and z.
  package var directions: [Float] = [1, 0, 0, 0, 1, 0, 0, 0, 1]
  package var centre: [Float] = [0, 0, 0]
  package var values: [Double] = []
  /// What FreeSurfer writes behind the voxels.
  package var footer: [UInt8] = []

  package init(_ sizes: [Int], type: VoxelType = .uint8, values: [Double] = []) {
    self.sizes = (sizes + [Int](repeating: 1, count: 4 - sizes.count)).map(Int32.init)
    (self.type, self.values) = (type, values)
  }

  package var bytes: [UInt8] {
    func raw(_ value: Int32) -> [UInt8] { withUnsafeBytes(of: value.bigEndian, Array.init) }
    func raw(_ value: Float) -> [UInt8] { withUnsafeBytes(of: value.bitPattern.bigEndian, Array.init) }
    let codes: [VoxelType: Int32] = [.uint8: 0, .int32: 1, .float32: 3, .int16: 4]
    var header = raw(version) + sizes.flatMap(raw) + raw(code ?? codes[type]!) + raw(Int32(0))
    header += withUnsafeBytes(of: hasDirections.bigEndian, Array.init)
    header += (spacing + directions + centre).flatMap(raw)
    header += [UInt8](repeating: 0, count: 284 - header.count)
    var plain = ImageBytes([1], type: type, values: values)
    plain.bigEndian = true
    return header + plain.voxels + footer
  }
}
