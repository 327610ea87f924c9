import Classification
import Testing

@Suite struct LogisticRegressionTests {
  private static func isClose(_ a: Double, _ b: Double) -> Bool { abs(a - b) < 1e-6 }

  /// Expected: scikit-learn 1.9, LogisticRegression(C=0.5, solver="newton-cg", tol=1e-14) with sample weights 1, 2, 1, ...
  @Test func agreesWithScikitLearn() {
    var state: UInt32 = 7
    let numbers = (0..<60).map { _ -> Double in
      state = state &* 1_664_525 &+ 1_013_904_223
      return Double(state) / 4_294_967_296 * 2 - 1
    }
    let features = (0..<30).map { [numbers[2 * $0], numbers[2 * $0 + 1]] }
    let labels = (0..<30).map { row in
      let (x, y) = (features[row][0], features[row][1])
      return x + 0.3 * y < -0.2 ? 0 : y > 0.1 * Double(row % 3) ? 1 : 2
    }
    #expect((0..<3).map { label in labels.count { $0 == label } } == [17, 8, 5])
    let model = LogisticRegression(
      features: features, labels: labels, classes: 3, weights: (0..<30).map { Double(1 + $0 % 2) }, ridge: 2)
    let expected = [
      [0.533844177984, -1.798007459728, -0.538320754314], [-0.10580564683, 0.637036923182, 1.106228960056],
      [-0.428038531154, 1.160970536546, -0.567908205741],
    ]
    for (own, other) in zip(model.coefficients, expected) {
      #expect(zip(own, other).allSatisfy(Self.isClose), "\(own)")
    }
    let probabilities = model.probabilities([0.2, -0.4])
    #expect(zip(probabilities, [0.466515837834, 0.207437717102, 0.326046445064]).allSatisfy(Self.isClose))
  }

  /// Classes that a feature parts completely: the ridge keeps the slope finite.
  @Test func separatedClasses() {
    let model = LogisticRegression(
      features: (0..<20).map { [$0 < 10 ? -1 : 1] }, labels: (0..<20).map { $0 < 10 ? 0 : 1 }, classes: 2)
    #expect(model.coefficients.allSatisfy { $0.allSatisfy { $0.isFinite && abs($0) < 10 } })
    #expect(model.probabilities([-1])[0] > 0.9 && model.probabilities([1])[1] > 0.9)
    #expect(Self.isClose(model.probabilities([0])[0], 0.5))
  }
}
