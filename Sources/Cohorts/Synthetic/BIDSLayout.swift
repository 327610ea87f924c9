import Files
import Foundation

/// The names and texts of synthetic images as a BIDS derivative.
///
/// `sub-synthAD00001/anat/sub-synthAD00001_T1w.nii.gz` with a sidecar `.json` each, `participants.tsv` with a
/// `participants.json` that explains its columns, `dataset_description.json` and `README`.
///
/// Source: Brain Imaging Data Structure 1.10.0, "Common principles" and "Dataset description".
struct BIDSLayout {
  private let furtherColumns: [String]
  private let isSkullStripped: Bool
  private var rows = ""
  /// Which class a label stands for.
  private var classes: [String: String] = [:]
  private var subjects: Set<String> = []

  init(furtherColumns: [String], isSkullStripped: Bool) {
    self.furtherColumns = furtherColumns
    self.isSkullStripped = isSkullStripped
  }

  /// The subject of a class's image of that number, from 1, such as `sub-synthAD00001`.
  ///
  /// Labels may hold letters and digits only, so others are left out of the class's name.
  ///
  /// - Throws: `ImagingError` if nothing is left of the class's name, or what is left is another class's.
  mutating func subject(_ className: String, _ number: Int) throws -> String {
    let label = String(className.filter { $0.isASCII && ($0.isLetter || $0.isNumber) })
    guard !label.isEmpty else {
      throw ImagingError.invalid(
        what: "the class name '\(className)' has no letter or digit that a BIDS label may hold",
        remedy: "rename the class, or use the layout class-folders")
    }
    let key = label.lowercased()
    let subject = "sub-synth\(label)\(SyntheticFolder.padded(number))"
    let other = classes.updateValue(className, forKey: key) ?? className
    guard other == className, subjects.insert(subject.lowercased()).inserted else {
      throw ImagingError.invalid(
        what: "the class names '\(other)' and '\(className)' give images of one BIDS label, \(subject)",
        remedy: "rename a class, or use the layout class-folders")
    }
    return subject
  }

  static func sidecarName(of path: String) -> String { path.replacing(".nii.gz", with: ".json") }

  /// What the sidecar of an image says.
  func sidecar(of image: SyntheticImage) throws -> Data {
    var further: [String: String] = [:]
    for (column, value) in zip(furtherColumns, image.furtherValues) where value != "n/a" {
      further[Self.key(column)] = value
    }
    let own = Sidecar(
      isSkullStripped: isSkullStripped,
      className: image.className, seed: image.seed, modelDigest: image.model, chain: image.chain,
      acceptance: image.acceptance, nearestTrainingImage: image.nearestTrainingImage,
      nearestDistance: image.nearestDistance, further: further)
    return try ReadableJSON.data(own)
  }

  /// `source_training_image` as `SourceTrainingImage`.
  private static func key(_ column: String) -> String {
    column.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }

  private struct Sidecar: Encodable {
    var synthetic = true
    var isSkullStripped: Bool
    var className: String
    var seed: UInt64
    var modelDigest: String
    var chain: Int?
    var acceptance: Double?
    var nearestTrainingImage: String?
    var nearestDistance: Double?
    var further: [String: String]

    struct Key: CodingKey {
      var stringValue: String
      var intValue: Int? { nil }
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    func encode(to encoder: any Encoder) throws {
      var box = encoder.container(keyedBy: Key.self)
      try box.encode(synthetic, forKey: Key(stringValue: "Synthetic"))
      try box.encode(isSkullStripped, forKey: Key(stringValue: "SkullStripped"))
      try box.encode(
        "A synthetic image of the class \(className); no person was scanned.", forKey: Key(stringValue: "Description"))
      try box.encode(className, forKey: Key(stringValue: "Class"))
      try box.encode(seed, forKey: Key(stringValue: "Seed"))
      try box.encode(modelDigest, forKey: Key(stringValue: "ModelDigest"))
      try box.encodeIfPresent(chain, forKey: Key(stringValue: "Chain"))
      try box.encodeIfPresent(acceptance, forKey: Key(stringValue: "Acceptance"))
      try box.encodeIfPresent(nearestTrainingImage, forKey: Key(stringValue: "NearestTrainingImage"))
      try box.encodeIfPresent(nearestDistance, forKey: Key(stringValue: "NearestDistance"))
      for (key, value) in further { try box.encode(value, forKey: Key(stringValue: key)) }
    }
  }

  /// Adds an image's row to the table.
  mutating func append(_ path: String, _ image: SyntheticImage) {
    let subject = String(path.prefix { $0 != "/" })
    let cells = [subject] + Manifest.values(of: image)
    rows +=
      cells.map { $0.map { $0 == "\t" || $0.isNewline ? " " : String($0) }.joined() }.joined(separator: "\t") + "\n"
  }

  private static let meanings = [
    "class": "The class that the image is an example of", "model": "A digest of the weights of the model that made it",
    "seed": "The seed that it follows from", "chain": "The number of the Markov chain that it ended",
    "acceptance": "The share of the chain's proposals that were accepted, 0 to 1",
    "nearest_training_image": "The training image that is most like it",
    "nearest_distance": "The distance to that, the root mean square of the differences of pixels scaled to 0 to 1",
    "method": "How its code was drawn", "source_training_image": "The training image whose code the draw began at",
    "second_training_image": "The training image whose code the draw went towards",
    "position": "How far from the first code to the second the point was taken, 0 to 1",
    "render": "How the latent point became an image: decode, residual or observe",
    "residual_training_image": "The training image whose texture, which the decoder leaves out, was added",
  ]

  /// The files at the top, by name.
  func files(of description: DatasetDescription) throws -> [(name: String, data: Data)] {
    let columns = Array(Manifest.columns.dropFirst()) + furtherColumns
    let header = (["participant_id"] + columns).joined(separator: "\t") + "\n"
    let explained = Dictionary(
      uniqueKeysWithValues: columns.map { ($0, ["Description": (Self.meanings[$0] ?? $0) + "."]) })
    let readme = """
      \(description.name)

      Every image here is synthetic: it was drawn from a generative model, and no person was scanned. Each stands in the
      place of one subject, so that tools for real data read the folder unchanged; the class is in participants.tsv, and
      seed and model are in the sidecar of each image. Do not mix these images with scans of people unmarked, and never
      use them as test data.

      Written by \(description.generatedBy.map { "\($0.name) \($0.version)" }.joined(separator: ", ")).

      """
    return [
      ("participants.tsv", Data((header + rows).utf8)),
      ("participants.json", try ReadableJSON.data(explained)),
      (DatasetDescription.fileName, try description.json()), ("README", Data(readme.utf8)),
    ]
  }
}
