import Foundation
import Generators
import Geometry
import ImageFiles
import ImageSets
import Recipes
import Runs
import Samplers
import Tensors
import Training

/// Images that one method draws from trained models, and that are written as files.
package struct DrawingScope: Sendable {
  package let recipe: Recipe
  package let size: ImageSize
  package let channels: Int
  /// Training images by class.
  package let training: [Int]
  /// Images to draw by class.
  package let drawn: [Int]
  package let storage: ImageStorage
  /// Whether an archive of training images and drawn ones is written too.
  package let isArchived: Bool

  package init(
    _ recipe: Recipe, size: ImageSize, channels: Int, training: [Int], drawn: [Int], storage: ImageStorage,
    isArchived: Bool
  ) {
    (self.recipe, self.size, self.channels) = (recipe, size, channels)
    (self.training, self.drawn, self.storage, self.isArchived) = (training, drawn, storage, isArchived)
  }

  fileprivate var length: Int { size.height * size.width * channels }
  fileprivate var images: Int { drawn.reduce(0, +) }
  private var bytesOfImage: Double { Double(length * storage.bits / 8) * WorkRates.bytesOfImageByte }

  /// Bytes of the folder of images.
  package var folderBytes: Int { Int(Double(images) * bytesOfImage) }
  /// Bytes of the archive; 0 without one.
  package var archiveBytes: Int { isArchived ? Int(Double(images + training.reduce(0, +)) * bytesOfImage) : 0 }
}

extension RunForecast {
  /// Of drawing images and writing them, without the models' training.
  ///
  /// - Parameters:
  ///   - decoding: seconds to decode an image.
  ///   - registrations: seconds of all registrations; 0 for another method than `deformation`.
  ///   - weights: bytes of the models' weights.
  package init(_ scope: DrawingScope, decoding: Double, registrations: Double, weights: Int) {
    let recipe = scope.recipe
    let threads = Double(recipe.threadCount)
    let values = Double(scope.length)
    let chains = zip(scope.training, scope.drawn).reduce(0) {
      $0 + Self.chains(recipe.synthetic.method, recipe, training: $1.0, drawn: $1.1)
    }
    let pairs = zip(scope.training, scope.drawn).reduce(0) {
      $0 + Self.comparedPairs(own: $1.0, drawn: $1.1, others: 0)
    }
    let seconds =
      registrations + chains / threads + Double(scope.images) * (decoding + WorkRates.writing * values / threads)
      + pairs * values * WorkRates.comparing / threads
      + (scope.isArchived ? Double(scope.images + scope.training.reduce(0, +)) * values * WorkRates.writing : 0)
    let pixels = 4 * scope.length * scope.training.reduce(0, +)
    let isInFile = pixels > PixelStore.memoryLimit
    let shapes =
      recipe.synthetic.method == .deformation
      ? scope.training.reduce(0, +) * ShapeSpace.bytesPerImage(height: scope.size.height, width: scope.size.width) : 0
    self.init(
      stages: [
        Stage(
          name: "images", work: "\(ProgressText.grouped(scope.images)) by \(recipe.synthetic.method.rawValue)",
          seconds: seconds)
      ],
      memoryBytes: MemoryPlan.program + weights + (isInFile ? 0 : pixels) + shapes + 4 * scope.length * scope.images,
      diskBytes: scope.folderBytes + scope.archiveBytes, readsFromFile: isInFile)
  }

  /// Seconds of one core for the chains of a class's images.
  ///
  /// - Parameter training: images of the class, whose codes the metric is made of.
  package static func chains(_ method: SyntheticMethod, _ recipe: Recipe, training: Int, drawn: Int) -> Double {
    let sampler = recipe.samplerConfiguration
    let dimensions = Double(recipe.generator.latentDimensions)
    let points: Double
    let work: Double
    switch method {
    case .manifold, .interpolation:
      points = Double(min(training, recipe.metric.centroids ?? training))
      work = dimensions * WorkRates.leapfrog
    // Its metric is full, and every training image has a part in it.
    case .rhvae: (points, work) = (Double(training), (dimensions + 1) * (dimensions + 2) * WorkRates.fullLeapfrog)
    default: return 0
    }
    // Chains are calibrated by as many again.
    let transitions =
      method == .interpolation ? 1 : (sampler.steps.map(Double.init) ?? 20) * (sampler.needsPilot ? 2 : 1)
    return Double(drawn) * transitions * Double(sampler.leapfrogSteps ?? 10) * points * work
  }

  /// Pairs of images that the audit of one class compares.
  static func comparedPairs(own: Int, drawn: Int, others: Double) -> Double {
    let (own, drawn) = (Double(own), Double(drawn))
    return 2 * own * drawn + own * own + others * (own + drawn)
  }
}
