import Classification
import ImageFiles
import ImageSets
import Recipes

/// `classifier.json`: how images are prepared and how the files beside it make a decision.
package struct ClassifierCard: Codable {
  struct Member: Codable {
    enum Kind: String, Codable { case network, linear }

    var way: String
    var kind: Kind
    /// One for each random start.
    var files: [String]
    /// SHA-256 of each.
    var digests: [String]
    var calibration: Calibration
  }

  /// Raised when files of before can no longer be read.
  var version = 1
  /// In the order of the probabilities.
  var classes: [String]
  /// Of the images when they are prepared.
  var height: Int
  var width: Int
  var channels: Int
  /// What is done to every image.
  var preprocessing: Preprocessing
  /// Which slice is taken of volumes; nil where images are 2D.
  var selection: SliceSelection?
  /// Of the networks, in PyTorch's names.
  var layers: [ClassifierArchitecture.NamedLayer]
  var members: [Member]
  var calibration: Calibration
  /// Of the calibrated probability of the second class, for two classes.
  var threshold: Double?
  /// The same of the classifier's own probability, where there is one member.
  var ownThreshold: Double?
  var howto: String

  static let fileName = "classifier.json"

  /// Without members.
  ///
  /// - Parameters:
  ///   - size: of the images when they are prepared.
  ///   - channels: 1, or 3 in colour.
  package init(recipe: Recipe, classes: [String], size: ImageSize, channels: Int) {
    (self.classes, self.channels) = (classes, channels)
    (height, width) = (size.height, size.width)
    (preprocessing, selection) = (recipe.preprocessingConfiguration, recipe.sliceSelection)
    layers = ClassifierArchitecture(height: height, width: width, classes: classes.count).named
    members = []
    calibration = .identity(classes.count)
    threshold = classes.count == 2 ? 0.5 : nil
    howto = Self.words
  }

  static let words =
    "'manikin classify IMAGES --with' this folder does what follows. Images are prepared as 'preprocessing' says: values in "
    + "[0, 1], [height, width, channel], row by row from the top, each from left to right; of a volume the slice of "
    + "'selection', axial rows from anterior to posterior, coronal and sagittal ones from superior to inferior. Each file gives "
    + "logarithms of probabilities of the classes (linear: the softmax of weight x + bias over the pixels, what float32 leaves "
    + "of the numbers in weight.rest and bias.rest; network: 'layers', weights in PyTorch's layout, flattened channel by "
    + "channel). "
    + "Average them over a member's files; multiply by the member's slope, add its intercepts, and take the softmax; average "
    + "the logarithms over the members, take the softmax; the last calibration in the same way. The most probable class is the "
    + "decision. Probabilities are those of classes that are equally common: for other shares multiply by them and divide by "
    + "the sum."
}
