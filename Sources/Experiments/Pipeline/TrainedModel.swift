import Foundation
import Generators
import Geometry
import Imaging
import Networks
import Randomness
import Tensors

/// The generative model of one class, and all that generation needs besides the weights.
///
/// A folder `models/CLASS` holds `weights.safetensors` (PyTorch's names and layout), `codes.safetensors` (the posterior
/// means and log-variances of the training images) and `model.json`. No image of a person is in it.
public struct TrainedModel: Sendable {
  /// What `model.json` says.
  public struct Card: Codable, Sendable, Equatable {
    public var className: String
    /// The classes whose training images the networks learned, when they serve several; nil for this class's alone.
    public var sharedAmong: [String]?
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
  }

  public let card: Card
  public let vae: VariationalAutoencoder
  public let codes: VariationalAutoencoder.Codes

  public init(card: Card, vae: VariationalAutoencoder, codes: VariationalAutoencoder.Codes) {
    self.card = card
    self.vae = vae
    self.codes = codes
  }

  static let weightsName = "weights.safetensors"
  static let codesName = "codes.safetensors"
  static let cardName = "model.json"

  /// The files that `write` makes in a folder.
  static func files(in folder: URL) -> [URL] {
    [weightsName, codesName, cardName].map { folder.appending(path: $0) }
  }

  static func weights(of vae: VariationalAutoencoder, className: String) throws -> Data {
    try SafeTensors.encode(
      vae.entries,
      metadata: [
        "architecture": vae.architecture.rawValue, "class": className, "height": "\(vae.height)",
        "width": "\(vae.width)", "latent-dimensions": "\(vae.latentDimensions)", "format": "pt",
      ].merging(vae.channels == 1 ? [:] : ["channels": "\(vae.channels)"]) { own, _ in own })
  }

  /// Writes the model; the card last, so that a folder with a card is whole.
  func write(to folder: URL) throws {
    try AtomicFile.makeFolder(folder)
    try AtomicFile.write(
      try Self.weights(of: vae, className: card.className), to: folder.appending(path: Self.weightsName))
    let tables: [(String, Matrix)] = [
      ("posterior_mean", codes.means), ("posterior_log_variance", codes.logVariances),
    ]
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
    let vae = try VariationalAutoencoder(
      card.architecture, height: card.height, width: card.width, channels: card.channelCount,
      latentDimensions: card.latentDimensions, stream: RandomStream(seed: 0, purpose: "weights"))
    let weightsFile = folder.appending(path: Self.weightsName)
    let weights = try Self.read(weightsFile)
    guard Checksum.of(weights) == card.digest else {
      throw ExperimentsError.damaged(
        path: weightsFile.relativePath, line: nil, problem: "the weights are not those that model.json names")
    }
    try vae.load(SafeTensors.decode(weights, path: weightsFile.relativePath).entries, path: weightsFile.relativePath)
    let codesFile = folder.appending(path: Self.codesName)
    let entries = try SafeTensors.decode(Self.read(codesFile), path: codesFile.relativePath).entries
    let tables = try ["posterior_mean", "posterior_log_variance"].map { name -> Matrix in
      guard case .float32(let tensor) = entries[name],
        tensor.shape == [card.trainingImages.count, card.latentDimensions]
      else {
        throw ExperimentsError.damaged(
          path: codesFile.relativePath, line: nil, problem: "'\(name)' is missing or misshapen")
      }
      return Matrix(rows: tensor.shape[0], columns: tensor.shape[1], values: tensor.values.map(Double.init))
    }
    self.init(card: card, vae: vae, codes: .init(means: tables[0], logVariances: tables[1]))
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
