import Foundation
import ImageFiles

/// A NIfTI-1 or ANALYZE file built byte by byte, independent of the code under test. Fields are at the offsets of the
/// NIfTI-1 standard.
package struct ImageBytes {
  package enum Container: CaseIterable { case nifti, niftiGzip, pair, analyze }

  package var type = VoxelType.uint8
  package var bigEndian = false
  /// `dim[0]` and then the sizes; missing ones are 1.
  package var dim: [Int16]
  package var pixdim: [Float] = [1, 1, 1, 1, 1, 1, 1, 1]
  package var offset: Float?
  package var datatype: Int16?
  package var bitpix: Int16?
  package var slope: Float = 0
  package var intercept: Float = 0
  package var units: UInt8 = 2
  package var qformCode: Int16 = 0
  package var sformCode: Int16 = 0
  package var quaternion: [Float] = [0, 0, 0, 0, 0, 0]
  /// Three rows of four.
  package var sform: [Float] = [Float](repeating: 0, count: 12)
  package var magic: [UInt8]?
  package var headerSize: Int32 = 348
  /// Voxels in file order; stored exactly if the type can.
  package var values: [Double] = []

  /// For an image of the given sizes whose voxels are filled in later.
  package init(_ sizes: [Int], type: VoxelType = .uint8, values: [Double] = []) {
    dim = [Int16(sizes.count)] + sizes.map(Int16.init)
    self.type = type
    self.values = values
  }

  package func header(_ container: Container) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 348)
    func put<T: FixedWidthInteger>(_ value: T, _ place: Int) {
      withUnsafeBytes(of: bigEndian ? value.bigEndian : value.littleEndian) { source in
        for (index, byte) in source.enumerated() { bytes[place + index] = byte }
      }
    }
    func put(_ value: Float, _ place: Int) { put(value.bitPattern, place) }
    put(headerSize, 0)
    for index in 0..<8 { put(index < dim.count ? dim[index] : 1, 40 + 2 * index) }
    put(datatype ?? type.code, 70)
    put(bitpix ?? Int16(8 * type.byteCount), 72)
    for index in 0..<8 { put(pixdim[index], 76 + 4 * index) }
    let single = container == .nifti || container == .niftiGzip
    put(offset ?? (single ? 352 : 0), 108)
    guard container != .analyze else { return bytes }
    put(slope, 112)
    put(intercept, 116)
    bytes[123] = units
    put(qformCode, 252)
    put(sformCode, 254)
    for index in 0..<6 { put(quaternion[index], 256 + 4 * index) }
    for index in 0..<12 { put(sform[index], 280 + 4 * index) }
    bytes.replaceSubrange(344..<348, with: magic ?? Array((single ? "n+1\0" : "ni1\0").utf8))
    return bytes
  }

  package var voxels: [UInt8] {
    func raw<T: FixedWidthInteger>(_ convert: (Double) -> T) -> [UInt8] {
      values.flatMap { value in
        withUnsafeBytes(of: bigEndian ? convert(value).bigEndian : convert(value).littleEndian, Array.init)
      }
    }
    return switch type {
    case .uint8: raw { UInt8($0) }
    case .int8: raw { Int8($0) }
    case .int16: raw { Int16($0) }
    case .uint16: raw { UInt16($0) }
    case .int32: raw { Int32($0) }
    case .uint32: raw { UInt32($0) }
    case .int64: raw { Int64($0) }
    case .uint64: raw { UInt64($0) }
    case .float32: raw { Float($0).bitPattern }
    case .float64: raw { $0.bitPattern }
    }
  }

  /// Writes the file or files, and returns the one to open.
  package func write(_ name: String, _ container: Container, in scratch: ImageScratch) throws -> URL {
    switch container {
    case .nifti: return try scratch.write(header(container) + [0, 0, 0, 0] + voxels, name + ".nii")
    case .niftiGzip: return try scratch.write(header(container) + [0, 0, 0, 0] + voxels, name + ".nii.gz")
    case .pair, .analyze:
      try scratch.write(voxels, name + ".img")
      return try scratch.write(header(container), name + ".hdr")
    }
  }
}
