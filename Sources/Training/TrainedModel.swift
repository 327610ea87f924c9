import Files
import Foundation
import Generators
import Geometry
import ImageFiles
import ImageSets
import Networks
import Randomness
import Recipes
import Runs
import Tensors

/// The generative model of one class, and all that generation needs besides the weights.
///
/// A folder `models/CLASS` holds `weights.safetensors` (PyTorch's names and layout), `codes.safetensors` (the codes of
/// the training images, with posterior log-variances where there are any) and `model.json`. No image of a person is in it.
public struct TrainedModel: Sendable {
  /// What `model.json` says.
  public struct Card: Codable, Sendable, Equatable {
    public var className: String
    /// The classes whose training images the networks learned, when they serve several; nil for this class's alone.
    public var sharedAmong: [String]?
    /// Nil in models of earlier versions, which are variational autoencoders.
    public var kind: ModelKind?
    /// The numbers of its kind, and the weight of the divergence; nil in models of earlier versions.
    public var settings: ModelSettings?
    public var beta: Double?
    public var architecture: VAEArchitecture.Name
    /// What convolutions multiplied while it was trained; nil in models of earlier versions, which is float32.
    public var precision: Precision?
    public var height: Int
    public var width: Int
    /// Of the images, when there are three; nil for one, as in models of earlier versions.
    public var channels: Int?
    public var latentDimensions: Int
    /// How images were prepared; new ones must be prepared alike.
    public var preprocessing: Preprocessing
    public var selection: SliceSelection?
    /// Where a synthetic image lies in space: the first training image's grid.
    public var frame: SliceFrame
    /// The name of the folder that the training images were read from, and their paths in it, in the order of the codes.
    /// Where it lies says the recipe of the run; models of earlier versions say it here.
    public var dataFolder: String
    public var trainingImages: [String]
    /// A digest of the training images' files, by which they are known wherever they lie; nil in models of earlier
    /// versions.
    public var trainingDigest: String?
    public var seed: Int
    /// A digest of the weights.
    public var digest: String
    /// The power of what the decoder leaves out of the training images, by radial frequency (`ResidualSpectrum`); nil in
    /// models of earlier versions.
    public var residualSpectrum: [Double]?
    /// What kind of file the training images came in; nil in models of earlier versions.
    public var storage: ImageStorage?
    /// The stored intensities of each training image that became 0 and 1; nil in models of earlier versions.
    public var limits: [SIMD2<Float>]?

    public var modelKind: ModelKind { kind ?? .vae }

    var shape: ModelShape {
      ModelShape(
        architecture, height: height, width: width, channels: channelCount, latentDimensions: latentDimensions)
    }
  }

  public let card: Card
  public let generator: any GenerativeModel
  public let codes: Codes

  public init(card: Card, generator: any GenerativeModel, codes: Codes) {
    self.card = card
    self.generator = generator
    self.codes = codes
  }

  static let weightsName = "weights.safetensors"
  static let codesName = "codes.safetensors"
  static let cardName = "model.json"

  /// The files that `write` makes in a folder.
  static func files(in folder: URL) -> [URL] {
    [weightsName, codesName, cardName].map { folder.appending(path: $0) }
  }

  static func weights(of generator: any GenerativeModel, _ shape: ModelShape, className: String) throws -> Data {
    var metadata = [
      "architecture": shape.architecture.rawValue, "class": className, "height": "\(shape.height)",
      "width": "\(shape.width)", "latent-dimensions": "\(shape.latentDimensions)", "format": "pt",
    ]
    if generator.kind != .vae { metadata["model"] = generator.kind.rawValue }
    if shape.channels != 1 { metadata["channels"] = "\(shape.channels)" }
    return try SafeTensors.encode(generator.entries, metadata: metadata)
  }

  /// Writes the model; the card last, so that a folder with a card is whole.
  func write(to folder: URL) throws {
    try AtomicFile.makeFolder(folder)
    try AtomicFile.write(
      try Self.weights(of: generator, card.shape, className: card.className),
      to: folder.appending(path: Self.weightsName))
    let tables = Self.tables(of: codes).compactMap { name, table in table.map { (name, $0) } }
    try AtomicFile.write(
      try SafeTensors.encode(
        tables.map { name, table in
          (name, .float32(Tensor([table.rows, table.columns], values: table.values.map { Float($0) })))
        }), to: folder.appending(path: Self.codesName))
    try RunFolder.write(card, to: folder.appending(path: Self.cardName))
  }

