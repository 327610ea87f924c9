import Experiments
import Foundation
import Generators
import Testing

@Suite struct RecipeTests {
  /// A recipe that differs from the default in every setting.
  static func changed(_ source: DataSource) -> Recipe {
    var recipe = Recipe()
    recipe.name = "2024.x"
    recipe.seed = .max
    recipe.threads = 3
    recipe.data.source = source
    recipe.data.labels = "/data/it's \"labels\".tsv"
    recipe.data.idColumn = "subject: id #1"
    recipe.data.classColumn = "null"
    recipe.data.subjectColumn = "who"
    recipe.data.subjectPattern = #"^(p\d+)_"#
    recipe.data.allowsLeaks = true
    recipe.data.plane = .coronal
    recipe.data.slice = .millimetres(-12.5)
    (recipe.data.split.train, recipe.data.split.validation, recipe.data.split.test) = (0.5, 0.25, 0.25)
    recipe.preprocessing.intensity = .none
    (recipe.preprocessing.height, recipe.preprocessing.width) = (64, 56)
    recipe.preprocessing.fit = .resize
    recipe.generator.latentDimensions = 2
    recipe.generator.share = .none
    recipe.generator.length = .epochs(7)
    recipe.generator.batchSize = 11
    recipe.generator.learningRate = 1e-5
    recipe.generator.beta = 0.1 + 0.2
    recipe.generator.plateauPatience = 9
    recipe.generator.plateauFactor = 0.3
    recipe.generator.keep = .last
    recipe.generator.earlyStop = nil
    recipe.metric.centroids = 50
    recipe.metric.rho = 3
    recipe.metric.rhoDistance = .mahalanobis
    recipe.metric.rhoFactor = 0.5
    recipe.preprocessing.colour = .rgb
    recipe.metric.lambda = 1
    recipe.metric.tau = 1e-300
    recipe.sampler.steps = 5
    recipe.sampler.leapfrogSteps = 6
    recipe.sampler.stepSize = 0.125
    recipe.sampler.mode = .publishedCode
    recipe.sampler.targetAcceptance = 0.65
    recipe.sampler.mass = .unit
    recipe.sampler.crossing = .none
    recipe.sampler.starts = .random
    recipe.sampler.diagnosticDraws = 100
    recipe.synthetic.perClass = 4
    recipe.synthetic.method = .gmm
    recipe.synthetic.gmmComponents = 3
    recipe.synthetic.render = .observe
    recipe.synthetic.path = .geodesic
    recipe.synthetic.interpolationSteps = 3
    recipe.synthetic.layout = .bids
    recipe.synthetic.contents = .head
    recipe.classifier.epochs = 2
    recipe.classifier.batchSize = 3
    recipe.classifier.learningRate = 0.01
    recipe.classifier.plateauPatience = 4
    recipe.classifier.plateauFactor = 0.6
    recipe.data.minority = 6
    recipe.sweep.key = .syntheticPerClass
    recipe.sweep.values = ["10", "20"]
    recipe.evaluation.protocol = .paper
    recipe.evaluation.splits = 7
    recipe.evaluation.flip = true
    recipe.data.covariates = ["age at scan", "sex", "no"]
    recipe.evaluation.runs = 20
    recipe.evaluation.methods = [.drawn(.manifold), .original]
    recipe.evaluation.trainOn = .synthetic
    recipe.evaluation.augmentation = .classical
    recipe.evaluation.syntheticPerClass = 2000
    recipe.fidelity.features = [.inception, .own]
    recipe.fidelity.inceptionWeights = "/weights/inception.safetensors"
    recipe.interpolation.from = "AD/sub 1: #.nii"
    recipe.interpolation.to = "12"
    recipe.interpolation.steps = 5
    recipe.grid.shares = [.all]
    recipe.grid.renders = [.observe]
    recipe.grid.methods = [.gmm]
    recipe.grid.augmentations = [.none, .mixup]
    recipe.grid.trainOn = [.synthetic, .both]
    recipe.generator.imagesAtOnce = 7
    recipe.generator.precision = .bfloat16
    recipe.compare.models = [.vae, .vaegan]
    recipe.compare.methods = [.gmm]
    (recipe.compare.seeds, recipe.compare.settings, recipe.compare.samples) = (3, 10, 50)
    (recipe.compare.sizes, recipe.compare.quick) = (["100", "all"], true)
    recipe.generator.model = .iwae
    recipe.generator.settings = settings
    recipe.classifier.imagesAtOnce = 9
    recipe.classifier.keep = .last
    return recipe
  }

