import Classification
import Evaluations
import Foundation
import Recipes
import Testing

/// predictions.csv: what a run that was broken off finds again, and what all scores follow from.
@Suite struct ResultsFileTests {
  /// Odd names: a comma, quotes, a line break, and a sign that combines with the comma before it.
  static let classes = ["AD", "a,\"b\"\r\nc", "\u{301}x"]
  static let methods = ["original", "manifold"]

  static func empty() -> PredictionTable { PredictionTable(methods: methods, classes: classes) }

  static func identity(_ split: Int, _ run: Int, _ method: String) -> PredictionTable.Identity {
    PredictionTable.Identity(split: split, run: run, method: method)
  }

  /// Nothing is predicted as the last class, so that its precision is undefined.
  static func rows(_ run: Int, _ index: Int) -> [PredictionTable.Row] {
    zip([0, 1, 2, 0, 1], [0, 1, 0, index, run % 2]).enumerated().map { number, labels in
      PredictionTable.Row(
        subject: "sub-\(number)", image: "AD/a,\(number).nii", actual: labels.0, predicted: labels.1,
        probabilities: [0.1 + Float(number) / 7, 1e-9, 1 / 3])
    }
  }

  static func full() -> PredictionTable {
    var table = empty()
    for split in 0..<2 {
      for run in 0..<3 {
        for (index, method) in methods.enumerated() { table.add(identity(split, run, method), rows(run, index)) }
      }
    }
    return table
  }

  @Test func fileReadsBackTheSame() throws {
    let full = Self.full()
    var read = Self.empty()
    try read.read(full.csv, path: "predictions.csv")
    #expect(read == full)
    #expect(read.csv == full.csv)
    var windows = PredictionTable(methods: ["original"], classes: ["AD", "CN"])
    let row = PredictionTable.Row(subject: "s", image: "i", actual: 0, predicted: 1, probabilities: [0.25, 0.75])
    var plain = windows
    plain.add(Self.identity(0, 0, "original"), [row])
    #expect(
      plain.csv == "split,run,method,subject,image,actual,predicted,probability_AD,probability_CN\n"
        + "1,1,original,s,i,AD,CN,0.25,0.75\n")
    try windows.read(plain.csv.replacing("\n", with: "\r\n"), path: "predictions.csv")
    #expect(windows == plain)
  }

  /// Runs that end in another order make the same files, so that a run that was broken off ends with the same bytes.
  @Test func orderOfArrivalDoesNotMatter() throws {
    var other = Self.empty()
    for (split, run) in [(1, 2), (0, 0), (1, 0), (0, 2), (0, 1), (1, 1)] {
      for (index, method) in Self.methods.enumerated().reversed() {
        if run == 1 {
          var resumed = Self.empty()
          try resumed.read(other.csv, path: "predictions.csv")
          #expect(resumed == other)
          other = resumed
        }
        other.add(Self.identity(split, run, method), Self.rows(run, index))
      }
    }
    #expect(other.csv == Self.full().csv)
    #expect(other.results.csv == Self.full().results.csv)
  }

  @Test func scoresFollowFromPredictions() {
    let results = Self.full().results
    #expect(results.csv.hasPrefix("split,run,method,class,metric,value\n1,1,original,,balanced_accuracy,"))
    #expect(results.csv.contains("2,3,manifold,AD,f1,"))
    #expect(results.csv.contains(",precision,NA\n"))
    #expect(results.runs.count == 6 && results.splitCount == 2)
    let direct = Scores(actual: [0, 1, 2, 0, 1], predicted: [0, 1, 0, 1, 0], classes: 3)
    #expect(
      results.values(method: "manifold", className: nil, metric: "balanced_accuracy")[0] == direct.balancedAccuracy)
    let runs = Self.full().runs(of: "manifold")
    #expect(runs.map(\.split) == [0, 0, 0, 1, 1, 1] && runs.map(\.run) == [0, 1, 2, 0, 1, 2])
  }

  private static let header = "split,run,method,subject,image,actual,predicted,probability_AD,probability_CN"

  @Test(arguments: [
    ("", "r.csv:1: the first line must be " + header),
    ("split,run\n", "r.csv:1: the first line must be " + header),
    (header + "\n1,1,prior,s,i,AD,CN,0.5\n", "r.csv:2: this is no prediction of this experiment"),
    (header + "\n1,1,magic,s,i,AD,CN,0.5,0.5\n", "r.csv:2: this is no prediction of this experiment"),
    (header + "\n0,1,prior,s,i,AD,CN,0.5,0.5\n", "r.csv:2: this is no prediction of this experiment"),
    (header + "\n1,0,prior,s,i,AD,CN,0.5,0.5\n", "r.csv:2: this is no prediction of this experiment"),
    (header + "\n1,1,prior,s,i,AD,Dog,0.5,0.5\n", "r.csv:2: this is no prediction of this experiment"),
    (header + "\n1,1,prior,s,i,AD,CN,0.5,0.5,1\n", "r.csv:2: this is no prediction of this experiment"),
    (header + "\n1,1,prior,s,i,AD,CN,0.5,nan\n", "r.csv:2: a probability is not a number from 0 to 1"),
    (header + "\n1,1,prior,s,i,AD,CN,0.5,half\n", "r.csv:2: a probability is not a number from 0 to 1"),
    (
      header + "\n1,1,prior,s,i,AD,CN,0.5,0.5\n1,2,prior,s,i,AD,CN,0.5,0.5\n1,1,prior,t,j,AD,CN,0.5,0.5\n",
      "r.csv:4: this run is there twice"
    ),
    (header + "\n1,1,prior,\"s", "r.csv:2: a quote is not closed"),
  ])
  func damagedFileIsNamedWithItsLine(text: String, sentence: String) {
    var table = PredictionTable(methods: ["prior"], classes: ["AD", "CN"])
    let error = #expect(throws: ExperimentsError.self) { try table.read(text, path: "r.csv") }
    #expect(error?.description == sentence + "; delete the file, or choose another folder with --out")
  }
}
