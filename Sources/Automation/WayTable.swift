import Generators
import Recipes
import Samplers

extension Way {
  /// Settings of all ways but `linear`: a fifth of the images that the paper's settings show, in smaller steps that go further.
  /// Many ways are tried in the time of a few, and few images are learned by heart less.
  static let lean: [Setting] = [
    Setting("classifier.epochs", "20"), Setting("classifier.batch-size", "64"),
    Setting("classifier.learning-rate", "0.001"), Setting("evaluation.synthetic-per-class", "150"),
  ]

  /// The ways that are tried, the simplest first: of equals the first one is taken. What costs little comes early, too, so that
  /// little time is spent well.
  ///
  /// - Parameter hasValidation: whether there are validation images to choose an epoch by.
  package static func table(hasValidation: Bool) -> [Way] {
    func way(
      _ name: String, _ family: Family, _ method: EvaluationMethod, _ settings: [(String, String)] = [],
      _ meaning: String
    ) -> Way {
      let own = settings.map { Setting($0.0, $0.1) }
      return Way(
        name, family, method, lean.filter { setting in !own.contains { $0.key == setting.key } } + own, meaning)
    }
    func strengths(
      _ name: String, _ family: Family, _ method: EvaluationMethod, _ meaning: String
    ) -> [Way] {
      [("", "1", ""), ("-weak", "0.5", ", half as far"), ("-strong", "2", ", twice as far")].map {
        suffix, value, words in
        way(
          name + suffix, family, method, [("evaluation.strength", value), ("classifier.keep", "last")], meaning + words)
      }
    }
    func drawn(
      _ name: String, _ family: Family, _ method: SyntheticMethod, _ settings: [(String, String)] = [],
      _ meaning: String
    ) -> Way {
      way(name, family, .drawn(method), [("classifier.keep", "last")] + settings, meaning)
    }
    let residual = [("generator.share", "all"), ("synthetic.render", "residual")]
    let steps = [("generator.steps", "1500")]
    let classical = strengths(
      "classical", .classical, .classical, "on real images that are turned, shifted, scaled, dimmed and roughened")
    let elastic = strengths("elastic", .elastic, .elastic, "on real images in smoothly deformed shapes")
    let mixup = strengths("mixup", .mixup, .mixup, "on real images that are mixed with each other")
    let best = way(
      "real-best", .real, .originalMatched, [("classifier.keep", "best")],
      "on real images, the epoch chosen on validation images")
    return [
      Way("linear", .linear, .linear, [], "on principal components of real images, without a network"),
      way("real", .real, .originalMatched, [("classifier.keep", "last")], "on real images, the last epoch"),
      classical[0], elastic[0], mixup[0],
    ] + (hasValidation ? [best] : []) + [
      drawn(
        "deformation", .deformation, .deformation, [("generator.steps", "20")],
        "on images in shapes that differ as those of the largest class do"),
      classical[2], elastic[2], classical[1],
      way(
        "classical-flips", .classical, .classical, [("evaluation.flip", "true"), ("classifier.keep", "last")],
        "on real images changed as by classical, and turned left to right"),
      elastic[1], mixup[2], mixup[1],
      drawn(
        "interpolation", .latent, .interpolation, residual + steps,
        "on images between two codes of a class, with residuals"),
      drawn(
        "transfer", .latent, .transfer, residual + steps,
        "on images changed as those of another class differ, with residuals"),
      drawn(
        "manifold", .latent, .manifold, residual + steps, "on images drawn uniformly on the manifold, with residuals"),
      drawn("smote", .latent, .smote, residual + steps, "on images between neighbouring codes, with residuals"),
      drawn("gmm", .latent, .gmm, residual + steps, "on images of a mixture on the codes, with residuals"),
      drawn(
        "manifold-decoded", .latent, .manifold, [("generator.share", "all"), ("synthetic.render", "decode")] + steps,
        "on decoded images of one decoder for all classes, beside the real ones"),
      drawn(
        "manifold-own", .paper, .manifold,
        [("generator.share", "none"), ("synthetic.render", "decode"), ("evaluation.train-on", "synthetic")] + steps,
        "on decoded images alone, a decoder for each class, as the paper has it"),
    ]
      + otherModels.map { model in
        drawn(
          model.kind.rawValue + "-decoded", .latent, model.method,
          [
            ("generator.share", "all"), ("synthetic.render", "decode"), ("generator.model", model.kind.rawValue),
          ] + steps, "on decoded images of \(model.words), beside the real ones")
      }
  }

  /// Models beside the usual one, each with the way of drawing that suits it.
  private static let otherModels: [(kind: ModelKind, method: SyntheticMethod, words: String)] = [
    (.vamp, .vamp, "a VAE with a learned prior (VampPrior)"),
    (.raeGP, .gmm, "an autoencoder with a gradient penalty and a mixture on its codes"),
    (.wae, .gmm, "a Wasserstein autoencoder and a mixture on its codes"),
    (.rhvae, .rhvae, "a Riemannian Hamiltonian VAE, drawn by the metric that it learned"),
  ]

  /// The paper's way: decoded images of a decoder for each class, in place of the real ones.
  package static let paperName = "manifold-own"

  /// Ways whose images might be given away: decoded images alone, without a residual.
  package static var privateTable: [Way] {
    func way(
      _ name: String, _ family: Family, _ method: SyntheticMethod, share: String, model: ModelKind? = nil,
      _ meaning: String
    ) -> Way {
      Way(
        name, family, .drawn(method),
        lean + [
          Setting("classifier.keep", "last"), Setting("generator.share", share), Setting("synthetic.render", "decode"),
          Setting("synthetic.near-copies", "redraw"), Setting("evaluation.train-on", "synthetic"),
          Setting("generator.steps", "1500"),
        ] + (model.map { [Setting("generator.model", $0.rawValue)] } ?? []), meaning)
    }
    return [
      way(
        paperName, .paper, .manifold, share: "none", "uniform on the manifold, a decoder for each class: the paper's"),
      way("gmm-shared", .latent, .gmm, share: "all", "a mixture on the codes, one decoder for all classes"),
      way("prior-shared", .latent, .prior, share: "all", "the normal prior, one decoder for all classes"),
      way(
        "interpolation-shared", .latent, .interpolation, share: "all", "between two codes, one decoder for all classes"),
      way("manifold-shared", .latent, .manifold, share: "all", "uniform on the manifold, one decoder for all classes"),
      way("gmm-own", .paper, .gmm, share: "none", "a mixture on the codes, a decoder for each class"),
    ]
      + otherModels.map { model in
        way(
          model.kind.rawValue + "-shared", .latent, model.method, share: "all", model: model.kind,
          "\(model.words), one for all classes")
      }
  }
}
