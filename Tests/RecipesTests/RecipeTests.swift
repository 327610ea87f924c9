import Comparisons
import Experiments
import Foundation
import Generators
import Recipes
import Runs
import Samplers
import TestFiles
import Testing

@Suite struct RecipeTests {
  private func read(_ yaml: String, folder: String = "/data") throws -> Recipe {
    try Recipe(yaml: yaml, file: "r.yaml", folder: URL(filePath: folder, directoryHint: .isDirectory))
  }

  @Test(arguments: examples) func resolvedRecipeReadsBackTheSame(recipe: Recipe) throws {
    #expect(try read(recipe.yaml()) == recipe)
    #expect(try read(recipe.yaml(explained: true)) == recipe)
    #expect(try read(recipe.yaml()).yaml() == recipe.yaml())
  }

  @Test(arguments: examples) func jsonReadsBackTheSame(recipe: Recipe) throws {
    let data = try JSONEncoder().encode(recipe)
    #expect(try JSONDecoder().decode(Recipe.self, from: data) == recipe)
    let object = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    let generator = try #require(object["generator"] as? [String: Any])
    #expect(generator["latent-dimensions"] as? Int == recipe.generator.latentDimensions)
    #expect((object["data"] as? [String: Any])?["phantom"] == nil || recipe.data.phantom != nil)
  }

