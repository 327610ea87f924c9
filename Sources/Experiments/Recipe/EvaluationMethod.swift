/// What a classifier is trained on: a row of the results.
public enum EvaluationMethod: String, CaseIterable, Sendable, Codable {
  /// The real images as they are.
  case original
  /// The real images, each class repeated to the size of the largest.
  case originalResampled = "original-resampled"
  /// Balanced, and repeated to as many images as the synthetic sets have: as many optimiser steps.
  case originalMatched = "original-matched"
  /// As many images as the synthetic sets have, in the classes' own proportions, with the classes weighted in the loss.
  case originalWeighted = "original-weighted"
  /// No network: principal components of the pixels, and linear discriminant analysis with a shrunk covariance.
  case linear
  /// As `originalMatched`, every image changed a little and anew each time that it is seen.
  case classical
  /// As `originalMatched`, every image mixed with another.
  case mixup
  /// As `originalMatched`, every image's shape changed by a smooth random deformation, anew each time that it is seen.
  case elastic
  case smote, posterior, prior, gmm, manifold, interpolation, transfer, deformation
  /// No network: a logistic regression on covariates such as age and sex.
  case covariates

  /// The way its synthetic images are drawn; nil when there are none.
  public var synthetic: SyntheticMethod? { SyntheticMethod(rawValue: rawValue) }

  /// Every method that needs images alone, but for `elastic`, which suits images of one anatomy, and for Manikin's own: `interpolation`
  /// and `transfer`, which are best with `synthetic.render: residual`, and `deformation`, which first takes a minute or more.
  public static let usual = allCases.filter {
    ![.covariates, .elastic, .interpolation, .transfer, .deformation].contains($0)
  }

  /// What real images go through when the method is one of changing them; nil for other methods.
  var change: AugmentationKind? { AugmentationKind(rawValue: rawValue) }

  /// What the method trains the classifier on, in a few words.
  var summary: String {
    switch self {
    case .original: "the real images as they are"
    case .originalResampled: "real images, the smaller classes repeated to the size of the largest"
    case .originalMatched: "real images, balanced and repeated to as many as the synthetic sets have"
    case .originalWeighted: "real images repeated to as many, with classes weighted in the loss"
    case .linear: "no network: principal components of the real images and a linear discriminant"
    case .classical: "real images, balanced, and turned, shifted, scaled, dimmed and roughened a little"
    case .mixup: "real images, balanced, each mixed with another"
    case .elastic: "real images, balanced, each in another, smoothly deformed shape"
    case .smote: "synthetic images between the codes of neighbouring training images"
    case .posterior: "synthetic images: a training image's own posterior, the control for mere jitter"
    case .prior: "synthetic images drawn from N(0, I)"
    case .gmm: "synthetic images drawn from a Gaussian mixture on the codes"
    case .manifold: "synthetic images drawn uniformly on the learned Riemannian manifold"
    case .interpolation: "synthetic images between two training images of a class"
    case .transfer: "synthetic images: training images changed as those of another class differ among themselves"
    case .deformation: "synthetic images: training images in shapes that differ as those of the largest class do"
    case .covariates: "no image: a logistic regression on the covariates"
    }
  }
}
