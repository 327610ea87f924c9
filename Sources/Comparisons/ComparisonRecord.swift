import Foundation
import Generators
import Runs

/// What one training came to: `scores.json` of its folder.
package struct ComparisonRecord: Codable, Sendable, Equatable {
  /// The images of one method against one side.
  package struct Entry: Codable, Sendable, Equatable {
    /// A way of drawing, or `reconstruction`.
    package var method: String
    package var side: Side
    /// Images that were compared.
    package var images: Int
    package var score: ComparisonScore

    package init(method: String, side: Side, images: Int, score: ComparisonScore) {
      (self.method, self.side, self.images, self.score) = (method, side, images, score)
    }
  }

  package enum Side: String, Codable, Sendable, CaseIterable {
    case validation, test
  }

  /// What images that go through encoder and decoder are called.
  package static let reconstruction = "reconstruction"

  /// `all`, or the number of training images.
  package var size: String
  package var trainingImages: Int
  package var model: ModelKind
  /// From 1; 1 is the recipe's.
  package var setting: Int
  package var settingName: String
  /// From 1; 1 is the recipe's.
  package var seed: Int
  package var entries: [Entry]
  /// Why there are no images of a method, or of any under the empty name.
  package var failures: [String: String]

  package init(
    size: String, trainingImages: Int, model: ModelKind, setting: Int, settingName: String, seed: Int,
    entries: [Entry] = [], failures: [String: String] = [:]
  ) {
    (self.size, self.trainingImages, self.model) = (size, trainingImages, model)
    (self.setting, self.settingName, self.seed) = (setting, settingName, seed)
    (self.entries, self.failures) = (entries, failures)
  }

  /// Its folder in `trained`.
  package var place: String { "\(size)/\(model.rawValue)/setting-\(setting)-seed-\(seed)" }

  package func score(_ method: String, _ side: Side) -> ComparisonScore? {
    entries.first { $0.method == method && $0.side == side }?.score
  }
}

extension [ComparisonRecord] {
  static let columns =
    "size,training_images,model,setting,setting_values,seed,method,split,images,frechet_distance,prd_f8,prd_f1_8"

  /// A row for each size, model, setting, seed, method and side.
  package var csv: String {
    Self.columns + "\n"
      + flatMap { record in
        record.entries.map { entry in
          [
            record.size, "\(record.trainingImages)", record.model.rawValue, "\(record.setting)",
            CSVText.field(record.settingName), "\(record.seed)", entry.method, entry.side.rawValue, "\(entry.images)",
            "\(entry.score.frechetDistance)", "\(entry.score.recall)", "\(entry.score.precision)",
          ].joined(separator: ",") + "\n"
        }
      }.joined()
  }
}
