import Assessment
import Cohorts
import Evaluations
import Foundation
import Geometry
import ImageSets
import Randomness
import Testing

/// Places that are the same, and places that differ in one thing each.
@Suite struct ShiftReportTests {
  private static let classes = ["AD", "CN"]

  /// Normal features; class CN has the first one 3 higher at every place.
  private static func place(
    _ name: String, _ counts: [Int] = [30, 60], seed: Int, shift: Double = 0, spacing: String = "1 x 1",
    greatest: Float = 100
  ) -> ShiftReport.Place {
    var random = RandomStream(seed: UInt64(seed), purpose: "place")
    let labels = zip(classes, counts).flatMap { Array(repeating: $0, count: $1) }
    let images = labels.enumerated().map { index, label in
      CohortImage(url: URL(filePath: "/\(index)"), path: "\(index)", subject: "\(index)", className: label)
    }
    let rows = labels.map { [random.normal() + ($0 == "CN" ? 3 : 0), random.normal() + shift, random.normal()] }
    let traits = images.map { _ in
      ImageTraits(
        size: "32 x 32", spacing: spacing, orientation: "RAS", dataType: "uint8", isColour: false,
        range: 0...greatest + Float(random.normal()))
    }
    return ShiftReport.Place(
      name: name, images: images, traits: traits,
      features: FeatureTable(
        kind: "test", names: ["a", "b", "c"], values: Matrix(rows: rows.count, columns: 3, values: rows.flatMap { $0 }))
    )
  }

  private static func report(_ second: ShiftReport.Place) -> ShiftReport {
    ShiftReport(
      place("here", seed: 1), second, classes: classes, stream: RandomStream(seed: 1, purpose: "folds"))
  }

  @Test func equalPlacesDoNotDiffer() {
    var alarms = 0
    for seed in 2..<22 where Self.report(Self.place("there", seed: seed)).hasDifferences { alarms += 1 }
    #expect(alarms <= 2, "\(alarms) of 20")
    let same = Self.report(Self.place("there", seed: 2))
    #expect(same.sentences[0] == "No difference between here and there was found.")
  }

  /// Other shares of the classes, which differ by 3 deviations in one feature, are not taken for other images.
  @Test func sharesAreNoFeature() {
    let report = Self.report(Self.place("there", [80, 10], seed: 3))
    #expect(report.shares.map(\.differs) == [true, true])
    #expect(abs(report.shares[0].first - 1 / 3.0) < 1e-9 && abs(report.shares[0].second - 8 / 9.0) < 1e-9)
    #expect(report.together?.differs == false, "\(String(describing: report.together))")
    #expect(report.sentences[0].contains("AD 33 % in here, 89 % in there"))
  }

  /// A shift by d deviations has the area Phi(d / sqrt 2).
  @Test func aShiftHasItsArea() throws {
    let report = Self.report(Self.place("there", [300, 600], seed: 4, shift: 2))
    let expected = 0.5 * (1 + erf(2 / 2.0.squareRoot() / 2.0.squareRoot()))
    let found = try #require(report.features.first)
    #expect(found.name == "b" && abs(found.area - expected) < 0.04, "\(found), not \(expected)")
    let together = try #require(report.together)
    #expect(together.differs && abs(together.area - expected) < 0.06)
    #expect(report.features.filter(\.differs).map(\.name) == ["b"])
  }

  @Test func filesThatDifferAreNamed() {
    let report = Self.report(Self.place("there", seed: 5, spacing: "1.2 x 1.2", greatest: 140))
    #expect(report.traits.filter(\.differs).map(\.name) == ["pixel size in mm", "greatest intensity as stored"])
    #expect(report.sentences.contains { $0.contains("pixel size in mm (here: 1 x 1; there: 1.2 x 1.2)") })
  }
}
