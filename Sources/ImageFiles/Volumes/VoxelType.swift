import CNIfTI

/// A type of number that a NIfTI or ANALYZE file may store; the components of colours are uint8, complex types are refused.
public enum VoxelType: String, Sendable, CaseIterable, Codable {
  case uint8, int8, int16, uint16, int32, uint32, int64, uint64, float32, float64

  /// The header's `datatype`.
  public var code: Int16 {
    switch self {
    case .uint8: Int16(DT_UINT8)
    case .int8: Int16(DT_INT8)
    case .int16: Int16(DT_INT16)
    case .uint16: Int16(DT_UINT16)
    case .int32: Int16(DT_INT32)
    case .uint32: Int16(DT_UINT32)
    case .int64: Int16(DT_INT64)
    case .uint64: Int16(DT_UINT64)
    case .float32: Int16(DT_FLOAT32)
    case .float64: Int16(DT_FLOAT64)
    }
  }

  public var byteCount: Int {
    switch self {
    case .uint8, .int8: 1
    case .int16, .uint16: 2
    case .int32, .uint32, .float32: 4
    case .int64, .uint64, .float64: 8
    }
  }

  init?(code: Int16) {
    guard let type = Self.allCases.first(where: { $0.code == code }) else { return nil }
    self = type
  }

  /// What a refused type code means.
  static func refusal(of code: Int16) -> String {
    switch Int32(code) {
    case DT_COMPLEX64, DT_COMPLEX128, DT_COMPLEX256: "its voxels are complex numbers (datatype \(code))"
    case DT_BINARY: "its voxels are single bits (datatype 1)"
    case DT_FLOAT128: "its voxels are 128-bit numbers (datatype \(code))"
    default: "its header names an unknown voxel type (datatype \(code))"
    }
  }
}
