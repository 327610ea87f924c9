import Automation
import Experiments
import Foundation
import ImageFiles
import Randomness
import Recipes

/// Class folders of 16 x 16 pictures that are made for a test.
struct TinyCohort {
  /// An image's grey values in [0, 1] by row and column, for a class (0 or 1) and the image's own random stream.
  typealias Painter = (_ label: Int, _ random: inout RandomStream) -> (_ row: Int, _ column: Int) -> Double

  var counts: [Int]
  var seed: UInt64
  var painter: Painter
  /// Whether classes are dealt to the images at random.
  var isShuffled = false

  func write(to folder: URL) throws {
    for (label, count) in counts.enumerated() {
      let target = folder.appending(path: label == 0 ? "few" : "many", directoryHint: .isDirectory)
      try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
      for index in 0..<count {
        var random = RandomStream(seed: seed, purpose: "tiny \(label)", index: index)
        let painted = isShuffled ? Int(random.next() % 2) : label
        let value = painter(painted, &random)
        let pixels = (0..<256).map { place -> UInt8 in
          UInt8(max(0, min(255, 255 * value(place / 16, place % 16) + 12 * random.normal())))
        }
        try ImageFile.writePNG(
          grey: pixels, width: 16, height: 16,
          to: target.appending(path: "sub-\(label)\(String(format: "%03d", index)).png"))
      }
    }
  }

  /// A bright square of 5 x 5 whose middle column is given, at any height.
  static func square(_ column: Int, _ random: inout RandomStream) -> (Int, Int) -> Double {
    let row = 4 + Int(random.next() % 8)
    return { abs($0 - row) <= 2 && abs($1 - column) <= 2 ? 0.8 : 0.2 }
  }

  /// Random grey, which knows no class.
  static func noise(_ label: Int, _ random: inout RandomStream) -> (Int, Int) -> Double {
    square(3 + Int(random.next() % 10), &random)
  }

  /// A disc of this radius in pixels about the middle, with soft edges.
  static func disc(_ radius: Double) -> (Int, Int) -> Double {
    { 0.15 + 0.7 / (1 + exp(3 * (hypot(Double($0) - 7.5, Double($1) - 7.5) - radius))) }
  }
}

/// Short trainings for tests.
extension Way {
  static func tiny(
    _ name: String, _ family: Family, _ method: EvaluationMethod, _ settings: [(String, String)] = []
  ) -> Way {
    Way(
      name, family, method,
      [
        Setting("classifier.epochs", "12"), Setting("classifier.batch-size", "16"),
        Setting("classifier.learning-rate", "0.003"), Setting("classifier.keep", "last"),
        Setting("evaluation.synthetic-per-class", "20"),
      ].filter { own in !settings.contains { $0.0 == own.key } } + settings.map { Setting($0.0, $0.1) }, "for a test")
  }

  static let tinyLinear = Way("linear", .linear, .linear, [], "linear")
  static let tinyReal = tiny("real", .real, .originalMatched)
}

/// What a procedure makes of a tiny cohort, without a limit of time.
func tinyRace(_ cohort: TinyCohort, _ ways: [Way], seed: Int = 0) throws -> (outcome: Race.Outcome, choice: Choice?) {
  try withTemporaryFolder { folder in
    let source = folder.appending(path: "data", directoryHint: .isDirectory)
    try cohort.write(to: source)
    var recipe = Recipe()
    (recipe.seed, recipe.threads) = (seed, 2)
    recipe.data.path = source.path
    recipe.out = folder.appending(path: "run").path
    let data = try Experiment(recipe, progress: .silent).imagesForTrials()
    let inner = data.sided(
      training: data.indices(in: .train), validation: data.indices(in: .validation), test: [])
    let procedure = Procedure(
      recipe: recipe, ways: ways, data: inner, store: TrialStore(nil), time: try TimeKeeper(budget: 1e9),
      scratch: folder,
      progress: .silent, title: "tiny")
    let found = try procedure.race(until: .infinity)
    return (found.outcome, found.choice)
  }
}

/// Runs `body` with a new empty folder, which is gone afterwards.
func withTemporaryFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(
    path: "manikin-\(UUID().uuidString)", directoryHint: .isDirectory)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}