  /// Reads a folder that `write` made.
  ///
  /// - Throws: `ExperimentsError` or `NetworkError` if a file is missing or is not what it should be.
  public init(contentsOf folder: URL) throws {
    let cardFile = folder.appending(path: Self.cardName)
    let cardData = try Self.read(cardFile)
    guard let card = try? JSONDecoder().decode(Card.self, from: cardData) else {
      throw ExperimentsError.damaged(path: cardFile.relativePath, line: nil, problem: "this is no model of Manikin")
    }
    guard [1, 3].contains(card.channelCount) else {
      throw ExperimentsError.damaged(
        path: cardFile.relativePath, line: nil, problem: "images have 1 or 3 channels, not \(card.channelCount)")
    }
    let shape = card.shape
    let generator = try card.modelKind.model(
      shape, card.settings ?? ModelSettings(),
      beta: card.beta
        ?? GeneratorConfiguration().resolvedBeta(height: shape.height, width: shape.width, channels: shape.channels),
      stream: RandomStream(seed: 0, purpose: "weights"))
    let weightsFile = folder.appending(path: Self.weightsName)
    let weights = try Self.read(weightsFile)
    guard Checksum.of(weights) == card.digest else {
      throw ExperimentsError.damaged(
        path: weightsFile.relativePath, line: nil, problem: "the weights are not those that model.json names")
    }
    try generator.load(
      SafeTensors.decode(weights, path: weightsFile.relativePath).entries, path: weightsFile.relativePath)
    let codesFile = folder.appending(path: Self.codesName)
    let entries = try SafeTensors.decode(Self.read(codesFile), path: codesFile.relativePath).entries
    func table(_ name: String, _ columns: Int) throws -> Matrix {
      guard case .float32(let tensor) = entries[name], tensor.shape == [card.trainingImages.count, columns] else {
        throw ExperimentsError.damaged(
          path: codesFile.relativePath, line: nil, problem: "'\(name)' is missing or misshapen")
      }
      return Matrix(rows: tensor.shape[0], columns: tensor.shape[1], values: tensor.values.map(Double.init))
    }
    let dimensions = card.latentDimensions
    let hasPosterior = card.modelKind.description.posterior == .gaussian
    self.init(
      card: card, generator: generator,
      codes: Codes(
        means: try table(Self.meansName, dimensions),
        logVariances: hasPosterior ? try table(Self.logVariancesName, dimensions) : nil,
        metricFactors: card.modelKind == .rhvae ? try table(Self.factorsName, dimensions * dimensions) : nil))
  }

  private static let meansName = "posterior_mean"
  private static let logVariancesName = "posterior_log_variance"
  private static let factorsName = "metric_factor"

  /// The tables of the codes' file.
  private static func tables(of codes: Codes) -> [(name: String, table: Matrix?)] {
    [(meansName, codes.means), (logVariancesName, codes.logVariances), (factorsName, codes.metricFactors)]
  }

  /// The models in a folder of class folders, or in a run folder, sorted by class.
  public static func load(all folder: URL) throws -> [TrainedModel] {
    let nested = folder.appending(path: "models", directoryHint: .isDirectory)
    let root = FileManager.default.fileExists(atPath: nested.path) ? nested : folder
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []).sorted().filter {
      FileManager.default.fileExists(atPath: root.appending(path: $0).appending(path: cardName).path)
    }
    guard !names.isEmpty else {
      let splits = folder.appending(path: "splits/01/models", directoryHint: .isDirectory)
      guard !FileManager.default.fileExists(atPath: splits.path) else {
        throw ExperimentsError.settings(
          problem: "'\(folder.relativePath)' holds models of several splits: name one, such as "
            + "'\(folder.relativePath)/splits/01', or train models on all images with 'manikin train DATA --out FOLDER'"
        )
      }
      throw ExperimentsError.settings(
        problem: "'\(folder.relativePath)' holds no models; make some with 'manikin train DATA --out FOLDER'")
    }
    return try names.map { try TrainedModel(contentsOf: root.appending(path: $0, directoryHint: .isDirectory)) }
  }

  private static func read(_ url: URL) throws -> Data {
    do {
      return try Data(RegularFile(path: url.path, noun: "a model's folder").allBytes(limit: 1 << 31))
    } catch ImagingError.unreadable(_, let reason, _) {
      throw ExperimentsError.unreadable(path: url.relativePath, reason: "\(reason); train the model again")
    }
  }
}
