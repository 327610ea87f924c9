/// The number of an element of a DICOM file.
///
/// Source: DICOM PS3.6, "Registry of DICOM data elements".
struct DICOMTag: Hashable, Sendable {
  let group: UInt16
  let element: UInt16

  init(_ group: UInt16, _ element: UInt16) { (self.group, self.element) = (group, element) }

  static let mediaClass = Self(0x0002, 0x0002)
  static let transferSyntax = Self(0x0002, 0x0010)
  static let sopClass = Self(0x0008, 0x0016)
  static let instanceUID = Self(0x0008, 0x0018)
  static let studyDate = Self(0x0008, 0x0020)
  static let studyTime = Self(0x0008, 0x0030)
  static let modality = Self(0x0008, 0x0060)
  static let seriesDescription = Self(0x0008, 0x103E)
  static let patientName = Self(0x0010, 0x0010)
  static let patientID = Self(0x0010, 0x0020)
  static let issuer = Self(0x0010, 0x0021)
  static let birthDate = Self(0x0010, 0x0030)
  static let imagerPixelSpacing = Self(0x0018, 0x1164)
  static let nominalPixelSpacing = Self(0x0018, 0x2010)
  static let sliceThickness = Self(0x0018, 0x0050)
  static let studyUID = Self(0x0020, 0x000D)
  static let seriesUID = Self(0x0020, 0x000E)
  static let seriesNumber = Self(0x0020, 0x0011)
  static let instanceNumber = Self(0x0020, 0x0013)
  static let position = Self(0x0020, 0x0032)
  static let orientation = Self(0x0020, 0x0037)
  static let samples = Self(0x0028, 0x0002)
  static let photometric = Self(0x0028, 0x0004)
  static let planar = Self(0x0028, 0x0006)
  static let frames = Self(0x0028, 0x0008)
  static let rows = Self(0x0028, 0x0010)
  static let columns = Self(0x0028, 0x0011)
  static let pixelSpacing = Self(0x0028, 0x0030)
  static let bitsAllocated = Self(0x0028, 0x0100)
  static let bitsStored = Self(0x0028, 0x0101)
  static let highBit = Self(0x0028, 0x0102)
  static let pixelRepresentation = Self(0x0028, 0x0103)
  static let burnedIn = Self(0x0028, 0x0301)
  static let windowCentre = Self(0x0028, 0x1050)
  static let windowWidth = Self(0x0028, 0x1051)
  static let windowFunction = Self(0x0028, 0x1056)
  static let intercept = Self(0x0028, 0x1052)
  static let slope = Self(0x0028, 0x1053)
  /// Red, green, blue.
  static let paletteDescriptors = [Self(0x0028, 0x1101), Self(0x0028, 0x1102), Self(0x0028, 0x1103)]
  static let palettes = [Self(0x0028, 0x1201), Self(0x0028, 0x1202), Self(0x0028, 0x1203)]
  static let modalityTable = Self(0x0028, 0x3000)
  static let tableDescriptor = Self(0x0028, 0x3002)
  static let tableData = Self(0x0028, 0x3006)
  static let windowTable = Self(0x0028, 0x3010)
  static let sharedGroups = Self(0x5200, 0x9229)
  static let frameGroups = Self(0x5200, 0x9230)
  static let frameMeasures = Self(0x0028, 0x9110)
  static let framePosition = Self(0x0020, 0x9113)
  static let frameOrientation = Self(0x0020, 0x9116)
  static let frameTransformation = Self(0x0028, 0x9145)
  static let floatPixels = Self(0x7FE0, 0x0008)
  static let doublePixels = Self(0x7FE0, 0x0009)
  static let pixels = Self(0x7FE0, 0x0010)
  static let item = Self(0xFFFE, 0xE000)
  static let itemEnd = Self(0xFFFE, 0xE00D)
  static let sequenceEnd = Self(0xFFFE, 0xE0DD)
}
