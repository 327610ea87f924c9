import Classification
import Foundation
import Generators
import ImageFiles
import ImageSets
import Networks
import Recipes
import Runs
import Samplers

/// How much memory an experiment will take, predicted before it trains: the images, and what is trained side by side.
///
/// The part of a training's tensors is tested to lie within a factor of 1.35 of what they take; the rest is an estimate.
package struct MemoryPlan: Sendable, Equatable {
  /// Bytes of the program itself, and of all images.
  package let base: Int
  /// Bytes of one model's training, 0 where none is trained, and how many are trained side by side.
  package let model: Int
  package let models: Int
  /// Bytes of one classifier's training, and how many are trained side by side; 0 without an evaluation.
  package let classifier: Int
  package let classifiers: Int
  /// Whether the images' pixels lie in a temporary file.
  package let readsFromFile: Bool
  /// Of `base`, the bytes of synthetic images.
  private let synthetic: Int
  private let settings: Settings

  private struct Settings: Equatable {
    var generator: TrainingFootprint
    var generatorImages: Int
    var keepsBest: Bool
    var classifier: TrainingFootprint
    var classifierImages: Int
  }

  /// - Parameters:
  ///   - size: of the images.
  ///   - channels: of the images, 1 or 3.
  ///   - images: of the whole cohort.
  ///   - largestClass: training images of the largest class.
  ///   - classes: how many there are.
  ///   - trainsModels: whether generative models are trained.
  ///   - drawnImages: synthetic ones in memory together; nil for those of the recipe's evaluation.
  ///   - pixelLimit: the most bytes of pixels that stay in memory.
  package init(
    _ recipe: Recipe, size: ImageSize, channels: Int = 1, images: Int, largestClass: Int, classes: Int,
    trainsModels: Bool = true, drawnImages: Int? = nil, pixelLimit: Int = PixelStore.memoryLimit
  ) throws {
    let generator = recipe.generatorConfiguration
    let footprint = try generator.kind.footprint(
      generator.shape(height: size.height, width: size.width, channels: channels), generator.settings,
      precision: generator.precision)
    let batch = min(generator.batchSize, largestClass)
    let atOnce = min(batch, generator.imagesAtOnce ?? batch)
    model =
      trainsModels ? footprint.bytes(images: atOnce, keepsBest: generator.keepsBest, accumulates: atOnce < batch) : 0
    models = recipe.generator.share == .all ? 1 : min(recipe.threadCount, classes)

    let judge = recipe.classifier
    let jobs = recipe.evaluation.runs * recipe.evaluation.methods.count
    // Without an evaluation there may be one class only, which no classifier is for.
    let judgeFootprint =
      jobs == 0
      ? TrainingFootprint(input: [])
      : Classifier.footprint(height: size.height, width: size.width, channels: channels, classes: classes)
    let rows = max(images, recipe.evaluation.syntheticPerClass * classes)
    let judgeBatch = min(judge.batchSize, rows)
    let judgeAtOnce = min(judgeBatch, judge.imagesAtOnce ?? judgeBatch)
    classifier =
      jobs == 0
      ? 0 : judgeFootprint.bytes(images: judgeAtOnce, keepsBest: true, accumulates: judgeAtOnce < judgeBatch)
    classifiers = min(recipe.threadCount, jobs)
    // Images are in memory once, as float32, or in a file; synthetic ones are in memory. Trainings take their batches from
    // them.
    let image = 4 * size.height * size.width * channels
    readsFromFile = images * image > pixelLimit
    let methods = recipe.evaluation.methods.filter { $0.synthetic != nil }.count
    // Those of the first split stay for the report.
    let sets = methods * (recipe.evaluation.splits > 1 ? 2 : 1)
    let drawn =
      drawnImages ?? (recipe.evaluation.runs > 0 ? sets * recipe.evaluation.syntheticPerClass * classes : 0)
    synthetic = image * drawn
    let shapes =
      recipe.evaluation.methods.contains { $0.synthetic == .deformation }
      ? images * ShapeSpace.bytesPerImage(height: size.height, width: size.width) : 0
    base =
      Self.program + (jobs > 0 ? Self.statistics : 0) + image * ((readsFromFile ? 0 : images) + drawn) + shapes
      + (readsFromFile ? Self.factsPerImage * images : 0)
    settings = Settings(
      generator: footprint, generatorImages: atOnce, keepsBest: generator.keepsBest, classifier: judgeFootprint,
      classifierImages: judgeAtOnce)
  }

  /// The most bytes at any time.
  package var peak: Int { base + max(model * models, classifier * classifiers) }

  /// Bytes of the program and its libraries, and of an evaluation's comparisons, statistics and report, as measured on small cohorts.
  package static let program = 80 << 20
  private static let statistics = 75 << 20

  /// Bytes that an image takes beside its pixels: what it is, where it lies, names and scores of it.
  private static let factsPerImage = 3000

  /// One sentence for the screen.
  package var sentence: String {
    "Memory: about \(ProgressText.size(peak)) at most, "
      + [(model, "model in training"), (classifier, "classifier")].filter { $0.0 > 0 }
      .map { "\(ProgressText.size($0.0)) for each \($0.1)" }.joined(separator: " and ")
      + (readsFromFile ? "; the images are read from a temporary file" : "")
  }

  /// Refuses a plan that does not fit, and says what to change.
  ///
  /// - Parameter available: bytes.
  /// - Throws: `ExperimentsError.settings`.
  package func require(available: Int) throws {
    guard peak > available else { return }
    let room = available - base
    var remedies: [String] = []
    if room < 0, synthetic > base / 2 {
      remedies.append("a smaller 'synthetic-per-class' in 'evaluation'")
    } else if room < 0 {
      remedies.append("a smaller 'height' and 'width' in 'preprocessing'")
    } else if model * models > room {
      if models > 1, model <= room { remedies.append("'threads' to 1") }
      let fitting = settings.generator.images(
        within: room / models, of: settings.generatorImages, keepsBest: settings.keepsBest, accumulates: true)
      if fitting >= 1, fitting < settings.generatorImages {
        remedies.append("'images-at-once' in 'generator' to \(fitting)")
      }
      if remedies.isEmpty { remedies.append("'architecture' in 'generator' to compact and 'threads' to 1") }
    } else {
      if classifiers > 1, classifier <= room { remedies.append("'threads' to 1") }
      let fitting = settings.classifier.images(
        within: room / classifiers, of: settings.classifierImages, keepsBest: true, accumulates: true)
      if fitting >= 2, fitting < settings.classifierImages {
        remedies.append("'images-at-once' in 'classifier' to \(fitting)")
      }
      if remedies.isEmpty { remedies.append("a smaller 'height' and 'width' in 'preprocessing'") }
    }
    throw ExperimentsError.settings(
      problem:
        "this needs about \(ProgressText.size(peak)) of memory and \(ProgressText.size(available)) are free: set "
        + remedies.joined(separator: ", or "))
  }

  /// Bytes that this machine could give now.
  package static var available: Int {
    if let text = try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("MemAvailable:") }),
      let kibibytes = line.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
    {
      return kibibytes << 10
    }
    return Int(ProcessInfo.processInfo.physicalMemory)
  }
}
