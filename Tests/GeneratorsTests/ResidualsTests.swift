import Generators
import Testing

/// What a decoder leaves out of one image, given to another.
@Suite struct ResidualsTests {
  @Test("The difference between an image and its decoding is added, and the sum stays in [0, 1]")
  func added() {
    let values = Residuals.added(to: [0.5, 0.75, 0.25, 0], image: [0.5, 1, 0, 1], mean: [0.25, 0.5, 0.5, 0.5])
    #expect(values == [0.75, 1, 0, 0.5])
  }
}
