import Comparisons
import Foundation
import Generators
import ImageFiles
import Phantoms
import Recipes
import Samplers
import Tensors
import Testing

@Suite struct ComparisonTests {
  private func record(
    _ model: ModelKind, setting: Int = 1, seed: Int = 1, size: String = "all",
    _ scores: [SyntheticMethod: (validation: Double, test: Double)], failures: [String: String] = [:]
  ) -> ComparisonRecord {
    var record = ComparisonRecord(
      size: size, trainingImages: 100, model: model, setting: setting, settingName: "setting \(setting)", seed: seed,
      failures: failures)
    for (method, found) in scores {
      for (side, distance) in [(ComparisonRecord.Side.validation, found.validation), (.test, found.test)] {
        record.entries.append(
          .init(
            method: method.rawValue, side: side, images: 50,
            score: ComparisonScore(frechetDistance: distance, recall: 0.98, precision: 0.97)))
      }
    }
    return record
  }

  private func table(
    _ records: [ComparisonRecord], _ models: [ModelKind], _ methods: [SyntheticMethod]
  ) -> ModelRanking {
    ModelRanking(records, models: models, methods: methods, features: "some features", isInception: false)
  }

  /// Setting 2 is the best on validation images and the worst on test images: it is the one reported.
  @Test func validationImagesChooseTheSetting() throws {
    let records = [
      record(.wae, setting: 1, [.prior: (3, 1), .gmm: (1, 5)]),
      record(.wae, setting: 2, [.prior: (2, 9), .gmm: (2, 4)]),
      record(.wae, setting: 3, [.prior: (4, 2), .gmm: (3, 3)]),
    ]
    let lines = table(records, [.wae], [.prior, .gmm]).lines
    let prior = try #require(lines.first { $0.method == .prior })
    #expect(prior.setting == 2 && prior.distance.mean == 9 && prior.validationDistance == 2 && prior.settingsTried == 3)
    let mixture = try #require(lines.first { $0.method == .gmm })
    #expect(mixture.setting == 1 && mixture.distance.mean == 5)
    // A setting that failed with one of its seeds is none to choose.
    let failing = [
      record(.wae, setting: 1, seed: 1, [.prior: (3, 1)]), record(.wae, setting: 1, seed: 2, [.prior: (3, 1)]),
      record(.wae, setting: 2, seed: 1, [.prior: (1, 1)]), record(.wae, setting: 2, seed: 2, [:], failures: ["": "no"]),
    ]
    let rest = table(failing, [.wae], [.prior])
    #expect(rest.lines.map(\.setting) == [1])
    #expect(rest.failures == ["WAE - prior failed with a setting or a seed: no"])
  }

  /// 4, 5 and 6: mean 5, standard error 1 / sqrt(3), t(0.975; 2) = 4.302653. No distance lies below 0.
  @Test func intervalsAreStudents() throws {
    let near = (1...3).map { record(.vae, seed: $0, [.prior: (1, Double($0))]) }
    #expect(table(near, [.vae], [.prior]).lines.first?.distance.interval?.lower == 0)
    let records = (4...6).map { record(.vae, seed: $0, [.prior: (1, Double($0))]) }
    let found = table(records, [.vae], [.prior])
    let line = try #require(found.lines.first)
    let interval = try #require(line.distance.interval)
    let reach = 4.302652729911275 / 3.0.squareRoot()
    #expect(line.distance.mean == 5)
    #expect(abs(interval.lower - (5 - reach)) < 1e-9 && abs(interval.upper - (5 + reach)) < 1e-9)
    #expect(found.text.contains("2.52 to 7.48") && found.legend.contains("means over 3 seeds"), "\(found.text)")
    let one = table([records[0]], [.vae], [.prior])
    #expect(one.lines[0].distance.interval == nil && one.legend.contains("one seed: no interval"))
  }

