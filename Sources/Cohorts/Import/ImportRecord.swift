import Files
import Foundation
import ImageFiles
import ImageSets

/// The `import.json` beside imported images: where each slice came from, and how.
public struct ImportRecord: Codable, Sendable, Equatable {
  /// One written image.
  public struct Image: Codable, Sendable, Equatable {
    /// Below the written folder.
    public var file: String
    /// Below the source's folder; nil for DICOM files, whose names may say who people are.
    public var source: String?
    public var subject: String
    public var className: String
    /// Nil for a picture.
    public var plane: Plane?
    /// Counted from 0 to the right, front or top.
    public var index: Int?
    /// Along the plane's normal. Where the source states no origin, the volume's centre is 0.
    public var millimetres: Double?
    /// How the source's axes ran, such as `LAS`; nil for a picture.
    public var sourceOrientation: String?
    /// `file`, or `given` where the source does not say or is not to be trusted.
    public var orientationSource: String?
    /// Such as `CT`; nil but for DICOM files.
    public var modality: String?
    /// Kept elements of the header, by keyword; nil but for DICOM files.
    public var tags: [String: String]?

    package init(
      file: String, source: String? = nil, subject: String, className: String, plane: Plane? = nil, index: Int? = nil,
      millimetres: Double? = nil, sourceOrientation: String? = nil, orientationSource: String? = nil,
      modality: String? = nil, tags: [String: String]? = nil
    ) {
      self.file = file
      self.source = source
      self.subject = subject
      self.className = className
      self.plane = plane
      self.index = index
      self.millimetres = millimetres
      self.sourceOrientation = sourceOrientation
      self.orientationSource = orientationSource
      self.modality = modality
      self.tags = tags
    }
  }

  package static let fileName = "import.json"

  /// The text of the file, of this record or another kind's.
  package static func text(of record: some Encodable) throws -> String {
    try ReadableJSON.text(record) + "\n"
  }

  public var importer: String
  public var version: String
  /// The name of the source's folder.
  public var source: String
  public var options: [String: String]
  /// How the written files run.
  public var orientation: String
  public var images: [Image]
  public var notes: [String]

  package init(
    importer: String, version: String, source: String, options: [String: String], orientation: String, images: [Image],
    notes: [String]
  ) {
    self.importer = importer
    self.version = version
    self.source = source
    self.options = options
    self.orientation = orientation
    self.images = images
    self.notes = notes
  }

  /// The modality of each image of a cohort that an import from DICOM made; empty for other cohorts.
  static func modalities(of cohort: Cohort) -> [String] {
    guard let file = try? RegularFile(path: cohort.root.appending(path: fileName).path),
      let bytes = try? file.allBytes(limit: 1 << 28),
      let record = try? JSONDecoder().decode(ImportRecord.self, from: Data(bytes))
    else { return [] }
    let known = Dictionary(record.images.map { ($0.file, $0.modality) }) { first, _ in first }
    return cohort.images.compactMap { known[$0.path] ?? nil }
  }
}
