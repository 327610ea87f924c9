import Figures
import Foundation

extension HTMLReportTests {
  /// A report all of whose texts are hostile.
  static func hostileContent() -> ReportContent {
    let evil = hostile
    func score() -> Score { Score(values: [0.5, nil, .nan]) }
    let picture = NamedPicture(name: evil, picture: SampleContent.picture(1))
    return ReportContent(
      title: evil, answer: evil, answerDetails: [evil], facts: [.init(evil, evil)],
      sweep: SweepCurve(
        axis: evil,
        lines: [.init(name: evil, isHighlighted: true, points: [.init(value: 1, mean: 0.5, interval: 0.4...0.6)])],
        explanation: evil),
      scores: ScoreTable(
        methods: [
          MethodScores(
            name: evil, summary: evil, balancedAccuracy: score(),
            classes: [ClassScores(className: evil, f1: score(), precision: score(), recall: score())])
        ], explanation: evil, intervalMeaning: evil, runNames: [evil, evil, evil],
        comparisons: [
          ComparisonTable(
            baseline: evil, rows: [.init(method: evil, difference: 0.1, interval: 0...0.2, pValue: 0.5)],
            explanation: evil)
        ]),
      pictures: [
        ClassPictures(
          className: evil, summary: evil, real: [picture],
          synthetic: [.init(name: evil, picture: picture.picture, nearest: picture, distance: 1)])
      ],
      distanceMeaning: evil,
      latentMaps: [
        LatentMap(
          title: evil, horizontalLabel: evil, verticalLabel: evil,
          groups: [.init(name: evil, kind: .real, points: [.init(x: 0, y: 0), .init(x: .nan, y: 1)])],
          curves: [.init(name: evil, points: [.init(x: 0, y: 0), .init(x: 1, y: .nan)])],
          region: .init(horizontal: 0...1, vertical: 0...1),
          density: .init(name: evil, columns: 2, rows: 1, values: [.nan, 1]))
      ],
      interpolations: [
        InterpolationStrips(title: evil, strips: [.init(name: evil, meaning: evil, pictures: [picture.picture])])
      ],
      quality: [
        QualityFigures(
          method: evil, verdict: evil, isLeak: true, columns: [evil],
          areas: [.init(statistic: evil, values: [.nan])],
          crowding: [
            .init(
              className: evil, generated: 1, training: 1, differentByCode: 1, effectiveByCode: 1, differentByPixels: 1,
              effectiveByPixels: 1)
          ])
      ],
      training: [
        TrainingHistory(
          className: evil, lossName: evil,
          epochs: [.init(number: 1, trainingLoss: .nan, validationLoss: 2, learningRate: 0.1)], keptEpoch: 1)
      ],
      samplers: [
        SamplerFigures(className: evil, acceptance: .nan, displacements: [1, 2], rho: 1, logDensities: [1, 2, 3])
      ],
      fidelity: [false, true].map { isFolded in
        FidelityTable(
          title: isFolded ? evil + " folded" : evil, isFolded: isFolded,
          rows: [
            .init(
              name: evil, className: evil, isReal: false, images: 1, precision: nil, recall: .nan, density: .infinity,
              coverage: 1, curvePrecision: 0, curveRecall: -1, frechetDistance: .nan, kernelDistance: nil)
          ], findings: [evil], cautions: [evil])
      },
      audit: AuditFigures(
        methods: [
          .init(
            name: evil, verdict: evil, copying: .nan, membership: nil, membershipInterval: nil,
            classes: [
              .init(
                className: evil, images: 1, copies: 1, nearCopies: 0, distance: .nan, heldOutDistance: nil,
                trainingDistance: 0, authentic: .nan, heldOutAuthentic: nil)
            ])
        ], heldOut: evil),
      warnings: [evil], notes: [evil], command: evil, recipe: evil, versions: [.init(evil, evil)])
  }
}
