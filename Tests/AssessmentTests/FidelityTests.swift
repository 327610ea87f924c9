import Assessment
import Foundation
import Geometry
import Randomness
import Testing

@Suite struct FidelityTests {
  private let real = points(seed: 1, count: 40)
  private let synthetic = points(seed: 2, count: 30, shift: 0.4, scale: 0.8)

  /// Values of prdc 0.2.
  @Test func neighbourhoodsAgreeWithTheReference() {
    let five = NeighbourhoodScores(real: real, synthetic: synthetic, neighbours: 5)
    #expect(five.precision == 1 && isClose(five.recall, 0.55) && isClose(five.coverage, 0.7))
    #expect(isClose(five.density, 1.1533333333333333))
    let three = NeighbourhoodScores(real: real, synthetic: synthetic, neighbours: 3)
    #expect(isClose(three.precision, 0.9666666666666667) && isClose(three.recall, 0.325))
    #expect(isClose(three.density, 1.211111111111111) && isClose(three.coverage, 0.6))
  }

  /// Values of pytorch-fid's formula with scipy's sqrtm, and of torch-fidelity 0.4's mmd2 with its cubic kernel.
  @Test func distancesAgreeWithTheReference() {
    #expect(isClose(FrechetDistance.between(real, synthetic), 1.4741771952208964, 1e-8))
    // Four points in six dimensions: a singular covariance.
    #expect(isClose(FrechetDistance.between(points(seed: 3, count: 4), synthetic), 2.974763119742189, 1e-6))
    let forty = points(seed: 2, count: 40, shift: 0.4, scale: 0.8)
    #expect(isClose(KernelDistance.between(real, forty), 0.6747063824252777))
    let distances = PairwiseDistances.between(synthetic, real)
    #expect(isClose(distances[3, 7], 2.5831410850251473) && isClose(distances[29, 39], 2.507613932913459))
    #expect((0..<40).allSatisfy { PairwiseDistances.between(real, real)[$0, $0] == 0 })
  }

  /// Features that are 0 change nothing, and with hundreds of them the distance is taken from the points.
  @Test func distancesAmongManyFeatures() {
    func padded(_ points: Matrix) -> Matrix {
      Matrix((0..<points.rows).map { row in (0..<600).map { $0 < points.columns ? points[row, $0] : 0 } })
    }
    #expect(isClose(FrechetDistance.between(padded(real), padded(synthetic)), 1.4741771952208964, 1e-5))
    #expect(isClose(FrechetDistance.between(padded(synthetic), padded(real)), 1.4741771952208964, 1e-5))
    #expect(FrechetDistance.between(padded(real), padded(real)) < 1e-5)
  }

  /// 3,000 points of each set, more than are compared in one go, on a line: real ones at the whole numbers, synthetic ones a
  /// quarter beside. The fifth neighbour of an inner point is 3 away, and 6 synthetic points are nearer; of the 3 points at
  /// the lower end, whose balls reach over it, 5.
  @Test func manyPointsOnALineHaveKnownNeighbours() {
    let line = (0..<3000).map { [Double($0)] }
    let scores = NeighbourhoodScores(real: Matrix(line), synthetic: Matrix(line.map { [$0[0] + 0.25] }), neighbours: 5)
    #expect(scores.precision == 1 && scores.recall == 1 && scores.coverage == 1)
    #expect(scores.density == Double(6 * 3000 - 3) / Double(5 * 3000))
  }

  /// Half of 4,000 points at 0 and half at 1, against 4,000 at 1: the kernel (x y + 1)^3 is 1 or 8, and no point counts with
  /// itself.
  @Test func manyPointsHaveAKnownKernelDistance() {
    let (count, half) = (4000.0, 2000.0)
    let mixed = Matrix((0..<4000).map { [Double($0 % 2)] })
    let ones = Matrix((0..<4000).map { _ in [1.0] })
    let within = (half * half * 8 + (count * count - half * half) - half * 9) / (count * (count - 1))
    #expect(isClose(KernelDistance.between(mixed, ones), within + 8 - 2 * 4.5, 1e-12))
  }

