import Classification
import Foundation

/// A whole experiment: where the data come from, how models are trained, sampled and judged.
///
/// `Recipe()` holds every default. A recipe file (`Recipe(contentsOf:)`) fills it, options override it
/// (`overriding(_:)`), and the resolved copy (`yaml()`) lies beside every output.
public struct Recipe: Sendable, Equatable {
  /// What the experiment is called; part of file names.
  public var name = "experiment"
  /// Whatever is random follows from it.
  public var seed = 0
  /// Threads to use; nil: as many as there are cores.
  public var threads: Int?
  /// Where a run's folder goes; nil: `manikin-runs/NAME` in the current folder.
  public var out: String?
  public var data = DataSettings()
  public var preprocessing = PreprocessingSettings()
  public var generator = GeneratorSettings()
  public var metric = MetricSettings()
  public var sampler = SamplerSettings()
  public var synthetic = SyntheticSettings()
  public var classifier = ClassifierConfiguration()
  public var evaluation = EvaluationSettings()
  public var fidelity = FidelitySettings()
  public var interpolation = InterpolationSettings()
  public var sweep = SweepSettings()
  public var grid = GridSettings()
  public var compare = CompareSettings()

  public init() {}

  /// The folder of this recipe's run.
  public var runFolder: URL {
    URL(filePath: out ?? "manikin-runs/\(name)", directoryHint: .isDirectory)
  }

  static let top = RecipeSection(
    name: "", meaning: "",
    settings: [
      .text("name", \.name, as: .name, "What the experiment is called. A recipe without a name has that of its file."),
      .integer("seed", \.seed, 0...Int.max, "Everything random follows from it: the same seed gives the same bytes."),
      .integer(
        "threads", \.threads, 1...1024, or: "auto", "How many threads to use; auto takes one for each core."),
      .text(
        "out", \.out, as: .path, "The folder of the run. Without it, manikin-runs/NAME in the current folder.",
        isRecorded: false),
    ])

  /// Every section with its settings, in the order in which a recipe is written.
  public static var sections: [RecipeSection] { SettingsTable.current.sections }

  /// Every setting, in the order in which a recipe is written.
  public static var settings: [Setting] { SettingsTable.current.settings }

  /// The setting with this full key, such as `generator.epochs`.
  public static func setting(_ key: String) -> Setting? { SettingsTable.current[key] }
}
