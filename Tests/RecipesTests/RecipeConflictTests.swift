import Foundation
import Recipes
import Testing

/// Settings that do not go together are one sentence at the line of the first of them that the recipe gives.
@Suite struct RecipeConflictTests {
  @Test(arguments: [
    (
      "synthetic:\n  near-copies: redraw\n",
      "r.yaml:2: images with a residual keep the fine detail of a training image each, so 'near-copies' in 'synthetic' "
        + "cannot be redraw: set 'render' to decode, or keep"
    ),
    (
      "synthetic:\n  render: decode\n  method: deformation\n  near-copies: redraw\n",
      "r.yaml:4: images by 'deformation' keep the fine detail of a training image each, so 'near-copies' in 'synthetic' "
        + "cannot be redraw: take another method, or keep"
    ),
  ])
  func nearCopiesAreRedrawnWhereImagesAreTheDecoders(yaml: String, sentence: String) throws {
    func read(_ yaml: String) throws -> Recipe {
      try Recipe(yaml: yaml, file: "r.yaml", folder: URL(filePath: "/data"))
    }
    let error = #expect(throws: ExperimentsError.self) { try read(yaml) }
    #expect(error?.description == sentence)
    #expect(try read(yaml.replacing("redraw", with: "keep")).synthetic.nearCopies == .keep)
  }
}
