import Generators
import Samplers

extension Recipe {
  /// Pairs of keys of which a recipe gives at most one.
  static let alternatives = [
    ("generator.epochs", "generator.steps"), ("data.path", "data.phantom"), ("data.path", "data.shapes"),
    ("data.phantom", "data.shapes"),
  ]

  /// Something that does not go together: the keys that it hangs on, most telling first, and a sentence.
  package struct Conflict: Equatable {
    var keys: [String]
    package var problem: String
  }

  /// The first thing in this recipe that does not go together, although every value alone is possible.
  var conflict: Conflict? {
    let all: [Conflict?] = [
      splitConflict, phantomConflict, sizeConflict, rangeConflict, sliceConflict, copiesConflict, interpolationConflict,
      evaluationConflict, covariatesConflict, methodConflict, batchConflict, sweepConflict, fidelityConflict,
      compareConflict,
    ]
    return all.lazy.compactMap { $0 }.first
  }

  /// Checks what single values cannot tell. Reading and overriding do it; call it after changing a recipe by hand.
  ///
  /// - Throws: `ExperimentsError.settings`.
  public func check() throws {
    if let conflict { throw ExperimentsError.settings(problem: conflict.problem) }
  }

  private var splitConflict: Conflict? {
    let split = data.split
    let sum = split.train + split.validation + split.test
    guard abs(sum - 1) > 1e-6 else { return nil }
    return Conflict(
      keys: ["data.split.train", "data.split.validation", "data.split.test"],
      problem: "'train', 'validation' and 'test' in 'data.split' must add up to 1, not "
        + SettingValue.number((sum * 1e6).rounded() / 1e6).plain)
  }

  private var phantomConflict: Conflict? {
    guard let phantom = data.phantom, phantom.minority > phantom.subjects - 2 else { return nil }
    return Conflict(
      keys: ["data.phantom.minority", "data.phantom.subjects"],
      problem: "'minority' in 'data.phantom' is \(phantom.minority), which leaves less than 2 of the "
        + "\(phantom.subjects) 'subjects' to the other class")
  }

  private var sizeConflict: Conflict? {
    if (preprocessing.height == nil) != (preprocessing.width == nil) {
      return Conflict(
        keys: ["preprocessing.height", "preprocessing.width"],
        problem: "'height' and 'width' in 'preprocessing' go together: give both, or neither")
    }
    let architecture = generator.architecture
    guard !architecture.requiredSizes.isEmpty,
      let height = preprocessing.height ?? data.phantom?.height ?? data.shapes?.size,
      let width = preprocessing.width ?? data.phantom?.width ?? data.shapes?.size,
      !architecture.takes(height: height, width: width)
    else { return nil }
    return Conflict(
      keys: ["generator.architecture", "preprocessing.height", "data.phantom.height", "data.shapes.size"],
      problem: "the architecture '\(architecture.rawValue)' is for images of \(architecture.sizeText), not "
        + "\(height) x \(width): set 'height' and 'width' in 'preprocessing', or take 'compact'")
  }

  private var rangeConflict: Conflict? {
    guard preprocessing.intensity == .none, preprocessing.range != .extremes else { return nil }
    return Conflict(
      keys: ["preprocessing.range", "preprocessing.intensity"],
      problem:
        "'range' in 'preprocessing' says how to scale, and 'intensity' is none: set 'intensity' to min-max, or leave "
        + "'range' out")
  }

  private var copiesConflict: Conflict? {
    guard synthetic.nearCopies == .redraw else { return nil }
    if synthetic.method == .deformation {
      return Conflict(
        keys: ["synthetic.near-copies", "synthetic.method"],
        problem:
          "images by 'deformation' keep the fine detail of a training image each, so 'near-copies' in 'synthetic' "
          + "cannot be redraw: take another method, or keep")
    }
    guard synthetic.render == .residual else { return nil }
    return Conflict(
      keys: ["synthetic.near-copies", "synthetic.render"],
      problem: "images with a residual keep the fine detail of a training image each, so 'near-copies' in 'synthetic' "
        + "cannot be redraw: set 'render' to decode, or keep")
  }

  private var interpolationConflict: Conflict? {
    guard (interpolation.from == nil) != (interpolation.to == nil) else { return nil }
    return Conflict(
      keys: ["interpolation.from", "interpolation.to"],
      problem: "'from' and 'to' in 'interpolation' go together: give both, or neither")
  }

