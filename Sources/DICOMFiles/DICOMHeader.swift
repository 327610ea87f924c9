import Foundation

/// What the importer needs to know of a DICOM file before its pixels.
///
/// Names, dates and UIDs are here to tell people, studies and series apart and to put them in order; none of them is
/// ever written.
package struct DICOMHeader: Sendable {
  enum Pixels: Sendable, Equatable {
    case none, native, compressed, float
  }

  var sopClass: String
  package var transferSyntax: String
  /// A code of at most 16 letters, such as `CT`; `OT` where the file states none.
  package var modality: String
  /// Nil where it is missing or empty.
  package var patientID: String?
  package var patientName: String?
  package var issuer: String?
  package var birthDate: String?
  package var studyUID: String?
  package var seriesUID: String?
  package var instanceUID: String?
  /// Date and time, for order alone.
  package var studyTime: String
  package var seriesNumber: Int
  package var instanceNumber: Int
  package var seriesDescription: String?
  var pixels: Pixels
  package var rows: Int
  package var columns: Int
  var frames: Int
  /// Whether text is said to be burnt into the pixels; nil where nothing is said.
  package var saysBurnedIn: Bool?
  /// Whether low values are bright.
  package var isInverted: Bool
  /// Values of the elements to keep, in their order; nil where the file has none.
  package var kept: [String?]
  package var geometry: DICOMGeometry
  package var window: DICOMWindow.Setting?
  /// Of the pixels as they are stored, the same within a run of the program.
  var pixelHash: Int

  package init(_ file: DICOMFile, keeping keywords: [DICOMKeyword] = []) {
    let set = file.dataset
    sopClass = set.text(.sopClass) ?? file.mediaClass ?? ""
    transferSyntax = file.transferSyntax ?? ""
    let modality = set.code(.modality) ?? "OT"
    self.modality = modality.count > 16 ? "OT" : modality
    patientID = set.text(.patientID)
    patientName = set.text(.patientName)
    issuer = set.text(.issuer)
    birthDate = set.text(.birthDate)
    studyUID = set.text(.studyUID)
    seriesUID = set.text(.seriesUID)
    instanceUID = set.text(.instanceUID)
    studyTime = (set.text(.studyDate) ?? "") + (set.text(.studyTime) ?? "")
    seriesNumber = set.text(.seriesNumber).flatMap { Int($0) } ?? 0
    instanceNumber = set.text(.instanceNumber).flatMap { Int($0) } ?? 0
    seriesDescription = set.text(.seriesDescription)
    if let element = set.elements[.pixels] {
      pixels = element.isCompressed ? .compressed : element.range.isEmpty ? .none : .native
    } else {
      pixels = set.elements[.floatPixels] != nil || set.elements[.doublePixels] != nil ? .float : .none
    }
    rows = set.word(.rows) ?? 0
    columns = set.word(.columns) ?? 0
    frames = set.text(.frames).flatMap { Int($0) } ?? 1
    saysBurnedIn = set.text(.burnedIn).map { $0.uppercased() != "NO" }
    isInverted = set.code(.photometric) == "MONOCHROME1"
    kept = keywords.map { $0.value(in: set) }
    geometry = DICOMGeometry(set)
    window = DICOMWindow.Setting(set)
    var hasher = Hasher()
    if let element = set.elements[.pixels] {
      set.bytes.withUnsafeBytes { bytes in
        for range in element.isCompressed ? element.fragments : [element.range] {
          hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: bytes[range]))
        }
      }
    }
    pixelHash = hasher.finalize()
  }

  /// Whether the file is one of several that make a volume, or holds one: computed, magnetic resonance or positron
  /// emission tomography.
  package var isOfVolume: Bool { Self.sliceClasses.contains(sopClass) || isEnhanced }

  /// Whether one file holds a whole volume of tomography.
  package var isEnhanced: Bool { Self.volumeClasses.contains(sopClass) }

  private static let root = "1.2.840.10008.5.1.4.1.1."
  /// CT, MR and PET Image Storage.
  private static let sliceClasses = Set(["2", "4", "128"].map { root + $0 })
  /// Enhanced and legacy converted enhanced CT, MR, MR colour and PET Image Storage.
  private static let volumeClasses = Set(["2.1", "2.2", "4.1", "4.3", "4.4", "128.1", "130"].map { root + $0 })
}

/// Where a DICOM image lies in space, as far as the file says.
///
/// Source: DICOM PS3.3, C.7.6.2 (Image Plane) and 10.7 (Basic Pixel Spacing Calibration).
package struct DICOMGeometry: Sendable, Equatable {
  /// Between rows and between columns, millimetres; nil where the file does not say.
  package var spacing: SIMD2<Double>?
  var thickness: Double?
  /// Directions of columns (along a row) and of rows, +x patient left, +y posterior, +z superior.
  package var along: SIMD3<Double>?
  package var down: SIMD3<Double>?
  /// Centre of the first pixel, millimetres.
  var position: SIMD3<Double>?

  init(_ set: DICOMDataset) {
    func pair(_ tag: DICOMTag) -> SIMD2<Double>? {
      let numbers = set.decimals(tag)
      guard numbers.count == 2, numbers.allSatisfy({ $0 > 1e-6 && $0 < 1e6 }) else { return nil }
      return SIMD2(numbers[0], numbers[1])
    }
    spacing = pair(.pixelSpacing) ?? pair(.imagerPixelSpacing) ?? pair(.nominalPixelSpacing)
    thickness = set.decimals(.sliceThickness).first.flatMap { $0 > 1e-6 && $0 < 1e6 ? $0 : nil }
    let cosines = set.decimals(.orientation)
    let place = set.decimals(.position)
    guard cosines.count == 6, place.count == 3, place.allSatisfy({ abs($0) < 1e6 }) else { return }
    let (along, down) = (SIMD3(cosines[0], cosines[1], cosines[2]), SIMD3(cosines[3], cosines[4], cosines[5]))
    func length(_ vector: SIMD3<Double>) -> Double { (vector * vector).sum().squareRoot() }
    guard abs(length(along) - 1) < 0.01, abs(length(down) - 1) < 0.01, abs((along * down).sum()) < 0.01 else { return }
    (self.along, self.down) = (along / length(along), down / length(down))
    position = SIMD3(place[0], place[1], place[2])
  }

  /// From one row to the next, one column to the next and across, and the first pixel's place: right, anterior,
  /// superior; nil where the file does not say how the image lies.
  package var steps: (row: SIMD3<Double>, column: SIMD3<Double>, normal: SIMD3<Double>, origin: SIMD3<Double>)? {
    guard let spacing, let along, let down, let position else { return nil }
    let turn = SIMD3(-1.0, -1.0, 1.0)
    let normal = SIMD3(
      along.y * down.z - along.z * down.y, along.z * down.x - along.x * down.z, along.x * down.y - along.y * down.x)
    return (
      down * turn * spacing[0], along * turn * spacing[1], normal * turn * (thickness ?? 1), position * turn
    )
  }
}
