import Datasets
import Generators
import ImageFiles
import ImageSets
import Recipes
import Runs
import Samplers
import Training

extension RunForecast {
  /// Of an evaluation, or of a training of models alone.
  ///
  /// - Parameters:
  ///   - rests: what is left of each split, in their order.
  ///   - isJudged: whether likeness and the audit are still to be measured.
  ///   - budget: seconds that each measuring takes, about.
  package init(
    _ scope: EvaluationScope, rests: [EvaluationScope.Rest], isJudged: Bool, memory: MemoryPlan, budget: Double = 0.3
  ) throws {
    let (recipe, data) = (scope.recipe, scope.data)
    let threads = recipe.threadCount
    let amounts = scope.divisions.map {
      WorkAmounts(recipe, data: $0, methods: scope.plan.methods, synthetic: scope.synthetic)
    }
    let trial = WorkTrial(recipe: recipe, data: data)
    let values = Double(data.set.size.height * data.set.size.width * data.set.channels)
    var stages: [Stage] = []
    var disk = Double(isJudged ? WorkRates.report : 0)

    let trainings = amounts[0].trainings.count
    let pending = zip(amounts, rests).filter(\.1.trains).map(\.0)
    let drawing = scope.synthetic.isEmpty ? [] : zip(amounts, rests).filter(\.1.draws).map(\.0)
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
          scope.synthetic.contains(.deformation) ? trial.registrations(amounts[0].counts, budget: budget) : 0
        let seconds = drawing.reduce(0) { sum, amounts in
          sum + registrations + Self.drawing(amounts, decoding: model.decoding, values: values)
        }
        let images = drawing.reduce(0) { $0 + $1.syntheticImages }
        stages.append(
          Stage(
            name: "images", work: "\(ProgressText.grouped(images)) by " + Self.counted(scope.synthetic.count, "method"),
            seconds: seconds))
        disk += Double(images) * 4 * values * WorkRates.bytesOfImageByte
      }
    }

    let jobs = rests.reduce(0) { $0 + $1.jobs.count }
    let compares = isJudged && !scope.synthetic.isEmpty
    var comparison = 0.0
    if jobs > 0 || compares && scope.isScored {
      let judge = try trial.judge(
        jobs: max(jobs, 1),
        kinds: Set(
          (rests.flatMap(\.jobs) + (compares ? [.originalResampled] : []))
            .filter { $0 != .linear && $0 != .covariates }.map { recipe.evaluation.kind(of: $0) }), budget: budget / 2)
      func seconds(_ method: EvaluationMethod, _ amounts: WorkAmounts) -> Double {
        Self.seconds(method, amounts, judge, recipe, further: scope.further)
      }
      if jobs > 0 {
        let time = zip(rests, amounts).reduce(0) { sum, split in
          sum + WorkAmounts.span(split.0.jobs.map { seconds($0, split.1) }, workers: threads)
        }
        stages.append(Stage(name: "classifiers", work: Self.classifiers(rests, recipe), seconds: time))
        let rows = zip(rests, amounts).reduce(0) { $0 + $1.0.jobs.count * $1.1.test }
        disk += Double(rows * WorkRates.bytesOfPrediction)
      }
      comparison = seconds(.originalResampled, amounts[0])
    }
    if compares {
      let audits = Double(scope.synthetic.count) * Self.audit(amounts[0], held: data.set.count, values: values)
      stages.append(
        Stage(
          name: "comparison", work: "likeness and privacy audit", seconds: max(comparison, audits / Double(threads))))
    }
    if isJudged {
      let predictions = Double(scope.plan.splits * scope.plan.runs * scope.plan.methods.count * amounts[0].test)
      stages.append(
        Stage(
          name: "report", work: "tables and figures",
          seconds: 0.5 + (scope.isScored ? WorkRates.weighing * predictions : 0)))
    }
    self.init(
      stages: stages, memoryBytes: memory.peak, diskBytes: Int(disk), readsFromFile: memory.readsFromFile)
  }

  /// Of one training of a model.
  package static func seconds(
    _ training: WorkAmounts.Training, _ model: WorkTrial.Model, _ recipe: Recipe
  ) -> Double {
    let pass = model.training.seconds(images: training.rows, batch: recipe.generatorConfiguration.batchSize)
    return Double(training.epochs) * (pass + Double(training.validation) * model.validation)
  }

  /// Chains, decoding and writing of a split's synthetic images.
  private static func drawing(_ amounts: WorkAmounts, decoding: Double, values: Double) -> Double {
    let recipe = amounts.recipe
    let threads = Double(recipe.threadCount)
    let chains = amounts.synthetic.reduce(0) { sum, method in
      amounts.counts.reduce(sum) {
        $0 + Self.chains(method, recipe, training: $1, drawn: recipe.evaluation.syntheticPerClass)
      }
    }
    return chains / threads + Double(amounts.syntheticImages) * (decoding + WorkRates.writing * values / threads)
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
    let (drawn, others) = (amounts.recipe.evaluation.syntheticPerClass, Double(held) / Double(amounts.classes))
    return amounts.counts.reduce(0) { $0 + Self.comparedPairs(own: $1, drawn: drawn, others: others) } * values
      * WorkRates.comparing
  }
}
