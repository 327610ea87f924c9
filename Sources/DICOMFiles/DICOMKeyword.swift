import Files

/// An element of the header that `--keep-tags` may name: how the image was taken, and the patient's age, sex and size.
///
/// The list holds nothing that names a person, a place, one device or a time, and no free text, in which people write such.
package struct DICOMKeyword: Sendable, Equatable {
  /// As DICOM spells it.
  package let name: String
  let tag: DICOMTag
  let isBinary: Bool

  private init(_ name: String, _ group: UInt16, _ element: UInt16, isBinary: Bool = false) {
    (self.name, tag, self.isBinary) = (name, DICOMTag(group, element), isBinary)
  }

  /// The value, as text; several with `\` between them.
  ///
  /// An age is in years, and 90 stands for all that are higher: so few people are so old that age can tell who they are.
  func value(in set: DICOMDataset) -> String? {
    guard !isBinary else { return set.word(tag).map(String.init) }
    guard let text = set.text(tag, limit: 64) else { return nil }
    guard name == "PatientAge" else { return Self.isPlain(text) ? text : nil }
    let perYear: [Character: Double] = ["Y": 1, "M": 12, "W": 52.1786, "D": 365.25]
    guard let unit = text.last.flatMap({ perYear[$0] }), let count = Int(text.dropLast()), count >= 0 else {
      return nil
    }
    let years = min(90, Double(count) / unit)
    return unit == 1 || years == 90 ? String(Int(years)) : String((years * 100).rounded() / 100)
  }

  /// Whether a text has no control characters.
  private static func isPlain(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
  }

  /// The keywords of a list such as `PatientAge,PatientSex`.
  ///
  /// - Throws: `ImagingError` for one that may not be kept.
  package static func list(_ text: String) throws -> [DICOMKeyword] {
    var found: [DICOMKeyword] = []
    for name in text.split(separator: ",").map({ $0.trimmingPrefix { $0 == " " } }) {
      guard let keyword = all.first(where: { $0.name == name }) else {
        throw ImagingError.invalid(
          what: "'\(name)' is no element of the header that may be kept",
          remedy: "name some of \(TextList.joined(all.map(\.name))), or put it into the table")
      }
      if !found.contains(keyword) { found.append(keyword) }
    }
    return found
  }

  package static let all: [DICOMKeyword] = [
    Self("PatientAge", 0x0010, 0x1010), Self("PatientSex", 0x0010, 0x0040), Self("PatientSize", 0x0010, 0x1020),
    Self("PatientWeight", 0x0010, 0x1030), Self("Manufacturer", 0x0008, 0x0070),
    Self("ManufacturerModelName", 0x0008, 0x1090), Self("ImageType", 0x0008, 0x0008),
    Self("BodyPartExamined", 0x0018, 0x0015), Self("ScanningSequence", 0x0018, 0x0020),
    Self("SequenceVariant", 0x0018, 0x0021), Self("SliceThickness", 0x0018, 0x0050), Self("KVP", 0x0018, 0x0060),
    Self("RepetitionTime", 0x0018, 0x0080), Self("EchoTime", 0x0018, 0x0081), Self("InversionTime", 0x0018, 0x0082),
    Self("MagneticFieldStrength", 0x0018, 0x0087), Self("SpacingBetweenSlices", 0x0018, 0x0088),
    Self("ExposureTime", 0x0018, 0x1150), Self("XRayTubeCurrent", 0x0018, 0x1151), Self("Exposure", 0x0018, 0x1152),
    Self("ConvolutionKernel", 0x0018, 0x1210), Self("PatientPosition", 0x0018, 0x5100),
    Self("ViewPosition", 0x0018, 0x5101), Self("BodyPartThickness", 0x0018, 0x11A0),
    Self("CompressionForce", 0x0018, 0x11A2), Self("Laterality", 0x0020, 0x0060),
    Self("ImageLaterality", 0x0020, 0x0062), Self("BitsStored", 0x0028, 0x0101, isBinary: true),
    Self("PhotometricInterpretation", 0x0028, 0x0004), Self("LossyImageCompression", 0x0028, 0x2110),
    Self("LossyImageCompressionRatio", 0x0028, 0x2112),
  ]
}