  /// No number of a single model as it is by default.
  static var settings: ModelSettings {
    var settings = ModelSettings()
    (settings.embeddingWeight, settings.decoderWeight, settings.gradientWeight) = (0.5, 0.25, 0.125)
    (settings.gradientPenalty, settings.powerIterations) = (.frobenius, 3)
    (settings.kernel, settings.bandwidth, settings.discrepancyWeight) = (.gaussian, 2, 5)
    (settings.pseudoInputs, settings.importanceSamples) = (7, 8)
    (settings.flowLength, settings.flowUnits, settings.flowForm) = (6, 32, .exponential)
    (settings.leapfrogSteps, settings.stepSize, settings.rootBetaZero) = (4, 0.5, 0.75)
    (settings.temperature, settings.metricRegularisation) = (0.5, 0.25)
    (settings.adversarialWeight, settings.reconstructionLayer, settings.secondStageSteps) = (0.25, 3, 99)
    return settings
  }

  static var phantom: PhantomSettings {
    var phantom = PhantomSettings()
    (phantom.subjects, phantom.minority, phantom.height, phantom.width, phantom.seed) = (50, 20, 64, 56, 9)
    return phantom
  }

  /// Shapes are of one class, so that nothing is scored.
  static var shapes: Recipe {
    var shapes = ShapesSettings()
    (shapes.count, shapes.size, shapes.seed) = (10, 64, 2)
    var recipe = changed(.shapes(shapes))
    recipe.evaluation.runs = 0
    recipe.sweep = SweepSettings()
    // A range is for intensities that are scaled.
    recipe.preprocessing.intensity = .minMax
    recipe.preprocessing.range = .window(-160, 240.5)
    return recipe
  }

  static let examples: [Recipe] = [
    Recipe(), changed(.folder("/data/my brain: images")), changed(.phantom(phantom)),
    changed(.phantom(PhantomSettings())), shapes,
  ]

  private func read(_ yaml: String, folder: String = "/data") throws -> Recipe {
    try Recipe(yaml: yaml, file: "r.yaml", folder: URL(filePath: folder, directoryHint: .isDirectory))
  }

  @Test(arguments: examples) func resolvedRecipeReadsBackTheSame(recipe: Recipe) throws {
    #expect(try read(recipe.yaml()) == recipe)
    #expect(try read(recipe.yaml(explained: true)) == recipe)
    #expect(try read(recipe.yaml()).yaml() == recipe.yaml())
  }

  @Test(arguments: examples) func jsonReadsBackTheSame(recipe: Recipe) throws {
    let data = try JSONEncoder().encode(recipe)
    #expect(try JSONDecoder().decode(Recipe.self, from: data) == recipe)
    let object = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    let generator = try #require(object["generator"] as? [String: Any])
    #expect(generator["latent-dimensions"] as? Int == recipe.generator.latentDimensions)
    #expect((object["data"] as? [String: Any])?["phantom"] == nil || recipe.data.phantom != nil)
  }

