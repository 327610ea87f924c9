import Datasets
import Foundation
import Generators
import ImageFiles
import ImageSets
import Networks
import Recipes
import Runs
import Samplers
import Training

/// How long what is left of an experiment takes on this machine, and how much memory and disk, before it is begun.
///
/// Seconds follow from a second or so of the real work (`WorkTrial`) and the amounts of it (`WorkAmounts`); what is not
/// measured, chains, files and tables, is estimated by rates that are stated here. Work that an early stop leaves out is counted.
package struct RunForecast: Sendable, Equatable {
  /// A part of the work, in the order in which it is done.
  package struct Stage: Sendable, Equatable, Codable {
    /// Such as "models".
    package var name: String
    /// What is done, in a few words.
    package var work: String
    package var seconds: Double
  }

  package var stages: [Stage]
  /// At most at any time.
  package var memoryBytes: Int
  /// That the run folder grows by.
  package var diskBytes: Int
  /// Whether the images lie in a temporary file while they are worked on.
  package var readsFromFile: Bool

  package var seconds: Double { stages.reduce(0) { $0 + $1.seconds } }

  /// What is left of a split.
  struct Rest: Sendable {
    /// Whether its models are trained.
    var trains = true
    /// Whether its images are drawn and judged by what needs no classifier.
    var draws = true
    /// The classifiers to train, in their order.
    var jobs: [EvaluationMethod]
  }

  /// Seconds of one core to write a value of an image, and bytes on disk for each of its four in memory.
  static let writing = (seconds: 2e-7, bytes: 0.75)
  /// Seconds of one core for a leapfrog step of a chain, for each centroid and latent dimension; ten make a transition.
  static let leapfrog = 1.5e-9
  /// Seconds to weigh a prediction of a test image: the bootstrap of every table.
  static let weighing = 6e-6
  /// Seconds of one core for each pair of images that the privacy audit compares, for each of their values.
  static let comparing = 2.5e-10
  /// Bytes of a row of predictions, of a report, and of the other tables.
  static let row = 80
  static let report = 600_000

  /// - Parameters:
  ///   - rests: what is left of each split, in their order.
  ///   - isJudged: whether likeness and the audit are still to be measured.
  ///   - budget: seconds that each measuring takes, about.
  init(_ inputs: ExperimentInputs, rests: [Rest], isJudged: Bool, memory: MemoryPlan, budget: Double = 0.3) throws {
    let (recipe, data) = (inputs.recipe, inputs.data)
    let threads = recipe.threadCount
    let amounts = try rests.indices.map { split in
      WorkAmounts(recipe, data: try inputs.division(split), methods: inputs.plan.methods, synthetic: inputs.methods)
    }
    let trial = WorkTrial(recipe: recipe, data: data)
    let values = Double(data.set.size.height * data.set.size.width * data.set.channels)
    var stages: [Stage] = []
    var disk = Double(isJudged ? Self.report : 0)

    let trainings = amounts[0].trainings.count
    let pending = zip(amounts, rests).filter(\.1.trains).map(\.0)
    let drawing = inputs.methods.isEmpty ? [] : zip(amounts, rests).filter(\.1.draws).map(\.0)
    if !pending.isEmpty || !drawing.isEmpty {
      let model = try trial.model(models: trainings, budget: budget)
      let seconds = pending.reduce(0) { sum, amounts in
        sum + WorkAmounts.span(amounts.trainings.map { Self.seconds($0, model, recipe) }, workers: threads)
      }
      if !pending.isEmpty {
        stages.append(Stage(name: "models", work: Self.models(pending, recipe), seconds: seconds))
        disk += Double(pending.count * amounts[0].classes * model.bytes)
      }
      if !drawing.isEmpty {
        let registrations =
          inputs.methods.contains(.deformation) ? trial.registrations(amounts[0].counts, budget: budget) : 0
        let seconds = drawing.reduce(0) { sum, amounts in
          sum + registrations + Self.drawing(amounts, decoding: model.decoding, values: values)
        }
        let images = drawing.reduce(0) { $0 + $1.syntheticImages }
        stages.append(
          Stage(
            name: "images", work: "\(ProgressText.grouped(images)) by " + Self.counted(inputs.methods.count, "method"),
            seconds: seconds))
        disk += Double(images) * 4 * values * Self.writing.bytes
      }
    }

    let jobs = rests.reduce(0) { $0 + $1.jobs.count }
    let compares = isJudged && !inputs.methods.isEmpty
    var comparison = 0.0
    if jobs > 0 || compares && inputs.isScored {
      let judge = try trial.judge(
        jobs: max(jobs, 1),
        methods: Array(Set(rests.flatMap(\.jobs))) + (compares ? [.originalResampled] : []), budget: budget / 2)
      func seconds(_ method: EvaluationMethod, _ amounts: WorkAmounts) -> Double {
        Self.seconds(method, amounts, judge, recipe, further: inputs.external?.set.count ?? 0)
      }
      if jobs > 0 {
        let time = zip(rests, amounts).reduce(0) { sum, split in
          sum + WorkAmounts.span(split.0.jobs.map { seconds($0, split.1) }, workers: threads)
        }
        stages.append(Stage(name: "classifiers", work: Self.classifiers(rests, recipe), seconds: time))
        let rows = zip(rests, amounts).reduce(0) { $0 + $1.0.jobs.count * $1.1.test }
        disk += Double(rows * Self.row)
      }
      comparison = seconds(.originalResampled, amounts[0])
    }
    if compares {
      let audits = Double(inputs.methods.count) * Self.audit(amounts[0], held: data.set.count, values: values)
      stages.append(
        Stage(
          name: "comparison", work: "likeness and privacy audit", seconds: max(comparison, audits / Double(threads))))
    }
    if isJudged {
      let predictions = Double(inputs.plan.splits * inputs.plan.runs * inputs.plan.methods.count * amounts[0].test)
      stages.append(
        Stage(
          name: "report", work: "tables and figures", seconds: 0.5 + (inputs.isScored ? Self.weighing * predictions : 0)
        ))
    }
    self.stages = stages
    memoryBytes = memory.peak
    readsFromFile = memory.readsFromFile
    diskBytes = Int(disk)
  }

  private static func seconds(_ training: WorkAmounts.Training, _ model: WorkTrial.Model, _ recipe: Recipe) -> Double {
    let pass = model.training.seconds(images: training.rows, batch: recipe.generatorConfiguration.batchSize)
    return Double(training.epochs) * (pass + Double(training.validation) * model.validation)
  }

  /// Chains, decoding and writing of a split's synthetic images.
  private static func drawing(_ amounts: WorkAmounts, decoding: Double, values: Double) -> Double {
    let recipe = amounts.recipe
    let each = Double(recipe.evaluation.syntheticPerClass)
    let threads = Double(recipe.threadCount)
    let steps = Double(recipe.sampler.steps ?? 20) * 10
    let chains =
      amounts.synthetic.contains(.manifold)
      ? Double(amounts.trainingImages) * each * steps * leapfrog * Double(recipe.generator.latentDimensions)
      : 0
    // Chains are calibrated by as many again.
    return 2 * chains / threads + Double(amounts.syntheticImages) * (decoding + writing.seconds * values / threads)
  }

  private static func seconds(
    _ method: EvaluationMethod, _ amounts: WorkAmounts, _ judge: WorkTrial.Judge, _ recipe: Recipe, further: Int
  ) -> Double {
    let judged = Double(amounts.test + amounts.validationImages + further) * judge.judging
    guard let images = amounts.images(of: method) else { return method == .linear ? 0.1 : 0 }
    let settings = recipe.classifier
    let step = judge.training[recipe.evaluation.kind(of: method)] ?? StepTime(fixed: 0, perImage: 0)
    let pass =
      step.seconds(images: images, batch: settings.batchSize) + Double(amounts.validationImages) * judge.judging
    return Double(settings.epochs) * pass + judged
  }

  /// One method's audit, in seconds of one core.
  private static func audit(_ amounts: WorkAmounts, held: Int, values: Double) -> Double {
    let drawn = Double(amounts.recipe.evaluation.syntheticPerClass)
    return amounts.counts.reduce(0) { sum, count in
      let (own, others) = (Double(count), Double(held) / Double(amounts.classes))
      return sum + (2 * own * drawn + own * own + others * (own + drawn)) * values * comparing
    }
  }
}
