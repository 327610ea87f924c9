import Generators
import ImageFiles
import Recipes
import Samplers
import Testing
import Training

@Suite struct MemoryPlanTests {
  private func plan(_ change: (inout Recipe) -> Void = { _ in }) throws -> MemoryPlan {
    var recipe = Recipe()
    recipe.threads = 2
    change(&recipe)
    return try MemoryPlan(
      recipe, size: ImageSize(height: 208, width: 176), images: 400, largestClass: 240, classes: 2)
  }

  @Test func moreImagesAtOnceTakeMore() throws {
    let small = try plan { $0.generator.imagesAtOnce = 5 }
    let large = try plan()
    #expect(small.model < large.model && small.peak <= large.peak)
    #expect(try plan { $0.threads = 1 }.peak < large.peak)
    #expect(try plan { $0.evaluation.runs = 0 }.classifier == 0)
    #expect(large.sentence.hasPrefix("Memory: about "))
  }

  /// What the refusal says to set makes it fit.
  @Test func aRefusalNamesWhatWouldFit() throws {
    let oasis: (inout Recipe) -> Void = {
      $0.generator.architecture = .oasis
      $0.generator.batchSize = 100
      $0.evaluation.runs = 0
    }
    let large = try plan(oasis)
    try large.require(available: large.peak)
    let available = 1200 << 20
    #expect(large.peak > available)
    let message = try #require(throws: ExperimentsError.self) { try large.require(available: available) }.description
    let fitting = try #require(message.firstMatch(of: /'images-at-once' in 'generator' to (\d+)/).flatMap { Int($0.1) })
    let smaller = try plan {
      oasis(&$0)
      $0.generator.imagesAtOnce = fitting
    }
    try smaller.require(available: available)
    #expect(throws: ExperimentsError.self) {
      try plan {
        oasis(&$0)
        $0.generator.imagesAtOnce = fitting + 8
      }.require(available: available)
    }
  }

  /// Where the drawn images alone are too much, no other setting would help.
  @Test func tooManySyntheticImagesAreNamed() throws {
    let large = try plan { $0.evaluation.syntheticPerClass = 1_000_000 }
    let message = try #require(throws: ExperimentsError.self) { try large.require(available: 8 << 30) }.description
    #expect(message.contains("a smaller 'synthetic-per-class' in 'evaluation'") && !message.contains("architecture"))
    try plan { $0.evaluation.syntheticPerClass = 1000 }.require(available: 8 << 30)
  }

  @Test func aClassifierThatDoesNotFitIsNamed() throws {
    let large = try plan()
    #expect(large.classifier > large.model)
    let message = try #require(throws: ExperimentsError.self) {
      try large.require(available: large.base + large.classifier)
    }.description
    #expect(message.contains("'threads' to 1") && message.contains("'classifier'"), "\(message)")
  }

  /// 400 images and the synthetic ones take three times as much in colour, and the first layers more.
  @Test func coloursTakeMore() throws {
    func plan(_ channels: Int, runs: Int) throws -> MemoryPlan {
      var recipe = Recipe()
      recipe.evaluation.runs = runs
      return try MemoryPlan(
        recipe, size: ImageSize(height: 208, width: 176), channels: channels, images: 400, largestClass: 240, classes: 2
      )
    }
    let (grey, colour) = (try plan(1, runs: 0), try plan(3, runs: 0))
    #expect(colour.base - MemoryPlan.program == 3 * (grey.base - MemoryPlan.program) && colour.model > grey.model)
    #expect(try plan(3, runs: 1).classifier > plan(1, runs: 1).classifier)
  }

  /// 100,000 slices in a file take what is known of each beside its pixels; registration keeps their shapes, not them.
  @Test func imagesInAFileTakeNoMemory() throws {
    func plan(_ images: Int, limit: Int = 1 << 30, _ methods: [EvaluationMethod] = [.original]) throws -> MemoryPlan {
      var recipe = Recipe()
      recipe.evaluation.methods = methods
      return try MemoryPlan(
        recipe, size: ImageSize(height: 208, width: 176), images: images, largestClass: images / 2, classes: 2,
        pixelLimit: limit)
    }
    let (image, many) = (4 * 208 * 176, 100_000)
    let (file, memory) = (try plan(many), try plan(many, limit: .max))
    #expect(file.readsFromFile && !memory.readsFromFile)
    #expect(file.base < 500_000_000 && memory.base > image * many && memory.peak - file.peak > 14_000_000_000)
    #expect(file.sentence.contains("temporary file") && !memory.sentence.contains("temporary file"))
    // Twice 18 x 15 points of two velocities of 4 bytes.
    let shapes = try plan(many, [.drawn(.deformation)]).base - plan(many, [.drawn(.posterior)]).base
    #expect(shapes >= many * 2 * 18 * 15 * 2 * 4 && shapes < many * 4500, "\(shapes)")
    // Exactly at the limit they stay in memory.
    #expect(try !plan(1000, limit: image * 1000).readsFromFile && plan(1000, limit: image * 1000 - 1).readsFromFile)
  }

  @Test func theMachineHasMemory() { #expect(MemoryPlan.available > 1 << 20) }
}