  @Test func jsonIsReadStrictly() {
    let json = Data(#"{"generator": {"epoch": 3}}"#.utf8)
    let error = #expect(throws: ExperimentsError.self) { try JSONDecoder().decode(Recipe.self, from: json) }
    #expect(error?.description.hasPrefix("unknown key 'epoch' in 'generator'; did you mean 'epochs'?") == true)
  }

  /// The example above changes every setting that the table has, so that none can be left out of reading or writing.
  @Test func examplesCoverEverySetting() {
    let others = [Self.changed(.folder("/data/x")), Self.changed(.phantom(Self.phantom)), Self.shapes]
    for setting in Recipe.settings where setting.isRecorded && setting.key != "generator.architecture" {
      let isCovered = others.contains { other in
        setting.value(in: other).map { $0 != setting.value(in: Recipe()) } ?? false
      }
      #expect(isCovered || setting.key == "generator.steps", "\(setting.key)")
    }
  }

  @Test func keysLeftOutKeepTheirDefaults() throws {
    let recipe = try read("generator:\n  epochs: 10\nsampler:\n")
    var expected = Recipe()
    expected.generator.length = .epochs(10)
    #expect(recipe == expected)
  }

  @Test func emptyPhantomIsThePhantomItself() throws {
    for yaml in ["data:\n  phantom:\n", "data:\n  phantom: {}\n", "data: {phantom: ~}\n"] {
      #expect(try read(yaml).data.source == .phantom(PhantomSettings()))
    }
    #expect(try read("data:\n  phantom:\n    subjects: 99\n    minority: 9\n").data.phantom?.subjects == 99)
  }

  @Test func emptyShapesAreShapes() throws {
    let recipe = try read("data:\n  shapes:\nevaluation:\n  runs: 0\n")
    #expect(recipe.data.source == .shapes(ShapesSettings()) && recipe.evaluation.runs == 0)
  }

  @Test func pathsInARecipeAreRelativeToItsFolder() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "scan.yaml")
      try Data("data:\n  path: ../images\n  labels: /tables/a.csv\nout: results\n".utf8).write(to: file)
      let recipe = try Recipe(contentsOf: file)
      #expect(recipe.data.path == folder.deletingLastPathComponent().standardizedFileURL.path + "/images")
      #expect(recipe.data.labels == "/tables/a.csv")
      #expect(recipe.runFolder.path == folder.standardizedFileURL.path + "/results")
      #expect(recipe.name == "scan", "a recipe without a name has that of its file")
      #expect(!recipe.yaml().contains("results"), "the resolved recipe does not say where it lies")
    }
    #expect(try read("data: {path: ~/images}").data.path == NSHomeDirectory() + "/images")
    #expect(Recipe().runFolder.relativePath == "manikin-runs/experiment")
  }

  @Test func windowsLineEndsAndAByteOrderMarkAreRead() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "r.yaml")
      try Data("\u{FEFF}name: a\r\ngenerator:\r\n  epochs: 5\r\n".utf8).write(to: file)
      #expect(try Recipe(contentsOf: file).generator.epochs == 5)
    }
  }

  @Test func optionsOverride() throws {
    let recipe = try Recipe().setting("generator.epochs", to: "10").setting("evaluation.methods", to: "manifold, prior")
      .setting("data.path", to: "images").setting("metric.centroids", to: "12").setting("metric.centroids", to: "all")
      .setting("data.slice", to: "90")
    #expect(recipe.generator.length == .epochs(10))
    #expect(recipe.evaluation.methods == [.drawn(.manifold), .drawn(.prior)])
    #expect(recipe.data.path == FileManager.default.currentDirectoryPath + "/images")
    #expect(recipe.metric.centroids == nil)
    #expect(recipe.data.slice == .index(90))
    #expect(throws: ExperimentsError.settings(problem: "'slice' in 'data' needs 'plane' beside it")) {
      try recipe.check()
    }
  }

  @Test(arguments: [
    (
      "synthetic.per-class", "-1",
      "--per-class: the value must be a whole number from 1 to 10000000, or 'balance', not '-1'"
    ),
    (
      "generator.epoch", "1",
      "--per-class: unknown key 'epoch' in 'generator'; did you mean 'epochs'? expected one of: "
    ),
    ("epochs", "1", "--per-class: unknown key 'epochs'; it belongs in 'generator' or 'classifier'; expected one of: "),
    ("no.such.key", "1", "--per-class: unknown key 'no.such.key'; expected one of: "),
    ("evaluation.methods", "magic", "--per-class: the value must be a list of original, "),
  ])
  func optionErrorsNameTheOption(key: String, text: String, sentence: String) {
    let error = #expect(throws: ExperimentsError.self) {
      try Recipe().setting(key, to: text, option: "--per-class")
    }
    #expect(error?.description.hasPrefix(sentence) == true, "\(error.debugDescription)")
  }

  @Test func overridesAreCheckedTogether() throws {
    let height = Recipe.Override(key: "preprocessing.height", text: "64", option: "--height")
    let width = Recipe.Override(key: "preprocessing.width", text: "56", option: "--width")
    #expect(try Recipe().overriding([height, width]).preprocessing.width == 56)
    #expect(throws: ExperimentsError.self) { try Recipe().overriding([height]) }
  }

  @Test func explanationHasEveryKeyWithin80Columns() {
    let text = Recipe.explanation
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.filter { $0.count > 80 } == [])
    for setting in Recipe.settings {
      #expect(lines.contains { $0.trimmingCharacters(in: .whitespaces) == setting.name }, "\(setting.key)")
      #expect(setting.meaning.hasSuffix("."), "\(setting.key)")
    }
    let template = Recipe().yaml(explained: true)
    #expect(template.split(separator: "\n").filter { $0.count > 80 } == [])
  }

  @Test(arguments: [
    ("my images", "my-images"), ("../x", "x"), ("...", "experiment"), ("Größe 2.nii", "Gr--e-2.nii"),
    ("a_b-1.2", "a_b-1.2"),
  ])
  func anyFolderGivesAName(text: String, name: String) throws {
    #expect(Recipe.name(from: text) == name)
    #expect(try Recipe().setting("name", to: name).name == name)
  }

  /// Every default must itself be a value that a recipe may give.
  @Test func defaultsAreWithinTheirRanges() throws {
    for setting in Recipe.settings {
      var recipe = Recipe()
      recipe.data.phantom = PhantomSettings()
      guard let value = setting.value(in: recipe) else { continue }
      #expect(throws: Never.self, "\(setting.key)") { try Recipe().setting(setting.key, to: value.plain) }
    }
  }

  @Test func automaticPrecisionIsByArchitecture() {
    for name in VAEArchitecture.Name.allCases {
      #expect(name.usualPrecision(multipliesBFloat16: false) == .float32)
      #expect(
        (name.usualPrecision(multipliesBFloat16: true) == .bfloat16)
          == [.oasis, .mnist, .cifar10, .celeba].contains(name))
    }
  }

  /// A run that was begun in one precision goes on in it, whatever the processor.
  @Test(arguments: [GeneratorPrecision.float32, .bfloat16])
  func aRunKeepsItsPrecision(_ precision: GeneratorPrecision) throws {
    let out = URL.temporaryDirectory.appending(path: "manikin-\(UUID().uuidString)", directoryHint: .isDirectory)
    defer { try? FileManager.default.removeItem(at: out) }
    var recipe = Recipe()
    recipe.data.path = out.path
    recipe.out = out.path
    recipe.generator.precision = precision
    _ = try RunFolder(out, recipe: recipe, versions: .current(manikin: "1", libraries: [:]))
    recipe.generator.precision = .auto
    #expect(try Experiment(recipe, progress: .silent).recipe.generator.precision == precision)
    #expect(try BenefitGrid(recipe, progress: .silent).recipe.generator.precision == precision)
    try FileManager.default.removeItem(at: out)
    let fresh = try Experiment(recipe, progress: .silent).recipe.generator.precision
    #expect(fresh == .float32)
  }
}
