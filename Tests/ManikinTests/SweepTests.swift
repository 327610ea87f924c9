import Foundation
import Testing

@Suite struct SweepTests {
  private static let recipe = """
    seed: 4
    data:
      phantom: {subjects: 30, minority: 12, height: 32, width: 32}
    generator: {steps: 10}
    classifier: {epochs: 1}
    evaluation:
      splits: 2
      runs: 1
      methods: [original-resampled, smote]
      synthetic-per-class: 4
    sweep:
      key: data.minority
      values: [3, 6]

    """

  @Test func aSweepOverTheMinority() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "sweep.yaml")
      try Data(Self.recipe.utf8).write(to: file)
      let first = try Command.run(["run", "sweep.yaml", "--out", "run", "--quiet"], in: folder)
      try #require(first.code == 0, "\(first.errors)")
      #expect(first.output.contains("smote against original-resampled by real training subjects"))
      let run = folder.appending(path: "run", directoryHint: .isDirectory)
      let table = try String(contentsOf: run.appending(path: "sweep.csv"), encoding: .utf8)
      #expect(table.hasPrefix("data.minority,method,balanced_accuracy,lower,upper\n3,original-resampled,0."))
      #expect(table.split(separator: "\n").count == 5)
      let page = try String(contentsOf: run.appending(path: "report.html"), encoding: .utf8)
      #expect(page.contains("How much is enough") && page.contains("class=\"band"))

      /// The training images of a value's models, and its test images.
      func images(_ value: Int) throws -> (minority: Set<String>, majority: Set<String>, test: [String]) {
        let sets = try ["AD", "CN"].map { name -> Set<String> in
          let card = try JSONSerialization.jsonObject(
            with: Data(contentsOf: run.appending(path: "\(value)/splits/02/models/\(name)/model.json")))
          return Set(try #require((card as? [String: Any])?["trainingImages"] as? [String]))
        }
        let text = try String(contentsOf: run.appending(path: "\(value)/predictions.csv"), encoding: .utf8)
        return (sets[0], sets[1], text.split(separator: "\n").map { "\($0.split(separator: ",")[4])" })
      }
      let (few, more) = (try images(3), try images(6))
      #expect(few.minority.count == 3 && more.minority.count == 6 && few.minority.isSubset(of: more.minority))
      #expect(few.majority == more.majority && few.test == more.test)

      let longer = try Command.run(
        ["run", "sweep.yaml", "--out", "run", "--set", "sweep.values=3,6,7", "--json"], in: folder)
      #expect(longer.code == 0 && longer.errors.contains("Continuing the run"), "\(longer.errors)")
      let json = try JSONSerialization.jsonObject(with: Data(longer.output.utf8)) as? [String: Any]
      #expect((json?["points"] as? [Any])?.count == 3 && (json?["answer"] as? String)?.contains("at 7 it") == true)
    }
  }

  @Test(arguments: ["6,3", "3,3", "1,3", "three"])
  func impossibleValues(values: String) throws {
    try withTemporaryFolder { folder in
      try Data(Self.recipe.utf8).write(to: folder.appending(path: "sweep.yaml"))
      let refused = try Command.run(
        ["run", "sweep.yaml", "--out", "run", "--set", "sweep.values=\(values)"], in: folder)
      #expect(refused.code == 2 && refused.errorLines.count == 1, "\(refused.errors)")
      #expect(refused.errors.contains("sweep"))
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "run").path))
    }
  }
}