  /// Values of the authors' compute_prd and their F_beta.
  @Test func precisionRecallCurveAgreesWithTheReference() {
    let curve = PrecisionRecallCurve(evaluated: [0.1, 0.2, 0.3, 0.4, 0], reference: [0.3, 0.3, 0.2, 0.1, 0.1])
    #expect(isClose(curve.precision[100], 0.14254599636588883) && isClose(curve.recall[400], 0.7129145761239857))
    #expect(isClose(curve.precision[777], 0.8737068229636487) && isClose(curve.recall[777], 0.31921265736210286))
    #expect(isClose(curve.greatestF(beta: 8), 0.872963219998777))
    #expect(isClose(curve.greatestF(beta: 1 / 8), 0.9557915013942146))
    let stream = RandomStream(seed: 0, purpose: "test")
    let same = PrecisionRecallCurve(synthetic: real, real: real, clusters: 4, repeats: 2, stream: stream)
    #expect(isClose(same.greatestF(beta: 8), 1, 1e-6))
    let far = PrecisionRecallCurve(
      synthetic: points(seed: 4, count: 40, shift: 50), real: real, clusters: 4, repeats: 2, stream: stream)
    #expect(far.greatestF(beta: 8) < 1e-6)
  }

  @Test func smallSamplesAreWarnedOf() {
    let small = FeatureTable(kind: "features", values: points(seed: 3, count: 4))
    let large = FeatureTable(kind: "features", values: points(seed: 5, count: 300))
    let report = FidelityReport(real: large, synthetic: small)
    #expect(report.neighbourhoods == nil && report.warnings.contains(.unequalSizes(real: 300, synthetic: 4)))
    #expect(report.warnings.contains(.fewerPointsThanFeatures(set: "synthetic", points: 4, features: 6)))
    let other = FeatureTable(kind: "features", values: points(seed: 6, count: 300))
    #expect(FidelityReport(real: large, synthetic: other).warnings.isEmpty)
  }

  /// Values of numpy 2.4 and scipy 1.17 (moments, histogram, gradient, laplace, fft2) on one image of 12 x 15.
  @Test func imageFeaturesAgreeWithTheReference() {
    let (height, width) = (12, 15)
    let noise = congruential(seed: 11, count: height * width)
    let pixels = noise.indices.map { index in
      let (y, x) = (Double(index / width), Double(index % width))
      let bell = exp(-(y - 5) * (y - 5) / 36 - (x - 8) * (x - 8) / 49)
      return 0.6 * noise[index] * bell + 0.4 * x / Double(width)
    }
    let values = ImageFeatures(height: height, width: width).values(of: pixels)
    #expect(values.count == ImageFeatures.names.count)
    let expected = [
      0.34057839165565107, 0.1832729728138909, 0.016145753837564846, -0.8515458050552995, 0.05029527283184277,
      0.20084035239463555, 0.35630201241627846, 0.47751363711989514, 0.6393250238282738, 4.407221942463231,
      0.050493827160493825, 0.4987133368593381, 0.6197025808037407, 0.2705489562387071, 0.24248194138799087,
      0.10331347791911075, 0.051800632797780445, 0.19895882322237443, -0.5309790222594231, -12.0,
      -0.26822374358009177, -0.9450161585011512, -1.452639105836818, -1.328185553104496, -1.0646556678717638,
      -1.4717506601421637, -0.8382759931998166,
    ]
    for (index, value) in expected.enumerated() {
      #expect(isClose(values[index], value, 1e-9), "\(ImageFeatures.names[index])")
    }
    // Two levels in stripes of one column: by hand, 6 of 20 pairs stand within a level.
    let stripes = ImageFeatures(height: 3, width: 3).values(of: [0, 1, 0, 0, 1, 0, 0, 1, 0]).suffix(6)
    #expect(isClose(stripes.first!, 225 * 14.0 / 20))
  }
}
