import Generators
import Samplers

/// What a classifier is trained on: a row of the results.
public enum EvaluationMethod: Sendable, Hashable {
  /// The real images as they are.
  case original
  /// The real images, each class repeated to the size of the largest.
  case originalResampled
  /// Balanced, and repeated to as many images as the synthetic sets have: as many optimiser steps.
  case originalMatched
  /// As many images as the synthetic sets have, in the classes' own proportions, with the classes weighted in the loss.
  case originalWeighted
  /// No network: principal components of the pixels, and linear discriminant analysis with a shrunk covariance.
  case linear
  /// As `originalMatched`, every image changed a little and anew each time that it is seen.
  case classical
  /// As `originalMatched`, every image mixed with another.
  case mixup
  /// As `originalMatched`, every image's shape changed by a smooth random deformation, anew each time that it is seen.
  case elastic
  /// Synthetic images, drawn in this way.
  case drawn(SyntheticMethod)
  /// No network: a logistic regression on covariates such as age and sex.
  case covariates

  /// The way its synthetic images are drawn; nil when there are none.
  public var synthetic: SyntheticMethod? { if case .drawn(let method) = self { method } else { nil } }

  /// Every method that needs images alone, but for `elastic`, which suits images of one anatomy, and for Manikin's own:
  /// `interpolation` and `transfer`, which are best with `synthetic.render: residual`, and `deformation`, which first takes a
  /// minute or more. Of a model's own ways of drawing, what it can do.
  public static func usual(for model: ModelKind) -> [EvaluationMethod] {
    allCases.filter { method in
      switch method {
      case .covariates, .elastic, .drawn(.interpolation), .drawn(.transfer), .drawn(.deformation): false
      case .drawn(let way): way.refusal(of: model) == nil
      default: true
      }
    }
  }

  /// What real images go through when the method is one of changing them; nil for other methods.
  package var change: AugmentationKind? { AugmentationKind(rawValue: rawValue) }

  /// What the method trains the classifier on, in a few words.
  package var summary: String {
    switch self {
    case .original: "the real images as they are"
    case .originalResampled: "real images, the smaller classes repeated to the size of the largest"
    case .originalMatched: "real images, balanced and repeated to as many as the synthetic sets have"
    case .originalWeighted: "real images repeated to as many, with classes weighted in the loss"
    case .linear: "no network: principal components of the real images and a linear discriminant"
    case .classical: "real images, balanced, and turned, shifted, scaled, dimmed and roughened a little"
    case .mixup: "real images, balanced, each mixed with another"
    case .elastic: "real images, balanced, each in another, smoothly deformed shape"
    case .drawn(let method): method.description.summary
    case .covariates: "no image: a logistic regression on the covariates"
    }
  }
}

extension EvaluationMethod: RawRepresentable, CaseIterable, Codable {
  public var rawValue: String {
    switch self {
    case .original: "original"
    case .originalResampled: "original-resampled"
    case .originalMatched: "original-matched"
    case .originalWeighted: "original-weighted"
    case .linear: "linear"
    case .classical: "classical"
    case .mixup: "mixup"
    case .elastic: "elastic"
    case .drawn(let method): method.rawValue
    case .covariates: "covariates"
    }
  }

  public init?(rawValue: String) {
    guard let method = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
    self = method
  }

  /// In the order of tables.
  public static let allCases: [EvaluationMethod] = {
    let drawn: [SyntheticMethod] = [.smote, .posterior, .prior, .gmm, .vamp, .rhvae, .twoStage, .manifold]
    let others = SyntheticMethod.allCases.filter { !drawn.contains($0) }
    return [
      .original, .originalResampled, .originalMatched, .originalWeighted, .linear, .classical, .mixup, .elastic,
    ] + (drawn + others).map { .drawn($0) } + [.covariates]
  }()
}
