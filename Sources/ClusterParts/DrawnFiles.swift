import Foundation
import Geometry
import Networks
import Recipes
import Runs
import Samplers
import Synthesis
import Tensors

/// The synthetic images of a split as one part leaves them to others: of each method, the images as safetensors with the
/// very numbers that classifiers train on, and what else is known of them as JSON.
struct DrawnFiles {
  let folder: URL

  private struct Entry: Codable {
    struct End: Codable {
      var source: Int
      var position: Double
    }
    var className: String
    var render: String
    var origins: [Int]
    var chains: SamplerReport?
    var points: [Double]
    var dimensions: Int
    var sources: [Int?]
    var acceptance: [Double?]
    var ends: [End?]
  }

  private func imageFile(_ method: SyntheticMethod) -> URL { folder.appending(path: "\(method.rawValue).safetensors") }
  private func entryFile(_ method: SyntheticMethod) -> URL { folder.appending(path: "\(method.rawValue).json") }

  func write(_ synthetic: [SyntheticMethod: [SyntheticSet]]) throws {
    try AtomicFile.makeFolder(folder)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    encoder.nonConformingFloatEncodingStrategy = Self.strategy
    for (method, sets) in synthetic {
      try AtomicFile.write(
        SafeTensors.encode(sets.enumerated().map { ("images/\($0)", .float32($1.images)) }), to: imageFile(method))
      let entries = sets.map { set in
        Entry(
          className: set.className, render: set.render.rawValue, origins: set.origins, chains: set.chains,
          points: set.draw.points.values, dimensions: set.draw.points.columns, sources: set.draw.sources,
          acceptance: set.draw.acceptance,
          ends: set.draw.ends.map { $0.map { .init(source: $0.source, position: $0.position) } })
      }
      try AtomicFile.write(encoder.encode(entries), to: entryFile(method))
    }
  }

  /// - Throws: `ExperimentsError.damaged` if a file is not what `write` made.
  func read(_ methods: [SyntheticMethod]) throws -> [SyntheticMethod: [SyntheticSet]] {
    try Dictionary(uniqueKeysWithValues: methods.map { ($0, try read($0)) })
  }

  private func read(_ method: SyntheticMethod) throws -> [SyntheticSet] {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    func damaged(_ file: URL) -> ExperimentsError {
      .damaged(path: file.relativePath, line: nil, problem: "this is not what the part wrote")
    }
    let (entryFile, imageFile) = (entryFile(method), imageFile(method))
    guard let text = try? Data(contentsOf: entryFile), let entries = try? decoder.decode([Entry].self, from: text)
    else {
      throw damaged(entryFile)
    }
    guard let bytes = try? Data(contentsOf: imageFile, options: .mappedIfSafe) else { throw damaged(imageFile) }
    let tensors = try SafeTensors.decode(bytes, path: imageFile.relativePath).entries
    return try entries.enumerated().map { index, entry in
      let count = entry.sources.count
      guard case .float32(let images) = tensors["images/\(index)"], images.shape.count == 4, images.shape[0] == count,
        entry.origins.count == count, entry.acceptance.count == count, entry.ends.count == count, entry.dimensions > 0,
        entry.points.count == count * entry.dimensions, let render = SyntheticSettings.Render(rawValue: entry.render)
      else { throw damaged(imageFile) }
      return SyntheticSet(
        className: entry.className, method: method, images: images,
        draw: LatentDraw(
          points: Matrix(rows: count, columns: entry.dimensions, values: entry.points), sources: entry.sources,
          acceptance: entry.acceptance,
          ends: entry.ends.map { $0.map { .init(source: $0.source, position: $0.position) } }),
        render: render, origins: entry.origins, chains: entry.chains)
    }
  }

  private static let strategy = JSONEncoder.NonConformingFloatEncodingStrategy.convertToString(
    positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
}
