import Figures
import Foundation
import Randomness

/// A made-up report of realistic size: two classes, seven methods, twenty runs.
enum SampleContent {
  static func make() -> ReportContent {
    ReportContent(
      title: "Does augmentation help on the phantom cohort?",
      answer: "Manifold sampling gains 3.1 points of balanced accuracy over resampling (95 % interval 0.8 to 5.4).",
      answerDetails: ["Against original-matched it gains 2.4 points."],
      facts: [
        .init("Images", "416"), .init("Classes", "AD 100, CN 316"), .init("Size", "104 × 88"), .init("Runs", "20"),
      ],
      scores: ScoreTable(
        methods: [
          method("original", "real images as they are", accuracy: 0.742, spread: 0.031, seed: 1, undefined: 3),
          method("original-resampled", "rare classes repeated", accuracy: 0.794, spread: 0.024, seed: 2),
          method("original-matched", "repeated to as many as synthetic", accuracy: 0.801, spread: 0.022, seed: 3),
          method("posterior", "codes of training images, jittered", accuracy: 0.806, spread: 0.026, seed: 4),
          method("prior", "codes from N(0, I)", accuracy: 0.688, spread: 0.041, seed: 5),
          method("gmm", "codes from ten Gaussians", accuracy: 0.811, spread: 0.021, seed: 6),
          method(
            "manifold", "codes from the learned geometry", accuracy: 0.825, spread: 0.019, seed: 7,
            isHighlighted: true),
        ],
        explanation: "Twenty trainings of the classifier on one split, tested on the same 84 images each time.",
        comparisons: [
          ComparisonTable(
            baseline: "original-resampled",
            rows: [
              .init(method: "original", difference: -0.052, interval: -0.081 ... -0.02, pValue: 0.0004),
              .init(method: "prior", difference: nil, interval: nil, pValue: nil),
              .init(method: "manifold", difference: 0.031, interval: 0.008...0.054, pValue: 0.012, isHighlighted: true),
            ], explanation: "Paired by run.")
        ]),
      pictures: [pictures("AD"), pictures("CN")],
      distanceMeaning: "root mean squared difference of pixels scaled to [0, 1].",
      latentMaps: [latentMap("AD", seed: 11), latentMap("CN", seed: 12)],
      training: [history("AD", start: 231, end: 21.5, kept: 412), history("CN", start: 224, end: 18.1, kept: 487)],
      samplers: [
        sampler("AD", rho: 4.83, centroids: 70, seed: 21), sampler("CN", rho: 5.21, centroids: 221, seed: 22),
      ],
      fidelity: [fidelity("Image features", isFolded: false), fidelity("Image features, training", isFolded: true)],
      audit: AuditFigures(methods: ["manifold", "prior"].map(audit), heldOut: "the 126 validation and test images"),
      warnings: ["The test set has 20 images of AD; one image more or less is 2.5 points of balanced accuracy."],
      notes: ["Images were scaled to [0, 1] by their own minimum and maximum."],
      command: "manikin run Recipes/quickstart.yaml",
      recipe:
        "cohort:\n  phantom:\n    subjects: 416\n    minority: 100\nseed: 0\ngenerator:\n  architecture: compact\n",
      versions: [.init("manikin", "0.1.0"), .init("oneDNN", "2.6.3"), .init("OpenBLAS", "0.3.21")])
  }

  /// A picture of an ellipse, no two alike.
  static func picture(_ seed: UInt64, width: Int = 22, height: Int = 26) -> Picture {
    var stream = RandomStream(seed: seed, purpose: "picture", index: 0)
    let (radiusX, radiusY) = (0.3 + 0.15 * stream.uniform(), 0.3 + 0.15 * stream.uniform())
    var values: [Float] = []
    for row in 0..<height {
      for column in 0..<width {
        let x = (Double(column) / Double(width - 1) - 0.5) / radiusX
        let y = (Double(row) / Double(height - 1) - 0.5) / radiusY
        values.append(Float(max(0, 1 - x * x - y * y)))
      }
    }
    return Picture(width: width, height: height, values: values)
  }

  private static func method(
    _ name: String, _ summary: String, accuracy: Double, spread: Double, seed: UInt64, isHighlighted: Bool = false,
    undefined: Int = 0
  ) -> MethodScores {
    var stream = RandomStream(seed: seed, purpose: "scores", index: 0)
    func score(_ mean: Double, _ spread: Double, undefined: Int = 0) -> Score {
      Score(values: (0..<20).map { $0 < undefined ? nil : min(1, mean + spread * stream.normal()) })
    }
    return MethodScores(
      name: name, summary: summary, isHighlighted: isHighlighted, balancedAccuracy: score(accuracy, spread),
      classes: [
        ClassScores(
          className: "AD", f1: score(accuracy - 0.11, 0.04, undefined: undefined),
          precision: score(accuracy - 0.14, 0.05, undefined: undefined), recall: score(accuracy - 0.06, 0.06)),
        ClassScores(
          className: "CN", f1: score(accuracy + 0.08, 0.02), precision: score(accuracy + 0.1, 0.02),
          recall: score(accuracy + 0.06, 0.03)),
      ])
  }

