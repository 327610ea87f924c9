import Assessment
import Datasets
import Files
import Foundation
import Generators
import Geometry
import Randomness
import Runs
import Samplers
import Synthesis
import Tensors
import Training

/// What can be said of one method's images without training a classifier: whether they carry a mark of their class, and
/// how many training images stand behind them.
public struct SyntheticQuality: Codable, Sendable {
  /// Nil when too few images were generated to check.
  public var leak: LeakCheck?
  public var crowding: [Crowding]

  /// Fewer generated images of a class than this are not checked.
  static let fewestImages = 10

  package init(leak: LeakCheck?, crowding: [Crowding]) { (self.leak, self.crowding) = (leak, crowding) }

  /// - Parameters:
  ///   - sets: the images of one method; classes may be missing.
  ///   - models: of all classes, those without generated images included.
  ///   - training: the training images of each class in the order of its codes.
  package init(_ sets: [SyntheticSet], models: [TrainedModel], training: [String: TensorRows], seed: Int) {
    crowding = sets.filter { $0.images.shape[0] > 0 }.compactMap { set in
      guard let model = models.first(where: { $0.card.className == set.className }),
        let images = training[set.className]
      else { return nil }
      return Crowding(
        className: set.className, training: images.count,
        nearestCodes: RowDistances(to: model.codes.means).nearest(to: set.draw.points),
        nearestImages: NearestImages.find(TensorRows(set.images), among: images).map(\.index))
    }
    let checked = sets.filter { $0.images.shape[0] >= Self.fewestImages }
    guard let card = models.first?.card, models.count > 1, !checked.isEmpty,
      models.allSatisfy({ training[$0.card.className] != nil && $0.card.length == card.length })
    else { return }
    let statistics = LeakStatistics(height: card.height, width: card.width, channels: card.channelCount)
    leak = LeakCheck(
      models.map { model in
        let name = model.card.className
        let set = checked.first { $0.className == name }
        return LeakCheck.Images(
          className: name, real: FeatureTable(of: training[name]!) { statistics.table($0.values) },
          generated: set.map { statistics.table($0.images.values) }, origins: set?.origins ?? [])
      }, stream: RandomStream(seed: UInt64(seed), purpose: "leak"))
  }

  /// Writes `leak.json` and `crowding.json`, by method.
  static func write(_ qualities: [SyntheticMethod: SyntheticQuality], to folder: URL) throws {
    for (name, data) in try documents(qualities) {
      let file = folder.appending(path: name)
      if (try? Data(contentsOf: file)) != data { try AtomicFile.write(data, to: file) }
    }
  }

  /// The two documents, by method.
  package static func documents(_ qualities: [SyntheticMethod: SyntheticQuality]) throws -> [(name: String, data: Data)]
  {
    func byName<Value>(_ value: (SyntheticQuality) -> Value?) -> [String: Value] {
      Dictionary(
        uniqueKeysWithValues: qualities.compactMap { method, quality in value(quality).map { (method.rawValue, $0) } })
    }
    return [
      ("leak.json", try ReadableJSON.data(byName(\.leak))),
      ("crowding.json", try ReadableJSON.data(byName(\.crowding))),
    ]
  }

  /// What to know before using the images; empty when all is well.
  func warnings(method: SyntheticMethod) -> [String] {
    guard let leak, leak.verdict == .leak else { return [] }
    return ["\(method.rawValue): \(leak.sentence) See Documentation/Augmentation.md for what cures it."]
  }
}