  @Test func tableIsInThePapersOrder() {
    let models: [ModelKind] = [.rae, .vae, .wae, .ae, .vamp, .raeGP]
    let methods: [SyntheticMethod] = [.manifold, .vamp, .gmm, .prior]
    let records = models.map { model in
      record(model, [.manifold: (1, 0.1), .vamp: (1, 4), .gmm: (2, 2), .prior: (3, 3)])
    }
    let found = table(records, models, methods)
    #expect(
      found.shown.map { "\($0.model.rawValue) \($0.method.rawValue)" } == [
        "ae prior", "wae prior", "rae-gp prior", "rae prior", "vae prior", "vamp prior", "vamp vamp", "ae gmm",
        "wae gmm", "rae-gp gmm", "rae gmm", "vae gmm", "vamp gmm", "vae manifold", "vamp manifold",
      ])
    #expect(found.text.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(found.text)")
    #expect(found.text.contains("0.98/0.97"))
    // What cannot be drawn is said with its reason, once for each method.
    let gaps = found.gaps ?? ""
    #expect(gaps.contains("manifold needs posterior variances of codes, which ae, wae, rae-gp, rae lack"), "\(gaps)")
    #expect(gaps.contains("vamp draws from what vamp alone learns"), "\(gaps)")
    #expect(found.refused.count == 4 + 5 && found.refused.allSatisfy { $0.reason.contains("the method") })
    #expect(found.findings.contains { $0.contains("holds for VAE: manifold 0.100, gmm 2.00, prior 3.00") })
  }

  @Test func orderIsComparedWithThePapers() throws {
    func records(_ distances: [(ModelKind, SyntheticMethod, Double)]) -> [ComparisonRecord] {
      distances.map { record($0.0, [$0.1: ($0.2, $0.2)]) }
    }
    // Each model has one method here, so that every record is one line.
    let same: [(ModelKind, SyntheticMethod, Double)] = [
      (.wae, .prior, 2), (.hvae, .prior, 1.5), (.rhvae, .prior, 3.6), (.ae, .prior, 4.6), (.vae, .prior, 4),
    ]
    let models = same.map(\.0)
    let found = table(records(same), models, [.prior])
    #expect(try #require(found.publishedCorrelation).value == 1)
    #expect(try #require(found.publishedCorrelation).rows == 5)
    let reversed = table(records(same.map { ($0.0, $0.1, 10 - $0.2) }), models, [.prior])
    #expect(try #require(reversed.publishedCorrelation).value == -1)
    #expect(table(records(Array(same.prefix(3))), models, [.prior]).publishedCorrelation == nil)
    #expect(RankCorrelation.spearman([1, 2, 2, 4], [1, 2, 3, 4]).map { abs($0 - 0.9486832980505138) < 1e-12 } == true)
    #expect(RankCorrelation.spearman([1, 1], [1, 2]) == nil)
    #expect(PublishedResults.mnist(.vae, .manifold) == 8.53 && PublishedResults.mnist(.ae, .gmm) == 9.60)
    #expect(Set(PublishedResults.mnist.map { "\($0.model) \($0.method)" }).count == PublishedResults.mnist.count)
    #expect(PublishedResults.mnist.allSatisfy { $0.method.refusal(of: $0.model) == nil })
  }

  /// Every varied key is a key of the recipe, and of the model by its help; values lie in what the key takes.
  @Test(arguments: ModelKind.allCases) func settingsAreTheModelsOwn(kind: ModelKind) throws {
    let keys = SettingSearch.keys(of: kind)
    for key in keys {
      let setting = try #require(Recipe.setting("generator.\(key)"))
      let families = [kind.rawValue] + (kind.rawValue.hasPrefix("rae") ? ["rae and its variants"] : [])
      #expect(families.contains { setting.meaning.contains($0) }, "\(kind.rawValue): \(setting.meaning)")
    }
    let own = ModelSettings()
    let all = SettingSearch.candidates(of: kind, own: own, count: 1000, seed: 3)
    #expect(all[0].settings == own)
    #expect(Set(all.map(\.name)).count == all.count)
    let counts: [ModelKind: Int] = [
      .wae: 30, .rae: 6, .raeSN: 6, .raeL2: 36, .raeGP: 36, .vamp: 10, .iwae: 10, .vaeNF: 10, .vaeIAF: 10, .aae: 10,
      .vaegan: 21,
    ]
    // The defaults are among the paper's values.
    #expect(all.count == (counts[kind] ?? 1))
    #expect(keys.isEmpty == (all.count == 1))
    let few = SettingSearch.candidates(of: kind, own: own, count: 3, seed: 3)
    #expect(few == Array(all.prefix(3)))
    for candidate in all {
      var recipe = Recipe()
      recipe.generator.model = kind
      recipe.generator.settings = candidate.settings
      for key in keys {
        let value = try #require(Recipe.setting("generator.\(key)")?.value(in: recipe))
        #expect(throws: Never.self) { try recipe.setting("generator.\(key)", to: value.plain) }
        #expect(candidate.name.contains(key))
      }
    }
  }

  @Test func aSetIsNoDistanceFromItself() throws {
    let shapes = try Shapes(count: 40, size: 32, seed: 5)
    let images = Tensor([40, 32, 32, 1], values: (0..<40).flatMap { shapes.slice($0).pixels })
    let others = Tensor([40, 32, 32, 1], values: (0..<40).flatMap { shapes.slice($0).pixels.map { 1 - $0 / 2 } })
    let scale = ComparisonScale(size: ImageSize(height: 32, width: 32), channels: 1)
    let reference = try scale.reference(images)
    let same = try scale.score(scale.features(images), against: reference, seed: 0)
    #expect(same.frechetDistance < 1e-4 && same.recall > 0.999 && same.precision > 0.999)
    let other = try scale.score(scale.features(others), against: reference, seed: 0)
    #expect(other.frechetDistance > 10 && other.recall < 0.5)
    // An oracle, whose images are the test images, is first.
    func record(_ model: ModelKind, _ score: ComparisonScore) -> ComparisonRecord {
      ComparisonRecord(
        size: "all", trainingImages: 40, model: model, setting: 1, settingName: "", seed: 1,
        entries: ComparisonRecord.Side.allCases.map { .init(method: "prior", side: $0, images: 40, score: score) })
    }
    let found = table([record(.ae, other), record(.vae, same)], [.ae, .vae], [.prior])
    #expect(found.headline == "VAE - prior comes nearest to the test images")
  }

  @Test(arguments: [
    ("sizes: [5000, 1000]", "ascending"), ("sizes: [all, 1000]", "ascending"), ("sizes: [many]", "ascending"),
    ("sizes: [1]", "2 or more"), ("methods: [transfer]", "moves images between classes"),
    ("methods: [gmn]", "must be"), ("models: [vqvae]", "must be"), ("seeds: 0", "must be"), ("setting: 3", "settings"),
  ])
  func badKeysAreRefused(text: String, problem: String) {
    let error = #expect(throws: ExperimentsError.self) {
      try Recipe(yaml: "compare:\n  \(text)\n", file: "a.yaml", folder: URL(filePath: "/tmp"))
    }
    #expect("\(error!)".contains(problem) && "\(error!)".contains("a.yaml"), "\(error!)")
  }

  @Test func recipesOfThePapersTables() throws {
    let recipes = URL(filePath: #filePath).appending(path: "../../../Recipes").standardizedFileURL
    func recipe(_ name: String) throws -> Recipe {
      try Recipe(contentsOf: recipes.appending(path: "\(name).yaml"))
    }
    for name in ["table-1", "table-3", "table-6", "table-7", "figure-4"] {
      let found = try recipe(name)
      #expect(found.data.source == nil && found.generator.architecture == .mnist && found.generator.epochs == 100)
      #expect(found.generator.batchSize == 100 && found.generator.plateauPatience == 5)
    }
    #expect(try recipe("table-3").compare.settings == 10 && recipe("table-6").compare.settings == 10)
    #expect(try recipe("figure-4").compare.sizes == ["1000", "5000", "10000", "all"])
    #expect(try recipe("table-1").compare.models.count == 10)
  }
}
