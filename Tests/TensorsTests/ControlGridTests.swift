import Randomness
import Tensors
import Testing

@Suite struct ControlGridTests {
  private func random(_ count: Int, _ purpose: String) -> [Float] {
    var stream = RandomStream(seed: 4, purpose: purpose)
    return (0..<count).map { _ in Float(stream.normal()) }
  }

  /// Gathering is the adjoint of spreading: <A c, f> = <c, A' f>; and constants stay constants.
  @Test func gatheringIsTheAdjointOfSpreading() {
    let grid = ControlGrid(height: 40, width: 36, rows: 7, columns: 5)
    let (coarse, fine) = (random(grid.count, "coarse"), random(grid.pixels, "fine"))
    var (spread, gathered) = (fine, coarse)
    grid.spread(coarse, to: &spread)
    grid.gather(fine, to: &gathered)
    let (left, right) = (
      zip(spread, fine).map(*).reduce(0, +), zip(coarse, gathered).map(*).reduce(0, +)
    )
    #expect(abs(left - right) < 1e-3 * max(1, abs(left)))
    grid.spread([Float](repeating: 3, count: grid.count), to: &spread)
    #expect(spread.allSatisfy { abs($0 - 3) < 1e-5 })
  }
}
