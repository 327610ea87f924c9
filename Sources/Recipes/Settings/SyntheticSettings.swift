import Cohorts
import Samplers

/// The synthetic images that `generate` and `augment` write.
public struct SyntheticSettings: Sendable, Equatable {
  /// Images for each class; nil: as many as bring every class to the largest.
  public var perClass: Int?
  public var method = SyntheticMethod.manifold
  public var gmmComponents = 10
  public var render = Render.residual
  /// What becomes of images that come out as copies of training images, or nearly.
  public var nearCopies = NearCopies.keep
  /// The way that the method interpolation takes from one code to the other.
  public var path = InterpolationPath.straight
  /// Transitions of the sampler after it.
  public var interpolationSteps = 10
  /// How `generate` and `augment` lay out their files.
  public var layout = SyntheticFolder.Layout.classFolders
  /// What the images show, which BIDS wants to know.
  public var contents = Contents.brain
  /// The kind of file that `generate` and `augment` write.
  public var format = Format.auto
  /// Of a value, where that is a picture.
  public var bits = Bits.auto
  /// How `augment` puts the real training images beside.
  public var withReal = SyntheticFolder.RealPlacement.none

  public enum Format: String, CaseIterable, Sendable {
    /// What the training images came in.
    case auto
    case nifti, png, tiff, jpeg
  }

  public enum Bits: String, CaseIterable, Sendable {
    /// As many as the training images had.
    case auto
    case eight = "8"
    case sixteen = "16"

    /// Nil for `auto`.
    package var count: Int? { Int(rawValue) }
  }

  /// How a latent point becomes an image.
  public enum Render: String, CaseIterable, Sendable {
    case decode, residual, observe
  }

  /// Images less than half as far from a training image as the nearest other one of its class.
  public enum NearCopies: String, CaseIterable, Sendable {
    case keep, redraw
  }

  /// A way between two codes.
  public enum InterpolationPath: String, CaseIterable, Sendable {
    case straight, geodesic
  }

  public enum Contents: String, CaseIterable, Sendable {
    /// Skull stripped.
    case brain
    case head
  }

  public init() {}

  static let section = RecipeSection(
    name: "synthetic", meaning: "the synthetic images that are written",
    settings: [
      .integer(
        "synthetic.per-class", \.synthetic.perClass, 1...10_000_000, or: "balance",
        "How many for each class; balance brings every class to the size of the largest."),
      .choice(
        "synthetic.method", \.synthetic.method,
        "How codes are drawn. "
          + SyntheticMethod.allCases.map { "\($0.rawValue): \($0.description.meaning)" }
          .joined(separator: "; ")
          + ". Without this key, a model whose codes have no posterior variances uses gmm instead of manifold.",
        source:
          "paper, section 4.5 and Table 2; smote: Chawla et al. 2002; interpolation, transfer and deformation are "
          + "Manikin's own"),
      .choice(
        "synthetic.render", \.synthetic.render,
        "How a latent point becomes an image. decode: the decoder's mean. residual: what the decoder leaves out of the "
          + "training image where the draw began is added back, so that its texture stays; such an image is nearly "
          + "that person's. observe: the mean plus Gaussian noise with the spatial spectrum of what the decoder leaves "
          + "out, of the class itself with 'share: all', over all classes otherwise.",
        source: "paper: decode; the others are Manikin's own"),
      .choice(
        "synthetic.near-copies", \.synthetic.nearCopies,
        "What becomes of an image that is a copy of a training image of its class, or nearly: less than half as far from "
          + "it as the nearest other one. redraw: it is thrown away and another one drawn; where more than half come out "
          + "so, the model knows training images by heart, and none is written. Not with 'render: residual'.",
        source: "Manikin's own"),
      .choice(
        "synthetic.path", \.synthetic.path,
        "The way of the method interpolation: the straight line, or the geodesic of the metric, which takes seconds "
          + "for each image."),
      .integer(
        "synthetic.interpolation-steps", \.synthetic.interpolationSteps, 0...1_000_000,
        "Transitions of Algorithm 2 after interpolation, with the paper's step size, leapfrog steps and unit mass "
          + "unless 'sampler' sets 'step-size' or 'leapfrog-steps'; 0 leaves the point where it is."),
      .integer(
        "synthetic.gmm-components", \.synthetic.gmmComponents, 1...1000,
        "Components of the mixture that the method gmm fits.",
        source: "paper, section 5.1: 10"),
      .choice(
        "synthetic.layout", \.synthetic.layout,
        "How generate and augment lay out their files: a folder for each class, or a BIDS derivative."),
      .choice(
        "synthetic.contents", \.synthetic.contents,
        "What the images show, for the sidecars of BIDS: the brain alone (skull stripped), or the head."),
      .choice(
        "synthetic.format", \.synthetic.format,
        "The kind of file that generate and augment write; auto is the kind that the training images came in. jpeg is "
          + "lossy."),
      .choice(
        "synthetic.bits", \.synthetic.bits,
        "Bits of a value in PNG and TIFF; auto: as many as the training images had, and 8 where these were no pictures."
      ),
      .choice(
        "synthetic.with-real", \.synthetic.withReal,
        "Whether augment and generate put the real training images beside the synthetic ones: as hard links, as "
          + "copies, or not."),
    ])
}
