import Foundation

/// The `dataset_description.json` of a folder of synthetic images, a BIDS derivative.
///
/// Source: Brain Imaging Data Structure 1.10.0, "Dataset description".
public struct DatasetDescription: Codable, Sendable, Equatable {
  public struct Generator: Codable, Sendable, Equatable {
    public var name: String
    public var version: String

    enum CodingKeys: String, CodingKey {
      case name = "Name"
      case version = "Version"
    }
  }

  public struct Source: Codable, Sendable, Equatable {
    public var url: String

    enum CodingKeys: String, CodingKey {
      case url = "URL"
    }
  }

  public var name: String
  public var bidsVersion: String
  public var datasetType: String
  public var generatedBy: [Generator]
  public var sourceDatasets: [Source]

  enum CodingKeys: String, CodingKey {
    case name = "Name"
    case bidsVersion = "BIDSVersion"
    case datasetType = "DatasetType"
    case generatedBy = "GeneratedBy"
    case sourceDatasets = "SourceDatasets"
  }

  static let generatorName = "Manikin"
  package static let fileName = "dataset_description.json"

  /// - Parameters:
  ///   - name: what the data set is called.
  ///   - version: Manikin's.
  ///   - sources: where the training images came from: folders or addresses.
  public init(name: String, version: String, sources: [String]) {
    self.name = name
    bidsVersion = "1.10.0"
    datasetType = "derivative"
    generatedBy = [Generator(name: Self.generatorName, version: version)]
    sourceDatasets = sources.map(Source.init)
  }

  /// The description in a folder; nil if it has none that can be read.
  public init?(in folder: URL) {
    guard let data = try? Data(contentsOf: folder.appending(path: Self.fileName, directoryHint: .notDirectory)),
      let description = try? JSONDecoder().decode(DatasetDescription.self, from: data)
    else { return nil }
    self = description
  }

  /// Whether the folder was written by Manikin.
  public var isManikins: Bool { generatedBy.contains { $0.name == Self.generatorName } }

  package func json() throws -> Data {
    try ReadableJSON.data(self)
  }
}
