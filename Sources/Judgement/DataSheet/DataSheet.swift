import Assessment
import Foundation
import Recipes
import Samplers
import Synthesis
import Training

/// The data card of a set of synthetic images, `DATASHEET.md` beside them: what it is, how and of what it was made, what it
/// is for and not for, and what was found when it was checked. It holds no date: the same images have the same sheet.
///
/// Source: the questions are those of Gebru et al., "Datasheets for Datasets", Communications of the ACM 64, 2021, as far as
/// they can be answered by the program that made the images.
package struct DataSheet: Sendable {
  package static let fileName = "DATASHEET.md"

  /// One class of the set.
  struct ClassEntry: Sendable, Equatable {
    var name: String
    var synthetic: Int
    /// Real images that the class's model was trained on.
    var real: Int
    /// A digest of the model's weights.
    var model: String
    /// Whatever was random in the model's training followed from it.
    var modelSeed: Int
  }

  var name: String
  /// Where the real images came from.
  var source: String
  var classes: [ClassEntry]
  /// The classes that one model learned together; nil when each has its own.
  var sharedAmong: [String]?
  var architecture: String
  var height: Int
  var width: Int
  /// 1, or 3 in colour.
  var channels: Int
  /// The window of stored intensities that the models learned, such as `-160..240`; nil where each image was scaled by
  /// its own.
  var window: String?
  var method: SyntheticMethod
  var render: SyntheticSettings.Render
  var seed: Int
  /// The recipe's sections that the drawing went by, as YAML.
  var settings: String
  /// SHA-256 of `manifest.csv`; nil in a BIDS derivative, which has none.
  package var manifestDigest: String?
  package var leak: LeakCheck?
  package var crowding: [Crowding] = []
  /// Nil when the images were not audited.
  package var audit: PrivacyAudit?
  /// What kind of file the images are; nil for NIfTI.
  package var kind: SyntheticStorage?
  /// Real training images in the same folder.
  package var realBeside = 0
  /// What is said in place of findings.
  var uncheckedNote = "It was not checked when it was written. Do so with `manikin audit SYNTHETIC DATA`."

  /// - Parameters:
  ///   - sets: the images of one method; at least one.
  ///   - models: of all classes.
  ///   - recipe: by which they were drawn.
  package init(name: String, source: String, sets: [SyntheticSet], models: [TrainedModel], recipe: Recipe) {
    let cards = models.map(\.card)
    (self.name, self.source) = (name, source)
    classes = sets.compactMap { set in
      cards.first { $0.className == set.className }.map {
        ClassEntry(
          name: set.className, synthetic: set.images.shape[0], real: $0.trainingImages.count, model: $0.digest,
          modelSeed: $0.seed)
      }
    }
    let card = cards[0]
    sharedAmong = card.sharedAmong
    architecture =
      "\(card.architecture.rawValue), \(card.latentDimensions) latent dimensions"
      + (card.precision == .bfloat16 ? ", trained in bfloat16" : "")
    (height, width, channels) = (card.height, card.width, card.channelCount)
    window = card.preprocessing.writtenWindow() == nil ? nil : card.preprocessing.range.description
    (method, render, seed) = (sets[0].method, sets[0].render, recipe.seed)
    var drawn = recipe
    drawn.synthetic.method = sets[0].method
    settings = drawn.yaml(sections: ["metric", "sampler", "synthetic"])
  }
}
