/// What a file says about its image, without the voxels.
public struct ImageHeader: Sendable, Equatable {
  /// `NIfTI-1`, `NIfTI-2`, the same with ` pair`, `ANALYZE 7.5`, `MGH`, `PNG`, `JPEG` or `TIFF`.
  public var format: String
  /// Sizes in file order, the fastest axis first, as many as the header names.
  public var dimensions: [Int]
  /// Pixel or voxel size in millimetres along the first three file axes; empty for a picture, whose resolution is not read.
  public var spacingMillimetres: [Double]
  /// Where the file axes point, such as `RAS`; nil if the file does not say.
  public var orientation: String?
  /// Type of the stored numbers, such as `int16`, or `rgb24` and `rgba32` for a NIfTI image of colours.
  public var dataType: String
  public var isBigEndian: Bool
  /// Values are stored number * slope + intercept.
  public var slope: Double
  public var intercept: Double
  /// NIfTI's code of the qform and of the sform: 0 none, 1 scanner, 2 aligned, 3 Talairach, 4 MNI 152.
  public var qformCode: Int
  public var sformCode: Int
  /// Whether all of the first three axes have more than one element, so that a slice must be chosen.
  public var isVolume: Bool
  /// Whether red, green and blue are stored, be they equal or not.
  public var mayBeColour: Bool
}

extension ImageHeader {
  init(_ header: VolumeHeader) {
    format = header.form.rawValue
    dimensions = header.grid.dimensions
    spacingMillimetres = (0..<3).map { header.spacing[$0] * header.millimetres }
    orientation = header.orientation?.letters
    dataType = header.grid.typeName
    isBigEndian = header.isBigEndian
    slope = header.slope
    intercept = header.intercept
    qformCode = Int(header.qformCode)
    sformCode = Int(header.sformCode)
    isVolume = header.isVolume
    mayBeColour = header.grid.components > 1
  }
}

extension ImageHeader {
  /// What kind of file this is.
  var storage: ImageStorage {
    ImageStorage.Kind(rawValue: format.lowercased()).map {
      ImageStorage($0, bits: dataType == "uint8" ? 8 : dataType == "uint16" ? 16 : 32)
    }
      ?? .nifti
  }
}
