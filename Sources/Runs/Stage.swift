import Recipes

/// A part of a run that is done once, such as training the model of one class.
public struct Stage: Sendable, Equatable {
  /// What the stage makes, such as `models/AD`.
  public let name: String
  /// What it depends on, by name: a digest of settings, of data, of another stage.
  public let inputs: [String: String]

  /// A stage that depends on settings of a recipe.
  ///
  /// - Parameters:
  ///   - name: what it makes, such as `models/AD`.
  ///   - recipe: whose settings it depends on.
  ///   - sections: the sections of the recipe that the stage depends on; the seed always counts.
  ///   - inputs: whatever else it depends on, as digests.
  public init(_ name: String, recipe: Recipe, sections: [String], inputs: [String: String] = [:]) {
    self.name = name
    self.inputs = inputs.merging(["recipe": recipe.digest(sections: sections)]) { given, _ in given }
  }

  init(name: String, inputs: [String: String]) {
    self.name = name
    self.inputs = inputs
  }

  /// The same digest means the same inputs.
  public var digest: String {
    Checksum.of(
      inputs.sorted { $0.key < $1.key }.map { "\($0.key.utf8.count) \($0.key) \($0.value.utf8.count) \($0.value)\n" }
        .joined())
  }
}

extension Recipe {
  /// What says only where things are, how many workers there are, or how often something is repeated: the outcome of one
  /// stage does not depend on it.
  package static let placeKeys: Set<String> = [
    "name", "threads", "out", "data.path", "data.labels", "data.covariates", "evaluation.runs", "evaluation.splits",
    "fidelity.inception-weights", "synthetic.format", "synthetic.bits", "synthetic.with-real",
  ]

  /// A digest of the seed and of the settings in some sections, without what says only where things are: data are told
  /// apart by a digest of their own.
  public func digest(sections: [String]) -> String {
    let settings = Recipe.settings.filter { setting in
      let section = setting.key.split(separator: ".").dropLast().first.map(String.init)
      return !Recipe.placeKeys.contains(setting.key) && (section.map(sections.contains) ?? true)
    }
    return Checksum.of(
      settings.compactMap { setting in setting.value(in: self).map { "\(setting.key): \($0.yaml)\n" } }.joined())
  }

  /// How another recipe differs, as "generator.epochs is 10 there and 20 here; ..." with at most three settings; nil when
  /// it differs in no setting but those given.
  func difference(from other: Recipe, ignoring ignored: Set<String>) -> String? {
    let differences = Recipe.settings.filter { !ignored.contains($0.key) && $0.value(in: self) != $0.value(in: other) }
    guard !differences.isEmpty else { return nil }
    let texts = differences.prefix(3).map { setting in
      "\(setting.key) is \(setting.value(in: other)?.plain ?? "absent") there and "
        + "\(setting.value(in: self)?.plain ?? "absent") here"
    }
    return texts.joined(separator: ", ") + (differences.count > 3 ? ", and \(differences.count - 3) more" : "")
  }
}