  private var evaluationConflict: Conflict? {
    guard data.shapes != nil, evaluation.runs > 0 else { return nil }
    return Conflict(
      keys: ["data.shapes", "evaluation.runs"],
      problem:
        "'shapes' in 'data' are of one class, which no classifier can tell apart: set 'runs' in 'evaluation' to 0")
  }

  private var covariatesConflict: Conflict? {
    guard evaluation.methods.contains(.covariates), data.covariates.isEmpty else { return nil }
    return Conflict(
      keys: ["evaluation.methods"],
      problem: "the method 'covariates' in 'evaluation' needs the columns it goes by: give 'covariates' in 'data', "
        + "such as [age, sex]")
  }

  /// A way of drawing that the model, or a model for each class, has not what it takes for.
  private var methodConflict: Conflict? {
    let evaluated = evaluation.methods.compactMap(\.synthetic).map { ("evaluation.methods", $0) }
    for (key, method) in evaluated + [("synthetic.method", synthetic.method)] {
      if let problem = method.refusal(of: generator.model) {
        return Conflict(keys: [key, "generator.model"], problem: problem)
      }
      guard generator.share == .none, method.description.needs.contains(.otherClasses) else { continue }
      return Conflict(
        keys: [key, "generator.share"],
        problem:
          "the method '\(method.rawValue)' needs one model of all classes: set 'share' in 'generator' to all, or "
          + "take 'interpolation'")
    }
    return nil
  }

  /// Why 'manikin grid' cannot try its methods with the model.
  package var gridConflict: Conflict? {
    grid.methods.compactMap { $0.refusal(of: generator.model) }.first.map {
      Conflict(keys: ["grid.methods", "generator.model"], problem: $0)
    }
  }

  /// What the model asks of its batches.
  var batchConflict: Conflict? {
    guard !generator.model.description.lossIsSumOverImages else { return nil }
    if generator.imagesAtOnce != nil {
      return Conflict(
        keys: ["generator.images-at-once", "generator.model"],
        problem:
          "the loss of '\(generator.model.rawValue)' compares the images of a batch with each other, so that it cannot "
          + "be worked off in parts: leave 'images-at-once' out and set 'batch-size' smaller")
    }
    guard generator.batchSize < 2 else { return nil }
    return Conflict(
      keys: ["generator.batch-size", "generator.model"],
      problem:
        "the loss of '\(generator.model.rawValue)' compares the images of a batch with each other: set 'batch-size' "
        + "to 2 or more")
  }

  private var fidelityConflict: Conflict? {
    guard fidelity.features.contains(.inception), fidelity.inceptionWeights == nil else { return nil }
    return Conflict(
      keys: ["fidelity.features"],
      problem: "the features 'inception' need 'inception-weights' in 'fidelity': a safetensors file of torchvision's "
        + "inception_v3")
  }

  private var sweepConflict: Conflict? {
    guard (sweep.key == nil) != sweep.values.isEmpty else {
      guard let key = sweep.key else { return nil }
      let numbers = sweep.values.map { value -> Int? in
        guard let changed = try? setting(key.rawValue, to: value),
          case .integer(let number) = Recipe.setting(key.rawValue)!.value(in: changed)
        else { return nil }
        return number
      }
      let known = numbers.compactMap { $0 }
      guard known.count < numbers.count || zip(known, known.dropFirst()).contains(where: { $0 >= $1 }) else {
        return evaluation.runs > 0
          ? nil
          : Conflict(
            keys: ["sweep.key", "evaluation.runs"],
            problem: "'sweep' needs scores to compare: set 'runs' in 'evaluation' above 0")
      }
      return Conflict(
        keys: ["sweep.values"],
        problem: "'values' in 'sweep' must be ascending whole numbers that '\(key.rawValue)' takes, not "
          + sweep.values.joined(separator: ", "))
    }
    return Conflict(
      keys: ["sweep.key", "sweep.values"],
      problem: "'key' and 'values' in 'sweep' go together: give both, or neither")
  }

  private var sliceConflict: Conflict? {
    guard data.slice != nil, data.plane == nil else { return nil }
    return Conflict(keys: ["data.slice"], problem: "'slice' in 'data' needs 'plane' beside it")
  }
}
