/// Everything that a report page says, as plain values; sections whose values are empty are left out of the page.
///
/// Text may hold any characters: the page escapes all of it.
public struct ReportContent: Sendable, Equatable {
  /// Names what was evaluated, for example `Augmenting mni-dev`.
  public var title: String
  /// The answer in a few words, the first thing that a reader sees.
  public var answer: String
  /// One sentence of numbers under it.
  public var answerNumbers: String?
  /// What else belongs to the answer, a paragraph each.
  public var answerDetails: [String]
  /// A few figures of the experiment in a line under the answer: images, classes, runs.
  public var facts: [LabelledText]
  /// How the scores change with one setting.
  public var sweep: SweepCurve?
  /// Generative models compared with real images.
  public var models: ModelTable?
  /// The classifier's scores, method by method.
  public var scores: ScoreTable?
  /// The scores on images of another place, and how these differ.
  public var external: ExternalScores?
  /// Real and synthetic images, class by class.
  public var pictures: [ClassPictures]
  /// One sentence that says what the distance between two images is, for example `Root mean squared difference of
  /// pixels scaled to [0, 1]`.
  public var distanceMeaning: String?
  /// Maps of latent codes in two dimensions, one or one per class.
  public var latentMaps: [LatentMap]
  /// Decoded curves between two codes, class by class.
  public var interpolations: [InterpolationStrips]
  /// Whether each method's images carry a mark of their class, and how many training images stand behind them.
  public var quality: [QualityFigures]
  /// How each class's model was trained.
  public var training: [TrainingHistory]
  /// What the latent sampler did, class by class.
  public var samplers: [SamplerFigures]
  /// How like real images the synthetic ones are, a table for each space of features and set of real images.
  public var fidelity: [FidelityTable]
  /// What the synthetic images give away of the training images.
  public var audit: AuditFigures?
  /// What a reader must know before trusting the numbers, each a sentence.
  public var warnings: [String]
  /// Further remarks, each a sentence.
  public var notes: [String]
  /// The command that makes this report again.
  public var command: String?
  /// The recipe, complete and resolved, as text.
  public var recipe: String?
  /// Names and versions of the programs and libraries that took part.
  public var versions: [LabelledText]

  /// Takes every value as given.
  public init(
    title: String, answer: String, answerNumbers: String? = nil, answerDetails: [String] = [],
    facts: [LabelledText] = [],
    sweep: SweepCurve? = nil, models: ModelTable? = nil, scores: ScoreTable? = nil, external: ExternalScores? = nil,
    pictures: [ClassPictures] = [], distanceMeaning: String? = nil, latentMaps: [LatentMap] = [],
    interpolations: [InterpolationStrips] = [], quality: [QualityFigures] = [], training: [TrainingHistory] = [],
    samplers: [SamplerFigures] = [], fidelity: [FidelityTable] = [], audit: AuditFigures? = nil,
    warnings: [String] = [], notes: [String] = [],
    command: String? = nil, recipe: String? = nil, versions: [LabelledText] = []
  ) {
    self.title = title
    self.answer = answer
    self.answerNumbers = answerNumbers
    self.answerDetails = answerDetails
    self.sweep = sweep
    self.models = models
    self.facts = facts
    self.scores = scores
    self.external = external
    self.pictures = pictures
    self.distanceMeaning = distanceMeaning
    self.latentMaps = latentMaps
    self.interpolations = interpolations
    self.quality = quality
    self.training = training
    self.samplers = samplers
    self.fidelity = fidelity
    self.audit = audit
    self.warnings = warnings
    self.notes = notes
    self.command = command
    self.recipe = recipe
    self.versions = versions
  }
}

/// A value with its name, such as `Runs` and `20`.
public struct LabelledText: Sendable, Equatable {
  /// The name.
  public var label: String
  /// The value.
  public var value: String

  /// Takes every value as given.
  public init(_ label: String, _ value: String) {
    self.label = label
    self.value = value
  }
}