  private static func fidelity(_ title: String, isFolded: Bool) -> FidelityTable {
    FidelityTable(
      title: title, isFolded: isFolded,
      rows: ["AD", "CN"].flatMap { name in
        ["real: training images", "manifold", "prior"].enumerated().map { index, method in
          let loss = 0.1 * Double(index)
          return FidelityTable.Row(
            name: method, className: name, isReal: index == 0, images: 70, precision: 0.9 - loss, recall: 0.8 - loss,
            density: 1.02 - loss, coverage: index == 2 ? nil : 0.94, curvePrecision: 0.97 - loss, curveRecall: 0.93,
            frechetDistance: 3.2 + loss, kernelDistance: -0.004 + loss)
        }
      }, findings: ["AD: manifold is nearest."], cautions: ["AD: only 20 test images."])
  }

  private static func audit(_ name: String) -> AuditFigures.Method {
    AuditFigures.Method(
      name: name, verdict: "No sign that training images can be recognised.", copying: -0.84, membership: 0.53,
      membershipInterval: 0.46...0.6,
      classes: ["AD", "CN"].map {
        .init(
          className: $0, images: 500, copies: 0, nearCopies: 1, distance: 0.0512, heldOutDistance: 0.0498,
          trainingDistance: 0.0501, authentic: 0.61, heldOutAuthentic: 0.58)
      })
  }

  private static func pictures(_ className: String) -> ClassPictures {
    let base: UInt64 = className == "AD" ? 100 : 200
    return ClassPictures(
      className: className, summary: "training images and images made by manifold",
      real: (0..<6).map { .init(name: "sub-\($0)-\(className).nii.gz", picture: picture(base + UInt64($0))) },
      synthetic: (0..<5).map { index in
        SyntheticPicture(
          name: "synthetic-\(className)-0000\(index + 1).nii.gz", picture: picture(base + 50 + UInt64(index)),
          nearest: .init(name: "sub-\(index)-\(className).nii.gz", picture: picture(base + UInt64(index))),
          distance: 0.031 + 0.004 * Double(index))
      })
  }

  private static func latentMap(_ className: String, seed: UInt64) -> LatentMap {
    var stream = RandomStream(seed: seed, purpose: "map", index: 0)
    func points(_ count: Int, _ spread: Double) -> [LatentMap.Point] {
      (0..<count).map { _ in .init(x: 1.4 * spread * stream.normal(), y: spread * stream.normal()) }
    }
    return LatentMap(
      title: className, horizontalLabel: "First principal axis (31 % of the variance)",
      verticalLabel: "Second principal axis (17 % of the variance)",
      groups: [
        .init(name: "real", kind: .real, points: points(70, 1)),
        .init(name: "synthetic", kind: .synthetic, points: points(100, 0.9)),
      ])
  }

  private static func history(_ className: String, start: Double, end: Double, kept: Int) -> TrainingHistory {
    var stream = RandomStream(seed: UInt64(kept), purpose: "history", index: 0)
    return TrainingHistory(
      className: className, lossName: "Loss per image (squared error + KL)",
      epochs: (1...500).map { epoch in
        let fall = exp(-Double(epoch) / 40)
        let training = end * 0.82 + (start - end) * fall + 0.3 * stream.normal() * (1 + 10 * fall)
        return .init(
          number: epoch, trainingLoss: training,
          validationLoss: training + end * 0.18 * (1 - fall) + 0.4 * stream.normal() * (1 + 8 * fall),
          learningRate: epoch < 260 ? 1e-3 : epoch < 390 ? 5e-4 : 2.5e-4)
      }, keptEpoch: kept)
  }

  private static func sampler(_ className: String, rho: Double, centroids: Int, seed: UInt64) -> SamplerFigures {
    var stream = RandomStream(seed: seed, purpose: "sampler", index: 0)
    return SamplerFigures(
      className: className, chains: 221, acceptance: 0.998,
      displacements: (0..<221).map { _ in rho * 0.28 * (1 + 0.35 * stream.normal()).magnitude },
      changedCentroidShare: 0.014, centroids: centroids, rho: rho, lambda: 0.01, tau: 1e-4,
      logDensities: (0...100).map { -12.1 - 3.3 * (1 - exp(-Double($0) / 30)) + 0.05 * stream.normal() })
  }
}
