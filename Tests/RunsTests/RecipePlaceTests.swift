import Foundation
import ImageSets
import Recipes
import Runs
import TestFiles
import Testing

/// A run folder's recipe says from that folder where the data lie, and a run goes on wherever they are.
@Suite struct RecipePlaceTests {
  private func folder(_ url: URL, data: URL, name: String = "trial") throws -> RunFolder {
    var recipe = Recipe()
    recipe.name = name
    recipe.data.path = data.path
    recipe.data.labels = data.appending(path: "labels.csv").path
    return try RunFolder(url, recipe: recipe, versions: RunFolderTests.versions)
  }

  @Test(arguments: [
    ("run", "data", "../data"), ("deep/er/run", "data", "../../../data"), ("data/run", "data", ".."),
    ("run", "run", "."),
    ("a/run", "ab/data", "../../ab/data"),
  ])
  func pathsAreSaidFromTheRunFolder(run: String, data: String, said: String) throws {
    try withTemporaryFolder { parent in
      let place = parent.appending(path: data)
      let made = try folder(parent.appending(path: run, directoryHint: .isDirectory), data: place)
      let text = try String(contentsOf: made.recipeFile, encoding: .utf8)
      #expect(text.contains("path: \"\(said)\"\n"), "\(text.prefix(400))")
      #expect(!text.contains(parent.lastPathComponent))
      let read = try Recipe(contentsOf: made.recipeFile)
      #expect(read.data.path == place.path && read.data.labels == place.path + "/labels.csv")
    }
  }

  @Test func dataMayLieElsewhereUnderAnotherName() throws {
    try withTemporaryFolder { parent in
      let url = parent.appending(path: "run", directoryHint: .isDirectory)
      do { _ = try folder(url, data: parent.appending(path: "data")) }
      let again = try folder(url, data: parent.appending(path: "moved/photos"), name: "photos")
      #expect(again.isResumed)
      #expect(try Recipe(contentsOf: again.recipeFile).data.path == parent.path + "/moved/photos")
    }
  }

  @Test(arguments: ["min-max", "0.5%..99.5%", "-160..240"])
  func aRangeIsReadAndWritten(text: String) throws {
    let recipe = try Recipe(
      yaml: "preprocessing:\n  range: \(text)\n", file: "r.yaml", folder: URL.temporaryDirectory)
    #expect(recipe.preprocessing.range == IntensityLimits(text))
    #expect(try Recipe(yaml: recipe.yaml(), file: "r.yaml", folder: URL.temporaryDirectory) == recipe)
    #expect(try JSONDecoder().decode(Recipe.self, from: JSONEncoder().encode(recipe)) == recipe)
  }

  @Test(arguments: [
    (
      "range: 240..-160",
      "r.yaml:2: 'range' in 'preprocessing' must be 'min-max', percentiles such as 0.5%..99.5%, or a window such as "
        + "-160..240, the lower end first, not '240..-160'"
    ),
    (
      "{intensity: none, range: 0..1}",
      "r.yaml:2: 'range' in 'preprocessing' says how to scale, and 'intensity' is none: set 'intensity' to min-max, or "
        + "leave 'range' out"
    ),
  ])
  func aRangeThatDoesNotHoldIsSaid(line: String, sentence: String) {
    let error = #expect(throws: ExperimentsError.self) {
      try Recipe(yaml: "preprocessing:\n  \(line)\n", file: "r.yaml", folder: URL.temporaryDirectory)
    }
    #expect(error?.description == sentence)
  }
}
