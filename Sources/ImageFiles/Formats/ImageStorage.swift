/// What kind of file an image is stored in, and how many bits a value takes there.
public struct ImageStorage: Codable, Sendable, Hashable {
  public enum Kind: String, Codable, Sendable, CaseIterable {
    /// Whatever keeps its place in space: NIfTI, ANALYZE and the like.
    case nifti
    case png, tiff, jpeg

    /// Whether it is a picture of whole numbers without a place in space.
    public var isPicture: Bool { self != .nifti }

    /// Whether what is written differs from what was given by more than rounding.
    public var isLossy: Bool { self == .jpeg }
  }

  public var kind: Kind
  /// 8 or 16 for a picture of whole numbers from 0, 32 for the floats of NIfTI and of TIFF.
  public var bits: Int

  public init(_ kind: Kind, bits: Int) {
    self.kind = kind
    switch kind {
    case .nifti: self.bits = 32
    case .jpeg: self.bits = 8
    case .png: self.bits = bits <= 8 ? 8 : 16
    case .tiff: self.bits = bits <= 8 ? 8 : bits <= 16 ? 16 : 32
    }
  }

  public static let nifti = ImageStorage(.nifti, bits: 32)

  /// Whether values are floats, which hold any intensity as it is.
  public var isFloat: Bool { bits == 32 }

  /// The largest whole number of a picture of whole numbers.
  public var largest: Double { bits == 16 ? 65535 : 255 }

  /// What whole numbers of another storage are multiplied by so that white is white here; 1 where either holds floats.
  public func factor(from other: ImageStorage) -> Double {
    kind.isPicture && other.kind.isPicture && !isFloat && !other.isFloat ? largest / other.largest : 1
  }

  /// What files are written with, such as `.nii.gz`.
  public var suffix: String {
    switch kind {
    case .nifti: ".nii.gz"
    case .png: ".png"
    case .tiff: ".tif"
    case .jpeg: ".jpg"
    }
  }

  /// Such as `PNG of 16 bits`.
  public var text: String {
    switch kind {
    case .nifti: "NIfTI"
    case .png, .tiff: "\(kind.rawValue.uppercased()) of \(isFloat ? "32-bit floats" : "\(bits) bits")"
    case .jpeg: "JPEG of 8 bits, which is lossy"
    }
  }

  /// What holds all images without loss: their own storage if all have one, PNG of the most bits for pictures of several
  /// kinds (TIFF if any holds negative numbers or floats), and NIfTI if any is no picture.
  public init(holding storages: some Sequence<ImageStorage>) {
    let all = Set(storages)
    guard let first = all.first, all.allSatisfy(\.kind.isPicture) else {
      self = .nifti
      return
    }
    let bits = all.map(\.bits).max() ?? 8
    let kinds = Set(all.map(\.kind))
    self.init(kinds.count == 1 ? first.kind : bits > 16 ? .tiff : .png, bits: bits)
  }
}
