import Generators
import Randomness
import Recipes

/// The settings that a comparison tries of a model: the recipe's own first, then those of the paper's ranges in an order
/// that the seed draws, so that a longer search begins as a shorter one does.
///
/// Source: paper, Appendix C.4 (wae, rae, vamp and flows) and Appendix G (iwae, aae, vaegan). The paper does not say how
/// long its flows are; nor does it vary ae, vae, hvae, rhvae and two-stage, which have the recipe's settings alone.
package struct SettingSearch: Sendable {
  package struct Candidate: Sendable, Equatable {
    /// Such as "bandwidth 0.5, discrepancy-weight 10"; "the recipe's" for a model of which nothing is varied.
    package let name: String
    package let settings: ModelSettings
  }

  /// What is varied of a model: the name of a key in `generator`, and its values.
  private struct Axis: Sendable {
    let key: String
    let values: [Double]

    init(_ key: String, _ values: [Double]) { (self.key, self.values) = (key, values) }

    /// As it is written in a recipe.
    func text(in settings: ModelSettings) -> String {
      var recipe = Recipe()
      recipe.generator.settings = settings
      return setting.value(in: recipe)!.plain
    }

    /// These settings with this value.
    func changing(_ settings: ModelSettings, to value: Double) -> ModelSettings {
      var recipe = Recipe()
      recipe.generator.settings = settings
      if case .integer = setting.kind {
        setting.write(&recipe, .integer(Int(value)))
      } else {
        setting.write(&recipe, .number(value))
      }
      return recipe.generator.settings
    }

    private var setting: Setting { Recipe.setting("generator.\(key)")! }
  }

  private static let regularisations = [1e-6, 1e-4, 1e-3, 0.01, 0.1, 1]
  private static let embedding = Axis("embedding-weight", regularisations)

  private static func axes(of kind: ModelKind) -> [Axis] {
    switch kind {
    case .wae:
      [
        Axis("bandwidth", [0.01, 0.1, 0.5, 1, 2, 5]),
        Axis("discrepancy-weight", [0.01, 0.1, 1, 10, 100]),
      ]
    case .rae, .raeSN: [embedding]
    case .raeL2: [embedding, Axis("decoder-weight", regularisations)]
    case .raeGP: [embedding, Axis("gradient-weight", regularisations)]
    case .vamp: [Axis("pseudo-inputs", [10, 20, 30, 50, 100, 150, 200, 250, 300, 500])]
    case .iwae: [Axis("importance-samples", [2, 3, 4, 5, 6, 7, 8, 9, 10, 12])]
    case .vaeNF: [Axis("flow-length", [2, 4, 6, 8, 10, 12, 16, 20, 24, 30])]
    case .vaeIAF: [Axis("flow-length", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])]
    case .aae:
      [Axis("adversarial-weight", [0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999])]
    case .vaegan:
      [
        Axis("reconstruction-layer", [2, 3, 4]),
        Axis("adversarial-weight", [0.3, 0.5, 0.7, 0.8, 0.9, 0.99, 0.999]),
      ]
    case .ae, .vae, .hvae, .rhvae, .twoStage: []
    }
  }

  /// The keys in `generator` that are varied of a model.
  package static func keys(of kind: ModelKind) -> [String] { axes(of: kind).map(\.key) }

  /// Every setting that there is to try of a model, the recipe's own first.
  ///
  /// - Parameters:
  ///   - own: the recipe's settings, which hold where nothing is varied.
  ///   - count: so many at most.
  package static func candidates(of kind: ModelKind, own: ModelSettings, count: Int, seed: Int) -> [Candidate] {
    let axes = axes(of: kind)
    func candidate(_ settings: ModelSettings) -> Candidate {
      Candidate(
        name: axes.isEmpty
          ? "the recipe's"
          : axes.map { "\($0.key) \($0.text(in: settings))" }.joined(separator: ", "),
        settings: settings)
    }
    var grid = [own]
    for axis in axes {
      grid = grid.flatMap { settings in
        axis.values.map { axis.changing(settings, to: $0) }
      }
    }
    var stream = RandomStream(seed: UInt64(seed), purpose: "settings/\(kind.rawValue)")
    let drawn = stream.permutation(grid.count).map { grid[$0] }.filter { $0 != own }
    return ([own] + drawn).prefix(count).map(candidate)
  }
}
