import Classification

/// The table of all settings: one line makes a key that recipes, `--set`, the explanation and the file of a run know.
package struct SettingsTable: Sendable {
  package let sections: [RecipeSection]
  package let settings: [Setting]
  private let settingsByKey: [String: Setting]

  /// - Parameter sections: in the order in which a recipe is written; no key comes twice.
  package init(_ sections: [RecipeSection]) {
    self.sections = sections
    settings = sections.flatMap(\.settings)
    settingsByKey = Dictionary(uniqueKeysWithValues: settings.map { ($0.key, $0) })
  }

  package subscript(key: String) -> Setting? { settingsByKey[key] }

  /// The table of Manikin.
  package static let standard = SettingsTable(
    [Recipe.top] + DataSettings.sections + [
      PreprocessingSettings.section, GeneratorSettings.section, MetricSettings.section, SamplerSettings.section,
      SyntheticSettings.section, ClassifierConfiguration.section, EvaluationSettings.section,
      FidelitySettings.section, InterpolationSettings.section, SweepSettings.section, GridSettings.section,
      CompareSettings.section,
    ])

  /// The table that is in use: another one in a test.
  @TaskLocal package static var current = standard
}
