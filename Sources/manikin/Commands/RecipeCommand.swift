import ArgumentParser
import Experiments
import Foundation

struct RecipeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recipe",
    abstract: "Check a recipe and print it in full, or explain every key.",
    discussion: """
      Example: manikin recipe --explain
      Example: manikin recipe Recipes/quickstart.yaml
      """)

  @Argument(help: "The recipe to check; its resolved copy, defaults included, is printed.")
  var recipe: String?

  @Flag(help: "Print what every key means, its default and its range.")
  var explain = false

  func run() throws {
    if explain { return Screen.result(Recipe.explanation) }
    let resolved = try recipe.map { try Recipe(contentsOf: URL(filePath: $0)) } ?? Recipe()
    Screen.result(resolved.yaml())
  }
}
