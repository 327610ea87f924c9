import Datasets
import Files
import Foundation
import Runs
import Samplers
import Synthesis
import Training

/// What is known of the synthetic images of one split without any classifier: how the chains fared, whether the images
/// carry a mark of their class, and how many training images stand behind them.
///
/// It lies beside the models of the split as `figures.json`, so that a run that goes on need not draw again the images of
/// a split whose scores are all there.
public struct SplitFigures: Codable, Sendable {
  /// One for each class, where a method with chains was run.
  public var samplers: [SamplerReport]
  /// By the name of the method.
  public var quality: [String: SyntheticQuality]

  public init(samplers: [SamplerReport], quality: [String: SyntheticQuality]) {
    (self.samplers, self.quality) = (samplers, quality)
  }

  /// - Parameters:
  ///   - data: the split.
  ///   - seed: of the split.
  package init(
    _ synthetic: [SyntheticMethod: [SyntheticSet]], models: [TrainedModel], data: ExperimentData, seed: Int
  ) {
    let training = Dictionary(
      uniqueKeysWithValues: data.classes.map { ($0, data.rows(data.indices(of: $0, in: .train))) })
    samplers = synthetic[.manifold]?.compactMap(\.chains) ?? []
    quality = Dictionary(
      uniqueKeysWithValues: synthetic.map { method, sets in
        (method.rawValue, SyntheticQuality(sets, models: models, training: training, seed: seed))
      })
  }

  /// What an earlier start of the run left; nil when it is not there or cannot be read, so that it has to be found again.
  package static func read(from folder: RunFolder) -> SplitFigures? {
    guard let data = try? Data(contentsOf: folder.figuresFile) else { return nil }
    return try? JSONDecoder().decode(SplitFigures.self, from: data)
  }

  /// Writes `leak.json` and `crowding.json`, by method, for people, then `figures.json`.
  package func write(to folder: RunFolder) throws {
    try SyntheticQuality.write(
      Dictionary(
        uniqueKeysWithValues: quality.compactMap { name, value in SyntheticMethod(rawValue: name).map { ($0, value) } }),
      to: folder.url)
    let data = try ReadableJSON.data(self)
    if (try? Data(contentsOf: folder.figuresFile)) != data { try AtomicFile.write(data, to: folder.figuresFile) }
  }
}

extension [SplitFigures] {
  /// What every method's images give away of their class, a sentence each.
  package var leakWarnings: [String] { SyntheticMethod.allCases.compactMap(leakWarning) }

  private func leakWarning(of method: SyntheticMethod) -> String? {
    let found = enumerated().compactMap { split, figures in
      figures.quality[method.rawValue]?.warnings(method: method).first.map { (split: split, text: $0) }
    }
    guard let first = found.first else { return nil }
    guard count > 1 else { return first.text }
    return "In \(found.count) of \(count) splits, here split \(first.split + 1): \(first.text)"
  }

  /// How the chains fared on the first split that has something to say, with the number of further warnings; the screen
  /// has them as soon as the chains were run.
  package var samplerWarnings: [String] {
    let found = map { $0.samplers.flatMap(\.warnings) }
    guard let split = found.firstIndex(where: { !$0.isEmpty }) else { return [] }
    guard count > 1 else { return found[0] }
    let shown = found[split].map { "Split \(split + 1), \($0)" }
    let further = found.dropFirst(split + 1).reduce(0) { $0 + $1.count }
    guard further > 0 else { return shown }
    return shown + ["\(further) more such warning\(further == 1 ? "" : "s") of other splits' chains: see results.json."]
  }
}
