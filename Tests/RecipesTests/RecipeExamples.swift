import Generators
import Recipes
import Samplers

/// Recipes that the tests read, write and compare.
extension RecipeTests {
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
    recipe.data.test = "/data/another hospital"
    recipe.data.testLabels = "/data/another.tsv"
    recipe.data.siteColumn = "made at: site"
    recipe.data.split.by = .siteStratified
    recipe.data.plane = .coronal
    recipe.data.slice = .millimetres(-12.5)
    recipe.data.volume = 2
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
    recipe.generator.earlyStopSteps = nil
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
    recipe.synthetic.nearCopies = .redraw
    recipe.synthetic.path = .geodesic
    recipe.synthetic.interpolationSteps = 3
    recipe.synthetic.layout = .bids
    recipe.synthetic.contents = .head
    recipe.synthetic.format = .tiff
    recipe.synthetic.bits = .sixteen
    recipe.synthetic.withReal = .copy
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
    recipe.evaluation.strength = 1.5
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
    settings.stopsForces = true
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
}
