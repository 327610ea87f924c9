import Automation
import Foundation
import Randomness
import Testing

@Suite struct CalibrationTests {
  private static let labels = (0..<4000).map { $0 % 4 == 0 ? 0 : 1 }

  /// Normal scores with means one apart have true log-odds of their own value; scaled and shifted ones are brought back.
  @Test func whatWasScaledAndShiftedIsBroughtBack() throws {
    let stream = RandomStream(seed: 1, purpose: "cohort")
    let images = Array(Self.labels.indices)
    let way = SimulatedWay(skill: 1, shift: 3, scale: 4)
    let raw = way.heldOut(images, labels: Self.labels, name: "a", cohort: stream)
    let calibration = Calibration(raw, classes: 2)
    #expect(abs(calibration.slope - 0.25) < 0.03)
    #expect(abs(calibration.intercepts[1] - calibration.intercepts[0] + 0.75) < 0.15)
    let threshold = try #require(calibration.threshold)
    #expect(abs(log(threshold / (1 - threshold)) - 3) < 0.6)
    // The decision is better than the classifier's own, which calls nearly everybody of the second class.
    let (before, after) = (WayScore(raw, classes: 2)!, WayScore(calibration.apply(to: raw), classes: 2)!)
    #expect(after.balancedAccuracy > before.balancedAccuracy + 0.03 && after.balancedAccuracy > 0.67)
    #expect(abs(after.rocArea - before.rocArea) < 1e-3)
  }

  /// The curve of calibrated predictions lies on the diagonal, that of the raw ones does not.
  @Test func theCurveShowsIt() {
    let stream = RandomStream(seed: 2, purpose: "cohort")
    let raw = SimulatedWay(skill: 1, scale: 5).heldOut(
      Array(Self.labels.indices), labels: Self.labels, name: "a", cohort: stream)
    func worst(_ heldOut: HeldOut) -> Double {
      CalibrationCurve(heldOut, classes: ["few", "many"]).bins.filter { $0.images > 100 }
        .map { abs($0.predicted - $0.observed) }.max()!
    }
    #expect(worst(Calibration(raw, classes: 2).apply(to: raw)) < 0.08)
    #expect(worst(raw) > 0.2)
    let curve = CalibrationCurve(raw, classes: ["few", "many"])
    #expect(curve.bins.filter { $0.className == "few" }.reduce(0) { $0 + $1.images } == 4000)
  }

  /// What a fold's images are found to be does not depend on their own classes.
  @Test func theCurveIsOfFoldsThatTheCalibrationDidNotSee() throws {
    let cohort = SimulatedCohort(seed: 3)
    let ways: [(name: String, way: SimulatedWay)] = [
      ("a", SimulatedWay(skill: 1, scale: 4)), ("b", SimulatedWay(skill: 1, shift: 2)),
    ]
    let outcome = cohort.race(ways)
    let choice = try #require(Choice(outcome, ways: ["a", "b"], classes: 2))
    let before = try #require(Committee.crossFitted(choice, outcome.evidence, classes: 2))
    #expect(before.images.count == 2 * cohort.labels.count)
    let place = InnerFolds.Place(repeat: 0, fold: 0)
    var changed = outcome.evidence
    for name in ["a", "b"] {
      var fold = try #require(changed[name]?.folds[place])
      fold.labels = fold.labels.map { 1 - $0 }
      changed[name]!.add(fold, at: place)
    }
    let after = try #require(Committee.crossFitted(choice, changed, classes: 2))
    let own = try #require(outcome.evidence["a"]?.folds[place]).images.count
    #expect(before.logarithms.prefix(own) == after.logarithms.prefix(own))
    #expect(before.logarithms[own..<cohort.labels.count] != after.logarithms[own..<cohort.labels.count])
    // A calibration of all images has seen these.
    let seen = [outcome.evidence, changed].map { evidence -> HeldOut in
      let all = evidence["a"]!.all
      return Calibration(all, classes: 2).apply(to: all)
    }
    #expect(seen[0].logarithms.prefix(own) != seen[1].logarithms.prefix(own))
  }

  /// Noise is not made to tell anything, and a perfect classifier of few images stays finite.
  @Test func extremesStayFinite() {
    let few = HeldOut(
      images: [0, 1, 2, 3], subjects: [0, 1, 2, 3], labels: [0, 0, 1, 1],
      probabilities: [[1, 0], [1, 0], [0, 1], [0, 1]])
    let calibration = Calibration(few, classes: 2)
    #expect(calibration.slope.isFinite && calibration.slope > 0 && abs(calibration.intercepts[0]) < 1e-6)
    let one = HeldOut(images: [0], subjects: [0], labels: [0], probabilities: [[0.3, 0.7]])
    #expect(Calibration(one, classes: 2) == .identity(2))
  }

  /// Three classes of which one is never called.
  @Test func threeClasses() {
    var stream = RandomStream(seed: 3, purpose: "three")
    let labels = (0..<600).map { $0 % 3 }
    let probabilities = labels.map { label -> [Float] in
      let scores = (0..<3).map { exp((label == $0 ? 1.0 : 0) + 0.7 * stream.normal() - ($0 == 2 ? 4 : 0)) }
      return scores.map { Float($0 / scores.reduce(0, +)) }
    }
    let raw = HeldOut(images: Array(0..<600), subjects: Array(0..<600), labels: labels, probabilities: probabilities)
    let after = WayScore(Calibration(raw, classes: 3).apply(to: raw), classes: 3)!
    #expect(after.balancedAccuracy > WayScore(raw, classes: 3)!.balancedAccuracy + 0.1)
    #expect(Calibration(raw, classes: 3).threshold == nil)
  }
}
