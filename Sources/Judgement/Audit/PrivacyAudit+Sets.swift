import Datasets
import ImageFiles
import ImageSets
import Synthesis
import Tensors
import Training

extension PrivacyAudit {
  /// Images of several classes, as an audit compares them.
  package struct Images {
    /// Of each image.
    var paths: [String] = []
    var classNames: [String] = []
    /// `[height, width, channel]` each, all of one shape.
    var rows: TensorRows

    package init(_ set: ImageSet) {
      (paths, classNames, rows) = (set.images.map(\.path), set.images.map(\.className), set.rows)
    }

    /// One class after the other; at least one, with a path for each image.
    package init(_ classes: [(name: String, paths: [String], images: TensorRows)]) {
      paths = classes.flatMap(\.paths)
      classNames = classes.flatMap { part in part.paths.map { _ in part.name } }
      rows = .joined(classes.map(\.images))
    }

    func indices(of className: String) -> [Int] { classNames.indices.filter { classNames[$0] == className } }
  }

  /// The audit of images that are about to be written, against what their models were trained on; nothing is held out.
  ///
  /// Nil when there is nothing to compare: no images, or the training images of a class are gone or fewer than two.
  ///
  /// - Parameter training: the training images of each class in the order of its model's card,
  ///   `[height, width, channel]` each.
  package init?(_ sets: [SyntheticSet], models: [TrainedModel], training: [String: TensorRows]) {
    var made: [(name: String, paths: [String], images: TensorRows)] = []
    var real: [(name: String, paths: [String], images: TensorRows)] = []
    for set in sets where set.images.shape[0] > 0 {
      guard let card = models.first(where: { $0.card.className == set.className })?.card,
        let images = training[set.className], images.count > 1
      else { return nil }
      let paths = (1...set.images.shape[0]).map { "\(set.className)/\($0)" }
      made.append((set.className, paths, TensorRows(card.prepared(set.images))))
      real.append((set.className, card.trainingImages, images))
    }
    guard !made.isEmpty else { return nil }
    self.init(synthetic: Images(made), training: Images(real), heldOut: nil)
  }
}