  @Test func jsonIsReadStrictly() {
    let json = Data(#"{"generator": {"epoch": 3}}"#.utf8)
    let error = #expect(throws: ExperimentsError.self) { try JSONDecoder().decode(Recipe.self, from: json) }
    #expect(error?.description.hasPrefix("unknown key 'epoch' in 'generator'; did you mean 'epochs'?") == true)
  }

  /// One more line in the table is one more key of recipes, `--set`, the explanation, the written recipe and the JSON of a run.
  @Test func aNewKeyIsOneLine() throws {
    func isKnown() -> [Bool] {
      let given = Recipe.Override(key: "classifier.patience-of-test", text: "7", option: "--set")
      let json = Data(#"{"classifier": {"patience-of-test": 7}}"#.utf8)
      let recipes = [
        try? read("classifier:\n  patience-of-test: 7\n"), try? Recipe().overriding([given]),
        try? JSONDecoder().decode(Recipe.self, from: json),
      ]
      return recipes.map { $0?.classifier.plateauPatience == 7 } + [
        Recipe.explanation.contains("Steps of the test."), Recipe().yaml().contains("patience-of-test: "),
        Recipe.setting("classifier.patience-of-test") != nil,
      ]
    }
    #expect(isKnown() == Array(repeating: false, count: 6))
    // It stands for another key's value, in its place.
    let sections = SettingsTable.standard.sections.map { section -> RecipeSection in
      guard section.name == "classifier" else { return section }
      return RecipeSection(
        name: section.name, meaning: section.meaning,
        settings: section.settings.filter { $0.key != "classifier.plateau-patience" } + [
          .integer("classifier.patience-of-test", \.classifier.plateauPatience, 1...9, "Steps of the test.")
        ])
    }
    SettingsTable.$current.withValue(SettingsTable(sections)) {
      #expect(isKnown() == Array(repeating: true, count: 6))
    }
  }

  /// The example above changes every setting that the table has, so that none can be left out of reading or writing.
  @Test func examplesCoverEverySetting() {
    let others = [Self.changed(.folder("/data/x")), Self.changed(.phantom(Self.phantom)), Self.shapes]
    for setting in Recipe.settings where setting.isRecorded && setting.key != "generator.architecture" {
      let isCovered = others.contains { other in
        setting.value(in: other).map { $0 != setting.value(in: Recipe()) } ?? false
      }
      #expect(isCovered || setting.key == "generator.steps", "\(setting.key)")
    }
  }

  @Test func keysLeftOutKeepTheirDefaults() throws {
    let recipe = try read("generator:\n  epochs: 10\nsampler:\n")
    var expected = Recipe()
    expected.generator.length = .epochs(10)
    #expect(recipe == expected)
  }

  @Test func emptyPhantomIsThePhantomItself() throws {
    for yaml in ["data:\n  phantom:\n", "data:\n  phantom: {}\n", "data: {phantom: ~}\n"] {
      #expect(try read(yaml).data.source == .phantom(PhantomSettings()))
    }
    #expect(try read("data:\n  phantom:\n    subjects: 99\n    minority: 9\n").data.phantom?.subjects == 99)
  }

  @Test func emptyShapesAreShapes() throws {
    let recipe = try read("data:\n  shapes:\nevaluation:\n  runs: 0\n")
    #expect(recipe.data.source == .shapes(ShapesSettings()) && recipe.evaluation.runs == 0)
  }

  @Test func pathsInARecipeAreRelativeToItsFolder() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "scan.yaml")
      try Data("data:\n  path: ../images\n  labels: /tables/a.csv\nout: results\n".utf8).write(to: file)
      let recipe = try Recipe(contentsOf: file)
      #expect(recipe.data.path == folder.deletingLastPathComponent().standardizedFileURL.path + "/images")
      #expect(recipe.data.labels == "/tables/a.csv")
      #expect(recipe.runFolder.path == folder.standardizedFileURL.path + "/results")
      #expect(recipe.name == "scan", "a recipe without a name has that of its file")
      #expect(!recipe.yaml().contains("results"), "the resolved recipe does not say where it lies")
    }
    #expect(try read("data: {path: ~/images}").data.path == NSHomeDirectory() + "/images")
    #expect(Recipe().runFolder.relativePath == "manikin-runs/experiment")
  }

  @Test func windowsLineEndsAndAByteOrderMarkAreRead() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "r.yaml")
      try Data("\u{FEFF}name: a\r\ngenerator:\r\n  epochs: 5\r\n".utf8).write(to: file)
      #expect(try Recipe(contentsOf: file).generator.epochs == 5)
    }
  }

  @Test func optionsOverride() throws {
    let recipe = try Recipe().setting("generator.epochs", to: "10").setting("evaluation.methods", to: "manifold, prior")
      .setting("data.path", to: "images").setting("metric.centroids", to: "12").setting("metric.centroids", to: "all")
      .setting("data.slice", to: "90")
    #expect(recipe.generator.length == .epochs(10))
    #expect(recipe.evaluation.methods == [.drawn(.manifold), .drawn(.prior)])
    #expect(recipe.data.path == FileManager.default.currentDirectoryPath + "/images")
    #expect(recipe.metric.centroids == nil)
    #expect(recipe.data.slice == .index(90))
    #expect(throws: ExperimentsError.settings(problem: "'slice' in 'data' needs 'plane' beside it")) {
      try recipe.check()
    }
  }

  @Test(arguments: [
    (
      "synthetic.per-class", "-1",
      "--per-class: the value must be a whole number from 1 to 10000000, or 'balance', not '-1'"
    ),
    (
      "generator.epoch", "1",
      "--per-class: unknown key 'epoch' in 'generator'; did you mean 'epochs'? expected one of: "
    ),
    ("epochs", "1", "--per-class: unknown key 'epochs'; it belongs in 'generator' or 'classifier'; expected one of: "),
    ("no.such.key", "1", "--per-class: unknown key 'no.such.key'; expected one of: "),
    ("evaluation.methods", "magic", "--per-class: the value must be a list of original, "),
  ])
  func optionErrorsNameTheOption(key: String, text: String, sentence: String) {
    let error = #expect(throws: ExperimentsError.self) {
      try Recipe().setting(key, to: text, option: "--per-class")
    }
    #expect(error?.description.hasPrefix(sentence) == true, "\(error.debugDescription)")
  }

  @Test func overridesAreCheckedTogether() throws {
    let height = Recipe.Override(key: "preprocessing.height", text: "64", option: "--height")
    let width = Recipe.Override(key: "preprocessing.width", text: "56", option: "--width")
    #expect(try Recipe().overriding([height, width]).preprocessing.width == 56)
    #expect(throws: ExperimentsError.self) { try Recipe().overriding([height]) }
  }

  @Test func explanationHasEveryKeyWithin80Columns() {
    let text = Recipe.explanation
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.filter { $0.count > 80 } == [])
    for setting in Recipe.settings {
      #expect(lines.contains { $0.trimmingCharacters(in: .whitespaces) == setting.name }, "\(setting.key)")
      #expect(setting.meaning.hasSuffix("."), "\(setting.key)")
    }
    let template = Recipe().yaml(explained: true)
    #expect(template.split(separator: "\n").filter { $0.count > 80 } == [])
  }

  @Test(arguments: [
    ("my images", "my-images"), ("../x", "x"), ("...", "experiment"), ("Größe 2.nii", "Gr--e-2.nii"),
    ("a_b-1.2", "a_b-1.2"),
  ])
  func anyFolderGivesAName(text: String, name: String) throws {
    #expect(Recipe.name(from: text) == name)
    #expect(try Recipe().setting("name", to: name).name == name)
  }

  /// Every default must itself be a value that a recipe may give.
  @Test func defaultsAreWithinTheirRanges() throws {
    for setting in Recipe.settings {
      var recipe = Recipe()
      recipe.data.phantom = PhantomSettings()
      guard let value = setting.value(in: recipe) else { continue }
      #expect(throws: Never.self, "\(setting.key)") { try Recipe().setting(setting.key, to: value.plain) }
    }
  }

  @Test func automaticPrecisionIsByArchitecture() {
    for name in VAEArchitecture.Name.allCases {
      #expect(name.usualPrecision(multipliesBFloat16: false) == .float32)
      #expect(
        (name.usualPrecision(multipliesBFloat16: true) == .bfloat16)
          == [.oasis, .mnist, .cifar10, .celeba].contains(name))
    }
  }

  /// A run that was begun in one precision goes on in it, whatever the processor.
  @Test(arguments: [GeneratorPrecision.float32, .bfloat16])
  func aRunKeepsItsPrecision(_ precision: GeneratorPrecision) throws {
    let out = URL.temporaryDirectory.appending(path: "manikin-\(UUID().uuidString)", directoryHint: .isDirectory)
    defer { try? FileManager.default.removeItem(at: out) }
    var recipe = Recipe()
    recipe.data.path = out.path
    recipe.out = out.path
    recipe.generator.precision = precision
    _ = try RunFolder(out, recipe: recipe, versions: .current(manikin: "1", libraries: [:]))
    recipe.generator.precision = .auto
    #expect(try Experiment(recipe, progress: .silent).recipe.generator.precision == precision)
    #expect(try BenefitGrid(recipe, progress: .silent).recipe.generator.precision == precision)
    try FileManager.default.removeItem(at: out)
    let fresh = try Experiment(recipe, progress: .silent).recipe.generator.precision
    #expect(fresh == .float32)
  }
}
