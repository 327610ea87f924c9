import Foundation
import Testing

@Suite struct CommandLineTests {
  @Test(
    arguments: [
      [], ["inspect"], ["augment"], ["evaluate"], ["train"], ["generate"], ["run"], ["recipe"], ["phantom"],
      ["interpolate"], ["neighbours"], ["plan"], ["work"], ["gather"], ["status"],
      ["import"], ["import", "oasis"], ["import", "bids"], ["import", "volumes"], ["import", "images"],
    ])
  func helpIsAResult(command: [String]) throws {
    try withTemporaryFolder { folder in
      let outcome = try Command.run(command + ["--help"], in: folder)
      #expect(outcome.code == 0)
      #expect(outcome.output.contains("USAGE: manikin") && outcome.output.contains("Example: manikin"))
      #expect(outcome.errors == "")
    }
  }

  @Test func theVersionIsAResult() throws {
    try withTemporaryFolder { folder in
      let outcome = try Command.run(["--version"], in: folder)
      #expect(outcome.code == 0 && outcome.errors == "")
      #expect(outcome.output.contains(/^\d+\.\d+\.\d+/))
    }
  }

  @Test func anUnknownKeyIsNamedWithItsLine() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "recipe.yaml")
      try Data("name: trial\nmetric:\n  lamda: 0.1\n".utf8).write(to: file)
      for arguments in [
        ["recipe", "recipe.yaml"], ["run", "recipe.yaml", "--out", "run"],
        ["evaluate", ".", "--recipe", "recipe.yaml", "--out", "run"],
      ] {
        let outcome = try Command.run(arguments, in: folder)
        #expect(outcome.code == 2)
        #expect(outcome.output == "")
        #expect(outcome.errors.contains("recipe.yaml:3") && outcome.errors.contains("lamda"), "\(outcome.errors)")
        #expect(outcome.errorLines.count == 1, "\(outcome.errors)")
      }
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "run").path))
    }
  }

  @Test func aResolvedRecipeIsARecipe() throws {
    try withTemporaryFolder { folder in
      let first = try Command.run(["recipe"], in: folder)
      #expect(first.code == 0 && first.errors == "")
      try Data(first.output.utf8).write(to: folder.appending(path: "experiment.yaml"))
      let second = try Command.run(["recipe", "experiment.yaml"], in: folder)
      #expect(second.code == 0 && second.output == first.output, "\(second.errors)")
      #expect(try Command.run(["recipe", "--explain"], in: folder).output.contains("lambda"))
    }
  }

  @Test func aRecipeOfTheFolderRecipesGoesByItsName() throws {
    try withTemporaryFolder { folder in
      let recipes = folder.appending(path: "Recipes")
      // A run's folder may have the name of a recipe.
      for made in [recipes, folder.appending(path: "mine")] {
        try FileManager.default.createDirectory(at: made, withIntermediateDirectories: true)
      }
      try Data("seed: 271\n".utf8).write(to: recipes.appending(path: "mine.yaml"))
      let byPath = try Command.run(["recipe", "Recipes/mine.yaml"], in: folder)
      #expect(byPath.code == 0 && byPath.output.contains("271") && byPath.output.contains("name: mine"))
      for name in ["mine", "mine.yaml", "Recipes/mine"] {
        let outcome = try Command.run(["recipe", name], in: folder)
        #expect(outcome.code == 0 && outcome.output == byPath.output, "\(name): \(outcome.errors)")
      }
      #expect(try Command.run(["recipe", "--list"], in: folder).output == "mine\n")
      for name in ["other", "other/mine", "Recipes/other.yaml"] {
        let outcome = try Command.run(["recipe", name], in: folder)
        #expect(outcome.code != 0 && outcome.output == "" && outcome.errors.contains("'\(name)'"), "\(outcome.errors)")
      }
    }
  }

  @Test(
    arguments: [
      ["nonsense"], ["evaluate"], ["phantom", "made", "--size", "big"], ["phantom", "made", "--subjects", "1"],
      ["phantom", "made", "--subjects", "-5"], ["phantom", "made", "--subjects", "20", "--minority", "30"],
      ["evaluate", "data", "--out", "made", "--set", "metric.lambda"],
      ["evaluate", "data", "--out", "made", "--set", "metric.lamda=1"],
      ["evaluate", "data", "--out", "made", "--runs", "0"],
      ["evaluate", "data", "--out", "made", "--methods", "magic"],
      ["evaluate", "data", "--out", "made", "--size", "64"], ["train", "data", "--out", "made", "--epochs", "many"],
      ["augment", "data", "--out", "made", "--per-class", "-1"],
      ["augment", "data", "--out", "made", "--per-class=-1"],
      ["generate", "models", "--out", "made", "--per-class=-1"], ["generate", "models", "--out", "made"],
    ])
  func misuseIsSaidAndMakesNothing(arguments: [String]) throws {
    try withTemporaryFolder { folder in
      for name in ["data", "models"] {
        try FileManager.default.createDirectory(at: folder.appending(path: name), withIntermediateDirectories: true)
      }
      let outcome = try Command.run(arguments, in: folder)
      #expect(outcome.code == 2, "\(outcome.errors)")
      #expect(outcome.output == "")
      #expect(outcome.errors.count > 20)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["data", "models"])
    }
  }
}
