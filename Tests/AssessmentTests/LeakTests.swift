import Assessment
import Foundation
import Geometry
import Randomness
import Testing

@Suite struct LeakTests {
  private let stream = RandomStream(seed: 5, purpose: "leak")
  private static let side = 24

  /// Noise images: white, or each pixel the mean of a (2 r + 1)-square of them, about a grey of 0.5.
  private static func images(_ count: Int, blur: Int, seed: UInt64) -> FeatureTable {
    var random = RandomStream(seed: seed, purpose: "images")
    var pixels: [Float] = []
    for _ in 0..<count {
      let white = (0..<side * side).map { _ in random.normal() }
      for place in 0..<side * side {
        var (sum, terms) = (0.0, 0)
        for row in -blur...blur {
          for column in -blur...blur {
            let (y, x) = ((place / side + row + side) % side, (place % side + column + side) % side)
            sum += white[y * side + x]
            terms += 1
          }
        }
        pixels.append(Float(0.5 + 0.1 * sum / Double(terms).squareRoot()))
      }
    }
    return LeakStatistics(height: side, width: side).table(pixels)
  }

  private func check(generated: (Int?, Int?), count: Int = 60) -> LeakCheck {
    func images(_ name: String, _ blur: Int?, _ seed: UInt64) -> LeakCheck.Images {
      LeakCheck.Images(
        className: name, real: Self.images(count, blur: 0, seed: seed),
        generated: blur.map { Self.images(count, blur: $0, seed: seed + 10) },
        origins: blur == nil ? [] : Array(0..<count))
    }
    return LeakCheck([images("AD", generated.0, 1), images("CN", generated.1, 2)], stream: stream)
  }

  @Test func blurOfOneClassIsALeakAndBlurOfBothIsNot() throws {
    let one = check(generated: (1, 0))
    #expect(one.verdict == .leak && one.sentence.hasPrefix("Leak: "))
    let sharpness = try #require(one.pairs.first?.statistics.first { $0.name == "sharpness" })
    #expect(sharpness.generated > 0.95 && sharpness.real < 0.65 && sharpness.excess > sharpness.uncertainty)
    let both = check(generated: (1, 1))
    #expect(both.verdict != .leak, "\(both.sentence)")
    // Yet both are seen to be generated.
    #expect(both.realism.map(\.className) == ["AD", "CN"])
    for realism in both.realism { #expect(realism.areas["sharpness"]! > 0.95 && realism.areas.count == 11) }
    // The standard error of an area between 60 and 60 alike is 0.053.
    let none = check(generated: (0, 0))
    #expect(none.verdict != .leak && none.realism.allSatisfy { $0.areas["sharpness"]! < 0.7 })
  }

  /// Where only the small class is filled up, it is the only one that is blurred.
  @Test func aClassWithoutGeneratedImagesIsRepresentedByItsRealOnes() {
    let filled = check(generated: (1, nil))
    #expect(filled.verdict == .leak && filled.pairs.count == 1 && filled.realism.map(\.className) == ["AD"])
    #expect(check(generated: (0, nil)).verdict != .leak)
  }

  @Test func fewImagesLeaveADifferenceOpen() {
    // Two origins: whatever the statistics say, they cannot be sure.
    func images(_ name: String, blur: Int, seed: UInt64) -> LeakCheck.Images {
      LeakCheck.Images(
        className: name, real: Self.images(30, blur: 0, seed: seed),
        generated: Self.images(20, blur: blur, seed: seed + 5),
        origins: (0..<20).map { _ in 0 })
    }
    let check = LeakCheck([images("A", blur: 1, seed: 1), images("B", blur: 0, seed: 2)], stream: stream)
    #expect(check.verdict == .uncertain && check.sentence.hasPrefix("No clear leak: "))
  }

  @Test func statisticsMeanWhatTheySay() {
    let (white, blurred) = (Self.images(40, blur: 0, seed: 3), Self.images(40, blur: 2, seed: 4))
    func mean(_ table: FeatureTable, _ name: String) -> Double {
      table.values.columnMeans[LeakStatistics.names.firstIndex(of: name)!]
    }
    // The Laplacian of white noise of deviation s is normal with deviation s sqrt(20): mean absolute value over 0.5.
    let expected = 0.1 * (20 * 2 / Double.pi).squareRoot() / 0.5
    #expect(abs(mean(white, "sharpness") / expected - 1) < 0.03)
    #expect(mean(blurred, "sharpness") < 0.5 * expected)
    #expect(mean(blurred, "spectral slope") < mean(white, "spectral slope") - 1)
    #expect(abs(mean(white, "mean") - 0.5) < 0.01 && abs(mean(white, "standard deviation") - 0.1) < 0.005)
    #expect(abs(mean(white, "kurtosis")) < 0.2 && abs(mean(white, "skewness")) < 0.1)
  }

  @Test func regressionTellsUnseenRowsApart() {
    var random = RandomStream(seed: 6, purpose: "rows")
    func rows(_ count: Int, shift: Double) -> [[Double]] {
      (0..<count).map { _ in [random.normal() + shift, random.normal(), 7] }
    }
    let (first, near, far) = (rows(200, shift: 0), rows(150, shift: 0), rows(150, shift: 2))
    func area(_ second: [[Double]]) -> Double {
      RidgeLogistic.crossValidatedArea(
        first, groups: Array(0..<200), second, groups: Array(0..<150), sharesGroups: false, stream: stream)
    }
    // Two normals two deviations apart: Phi(2 / sqrt 2) = 0.9214.
    #expect(abs(area(far) - 0.9214) < 0.04 && abs(area(near) - 0.5) < 0.1)
    // Twenty copies each of five rows: known by heart without groups, not with them.
    let copies = (0..<100).map { first[$0 % 5] }
    let grouped = RidgeLogistic.crossValidatedArea(
      copies, groups: (0..<100).map { $0 % 5 }, near, groups: Array(0..<150), sharesGroups: false, stream: stream)
    let loose = RidgeLogistic.crossValidatedArea(
      copies, groups: Array(0..<100), near, groups: Array(0..<150), sharesGroups: false, stream: stream)
    #expect(loose >= grouped - 0.02)
  }

  @Test func areasAndTheirErrors() {
    #expect(AreaUnderCurve.of([1, 2, 3], [2, 4]) == 4.5 / 6 && AreaUnderCurve.of([], [1]) == 0.5)
    // Hanley and McNeil's example: area 0.893, 58 and 51 images, standard error 0.032.
    #expect(abs(AreaUnderCurve.standardError(0.893, 58, 51) - 0.032) < 0.001)
    #expect(AreaUnderCurve.standardError(1, 10, 10) > 0)
  }

  @Test func crowdingCountsTrainingImages() {
    let crowding = Crowding(
      className: "AD", training: 20, nearestCodes: [0, 0, 3, 3, 7, 7, 9, 9], nearestImages: [1, 1, 1, 1, 1, 1, 1, 2])
    #expect(crowding.generated == 8 && crowding.byCode.different == 4 && abs(crowding.byCode.effective - 4) < 1e-12)
    let entropy = -(7.0 / 8 * log(7.0 / 8) + 1.0 / 8 * log(1.0 / 8))
    #expect(crowding.byPixels.different == 2 && abs(crowding.byPixels.effective - exp(entropy)) < 1e-12)
    #expect(crowding.byPixels.largestShare == 7.0 / 8)
  }
}
