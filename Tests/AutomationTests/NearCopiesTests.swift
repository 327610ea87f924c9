import Automation
import Datasets
import Experiments
import Foundation
import Judgement
import Recipes
import Samplers
import Testing

/// Images to give away hold no near copy of a training image.
@Suite struct NearCopiesTests {
  /// Discs of many places and sizes: posterior draws of a model that learned them well lie close to some of them.
  private let cohort = TinyCohort(counts: [24, 24], seed: 5) { label, random in
    let (row, column) = (4 + 8 * random.uniform(), 4 + 8 * random.uniform())
    let radius = (label == 0 ? 1.5 : 3) + 1.5 * random.uniform()
    return { 0.2 + 0.6 / (1 + exp(2 * (hypot(Double($0) - row, Double($1) - column) - radius))) }
  }

  @Test func nearCopiesAreDrawnAnew() throws {
    try withTemporaryFolder { folder in
      let source = folder.appending(path: "data", directoryHint: .isDirectory)
      try cohort.write(to: source)
      var recipe = Recipe()
      recipe.threads = 2
      recipe.data.path = source.path
      recipe.out = folder.appending(path: "run").path
      recipe.generator.length = .steps(300)
      recipe.synthetic.render = .decode
      recipe.evaluation.syntheticPerClass = 60
      let data = try Experiment(recipe, progress: .silent).imagesForTrials()
      let models = try MethodTrial.models(recipe, data: data, in: folder.appending(path: "models"))
      func draw() throws -> (MethodTrial.Drawn, PrivacyAudit) {
        let drawn = try MethodTrial.draw(
          recipe, .posterior, data: data, models: models, from: MethodTrial.Source(data))
        return (drawn, MethodTrial.audit(drawn, data: data))
      }
      let (kept, before) = try draw()
      recipe.synthetic.nearCopies = .redraw
      let (redrawn, after) = try draw()
      // Without the setting there are some, so that the check can fail.
      #expect(!before.copies.isEmpty && before.copies.count < 60 && kept.redrawnShare == 0)
      #expect(after.copies.isEmpty && redrawn.redrawnShare * 120 >= Double(before.copies.count))
      #expect(after.classes.map(\.synthetic) == [60, 60])
      // So many tell of a model that knows training images by heart, even if none is left.
      let reason = try #require(TrialRunner.disclosure(redrawn, data))
      #expect(reason.hasSuffix("% of its images came out as copies of training images, or nearly"))
      // What came out well the first time stays.
      let bad = Set(before.copies.map(\.synthetic))
      let same = before.nearest.filter { !bad.contains($0.synthetic) }
      #expect(!same.isEmpty && same.allSatisfy { after.nearest.contains($0) })
    }
  }
}
