import Cohorts
import Foundation
import Generators
import Geometry
import ImageFiles
import ImageSets
import Tensors

/// A recipe's settings as the configurations that the libraries take.
extension Recipe {
  package var preprocessingConfiguration: Preprocessing {
    var size: ImageSize?
    if let height = preprocessing.height, let width = preprocessing.width {
      size = ImageSize(height: height, width: width)
    }
    return Preprocessing(
      intensity: preprocessing.intensity, range: preprocessing.range, size: size, fit: preprocessing.fit,
      colour: preprocessing.colour)
  }

  /// The slice to take of volumes, and the volume of series; nil when the recipe names neither.
  public var sliceSelection: SliceSelection? {
    guard data.plane != nil || data.slice != nil else {
      return data.volume.map { SliceSelection(plane: nil, volume: $0) }
    }
    return SliceSelection(plane: data.plane ?? .axial, position: data.slice ?? .middle, volume: data.volume)
  }

  /// The table of labels of the cohort, if it is labelled by one.
  public var labelTable: LabelTable? {
    data.labels.map {
      LabelTable(
        url: URL(filePath: $0), idColumn: data.idColumn, classColumn: data.classColumn,
        subjectColumn: data.subjectColumn)
    }
  }

  /// How subjects are found in names.
  ///
  /// - Throws: `ImagingError` for a pattern that is none.
  public var subjectRule: SubjectRule { get throws { try SubjectRule(pattern: data.subjectPattern) } }

  package var generatorConfiguration: GeneratorConfiguration {
    var configuration = generator.configuration
    configuration.epochs = generator.epochs
    configuration.steps = generator.steps ?? configuration.architecture.usualSteps
    configuration.precision =
      switch generator.precision {
      case .auto: configuration.architecture.usualPrecision(multipliesBFloat16: Tensor.multipliesBFloat16)
      case .float32: .float32
      case .bfloat16: .bfloat16
      }
    configuration.learningRate = generator.learningRate ?? configuration.architecture.usualLearningRate
    configuration.keepsBest = generator.keep == .best
    // A number of epochs is a protocol to follow to its end; a number of steps is a budget.
    if generator.epochs != nil || generator.keep != .best { configuration.earlyStopSteps = nil }
    return configuration
  }

  /// The recipe with the precision that an automatic one comes to: what the run in its folder began with, or what suits
  /// this processor. A run that goes on elsewhere so gives the same numbers.
  package func fixingPrecision() -> Recipe {
    guard generator.precision == .auto else { return self }
    var fixed = self
    let file = runFolder.appending(path: "recipe.yaml")
    if let text = try? RecipeText.read(file),
      let begun = try? Recipe(yaml: text, file: file.relativePath, folder: runFolder.absoluteURL)
    {
      fixed.generator.precision = begun.generator.precision
    } else {
      fixed.generator.precision = generatorConfiguration.precision == .bfloat16 ? .bfloat16 : .float32
    }
    return fixed
  }

  package var metricConfiguration: MetricConfiguration {
    var configuration = metric.configuration
    configuration.centroids = metric.centroids.map { .count($0) } ?? .all
    configuration.rho = metric.rho.map { .value($0) } ?? .paper
    configuration.tau = metric.tau ?? 0
    configuration.tauFollowsRadius = metric.tau == nil && sampler.mode == .calibrated
    return configuration
  }

  package var samplerConfiguration: HMCConfiguration { sampler.configuration }

  package var splitFractions: SplitFractions {
    SplitFractions(train: data.split.train, validation: data.split.validation, test: data.split.test)
  }

  /// Threads to use: the recipe's, or one for each core.
  public var threadCount: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }
}
