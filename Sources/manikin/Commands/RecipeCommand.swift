import ArgumentParser
import Foundation
import Recipes

struct RecipeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recipe",
    abstract: "Check a recipe and print it in full, or explain every key.",
    discussion: """
      You can name a recipe that comes with Manikin: 'manikin run quickstart', 'manikin recipe table-1 > mine.yaml'.

      Example: manikin recipe --explain
      Example: manikin recipe quickstart
      """)

  @Argument(help: "The recipe to check and to print with all defaults.")
  var recipe: String?

  @Flag(help: "Print what every key means, its default and its range.")
  var explain = false

  @Flag(help: "Print the names of the recipes that come with Manikin.")
  var list = false

  func run() throws {
    if explain { return Screen.result(Recipe.explanation) }
    if list {
      guard !RecipeFile.names.isEmpty else {
        throw ExperimentsError.settings(
          problem: "no recipes lie beside this program; they are the folder Recipes of its source")
      }
      return Screen.result(RecipeFile.names.joined(separator: "\n"))
    }
    let resolved = try recipe.map { try Recipe(contentsOf: RecipeFile.find($0)) } ?? Recipe()
    Screen.result(resolved.yaml())
  }
}
