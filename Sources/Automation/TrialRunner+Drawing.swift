import Datasets
import Experiments
import Foundation
import Generators
import Judgement
import Tensors
import Training

extension TrialRunner {
  /// Trains the models that some jobs share, fold by fold, draws, and trains the classifiers; as many ways as fit.
  ///
  /// - Parameter jobs: of ways that share their models.
  func trainDrawn(_ jobs: [Race.Job], until deadline: Double) throws -> [Race.Job: HeldOut] {
    try pilot()
    let places = Set(jobs.map(\.place)).sorted()
    var chosen = Array(Set(jobs.map(\.way)))
    chosen.sort { first, second in
      jobs.firstIndex { $0.way == first }! < jobs.firstIndex { $0.way == second }!
    }
    guard let first = chosen.first else { return [:] }
    if let few = places.lazy.compactMap({ Self.tooFew(self.fold($0)) }).first {
      for name in chosen { refuse(name, few) }
      return [:]
    }
    try pilotDrawing(ways[first]!)
    while !chosen.isEmpty {
      let seconds = try places.reduce(0) { try $0 + forecast(chosen, at: $1) }
      if time.elapsed + seconds <= deadline { break }
      chosen.removeLast()
    }
    var found: [Race.Job: HeldOut] = [:]
    for place in places {
      let own = jobs.filter { $0.place == place && chosen.contains($0.way) && refusal($0.way) == nil }
      guard !own.isEmpty, time.elapsed + (try forecast(own.map(\.way), at: place)) <= deadline else { continue }
      let data = fold(place)
      let drawn = try draw(own.map(\.way), at: place, data)
      let ready = own.filter { drawn[$0.way] != nil && refusal($0.way) == nil }
      found.merge(
        try train(ready, until: deadline) { job, data in
          let way = self.ways[job.way]!
          return MethodTrial(try self.recipe(way, at: job.place), way.method, data: data, drawn: drawn[job.way]!)
        }
      ) { $1 }
    }
    return found
  }

  /// The least training images of a class in a fold that something can be drawn from.
  private static let fewestImages = 3

  /// Why nothing can be drawn from a set; nil where something can.
  static func tooFew(_ data: ExperimentData) -> String? {
    let least = data.classes.map { data.indices(of: $0, in: .train).count }.min() ?? 0
    return least >= Self.fewestImages
      ? nil : "a fold leaves \(least) training images of a class, and drawing takes \(Self.fewestImages)"
  }

  /// Synthetic images of a fold by way; a way that fails, or whose images give people away, is refused.
  private func draw(
    _ names: [String], at place: InnerFolds.Place, _ data: ExperimentData
  ) throws -> [String: MethodTrial.Drawn] {
    guard let first = names.first.map({ ways[$0]! }) else { return [:] }
    let source = MethodTrial.Source(data)
    let load = Workload(data)
    var models: [TrainedModel] = []
    if first.needsModels {
      let own = try recipe(first, at: place)
      let folder = scratch.appending(path: "models-\(place.repeat)-\(place.fold)", directoryHint: .isDirectory)
      try? FileManager.default.removeItem(at: folder)
      defer { try? FileManager.default.removeItem(at: folder) }
      do {
        models = try time.timed(Workload.models(own.generator.model), units: load.models(own)) {
          try MethodTrial.models(own, data: data, in: folder)
        }
      } catch let error as GeneratorError {
        for name in names { refuse(name, "\(error)") }
        return [:]
      }
    }
    var drawn: [String: MethodTrial.Drawn] = [:]
    for name in names {
      let way = ways[name]!
      let own = try recipe(way, at: place)
      let isShapes = way.drawing == .deformation
      do {
        drawn[name] = try time.timed(
          isShapes ? Workload.shapes : Workload.drawing(way.drawing!.rawValue),
          units: isShapes ? load.shapes : load.drawn(own)
        ) {
          try ComputeThreads.with(recipe.threadCount) {
            try MethodTrial.draw(own, way.drawing!, data: data, models: models, from: source)
          }
        }
      } catch {
        refuse(name, "\(error)")
        continue
      }
      if isPrivate, let reason = Self.disclosure(drawn[name]!, data) { refuse(name, reason) }
    }
    return drawn
  }

  /// The share of images that may be drawn anew for being near copies of training images. A model of more knows these by
  /// heart, and what is left lies close to them.
  private static let mostRedrawn = 0.05

  /// Why images may not be given away; nil where the audit found nothing.
  package static func disclosure(_ drawn: MethodTrial.Drawn, _ data: ExperimentData) -> String? {
    guard drawn.redrawnShare <= mostRedrawn else {
      return String(
        format: "%.0f %% of its images came out as copies of training images, or nearly", 100 * drawn.redrawnShare)
    }
    let audit = MethodTrial.audit(drawn, data: data)
    if !audit.copies.isEmpty { return "\(audit.copies.count) of its images are copies of training images, or nearly" }
    guard let membership = audit.membership else { return nil }
    guard let interval = membership.interval, !interval.contains(0.5) else { return nil }
    return String(
      format: "its images tell who was trained on: area %.2f, 95 %% interval %.2f to %.2f", membership.area,
      interval.lower, interval.upper)
  }

  private func forecast(_ names: [String], at place: InnerFolds.Place) throws -> Double {
    let load = Workload(fold(place))
    var seconds = 0.0
    for (number, name) in names.enumerated() {
      let way = ways[name]!
      let own = try way.recipe(recipe)
      if way.needsModels {
        if number == 0 {
          seconds += time.forecast(Workload.models(own.generator.model), units: load.models(own)) ?? 0
        }
        seconds += time.forecast(Workload.drawing(way.drawing!.rawValue), units: load.drawn(own)) ?? 0
      } else {
        seconds += time.forecast(Workload.shapes, units: load.shapes) ?? 0
      }
      let train = time.forecast(Workload.network, units: load.network(own)) ?? 0
      seconds += train / Double(min(recipe.threadCount, names.count))
    }
    return seconds
  }

  /// Measures by a small part what models, or registrations, take, where none was done yet.
  private func pilotDrawing(_ way: Way) throws {
    let place = InnerFolds.Place(repeat: 0, fold: 0)
    let data = fold(place)
    if way.needsModels {
      var own = try recipe(way, at: place)
      let kind = Workload.models(own.generator.model)
      guard time.forecast(kind, units: 1) == nil else { return }
      own.generator.steps = 30
      let folder = scratch.appending(path: "models-pilot", directoryHint: .isDirectory)
      try? FileManager.default.removeItem(at: folder)
      defer { try? FileManager.default.removeItem(at: folder) }
      _ = try time.timed(kind, units: Workload(data).models(own)) {
        try MethodTrial.models(own, data: data, in: folder)
      }
    } else {
      guard time.forecast(Workload.shapes, units: 1) == nil else { return }
      // Two images of each class.
      let few = data.classes.flatMap { data.indices(of: $0, in: .train).prefix(2) }
      let part = data.sided(training: few, validation: [], test: [])
      var own = try recipe(way, at: place)
      own.evaluation.syntheticPerClass = 2
      _ = try time.timed(Workload.shapes, units: Workload(part).shapes) {
        try MethodTrial.draw(own, .deformation, data: part, models: [], from: MethodTrial.Source(part))
      }
    }
  }
}
