import Imaging

/// A way of drawing latent codes.
public enum SyntheticMethod: String, CaseIterable, Sendable {
  case manifold, prior, gmm, posterior, smote
}

/// The synthetic images that `generate` and `augment` write.
public struct SyntheticSettings: Sendable, Equatable {
  /// Images for each class; nil: as many as bring every class to the largest.
  public var perClass: Int?
  public var method = SyntheticMethod.manifold
  public var gmmComponents = 10
  /// How `generate` and `augment` lay out their files.
  public var layout = SyntheticFolder.Layout.classFolders
  /// What the images show, which BIDS wants to know.
  public var contents = Contents.brain

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
        "manifold samples uniformly on the learned manifold; prior, a standard normal; gmm, a Gaussian mixture "
          + "fitted to the codes; posterior, a training image's own code with its noise; smote, "
          + "a point between a training image's code and one of its 5 nearest neighbours'.",
        source: "paper, section 4.5 and Table 2; smote: Chawla et al. 2002"),
      .integer(
        "synthetic.gmm-components", \.synthetic.gmmComponents, 1...1000, "Components of that mixture.",
        source: "paper, section 5.1: 10"),
      .choice(
        "synthetic.layout", \.synthetic.layout,
        "How generate and augment lay out their files: a folder for each class, or a BIDS derivative."),
      .choice(
        "synthetic.contents", \.synthetic.contents,
        "What the images show, for the sidecars of BIDS: the brain alone (skull stripped), or the head."),
    ])
}
