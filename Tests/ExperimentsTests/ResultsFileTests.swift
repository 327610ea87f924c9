import Classification
import Experiments
import Foundation
import Testing

/// results.csv: what a run that was broken off finds again.
@Suite struct ResultsFileTests {
  /// Odd names: a comma, quotes, a line break, and a sign that combines with the comma before it.
  static let classes = ["AD", "a,\"b\"\r\nc", "\u{301}x"]
  static let methods = ["original", "manifold"]

  static func empty() -> EvaluationResults { EvaluationResults(methods: methods, classes: classes) }

  static func full() -> EvaluationResults {
    var results = empty()
    for run in 0..<3 {
      for (index, method) in methods.enumerated() {
        // Nothing is predicted as the last class, so that its precision is undefined.
        let scores = Scores(actual: [0, 1, 2, 0, 1], predicted: [0, 1, 0, index, run % 2], classes: 3)
        results.add(run: run, method: method, scores: scores)
      }
    }
    return results
  }

  @Test func fileReadsBackTheSame() throws {
    let full = Self.full()
    var read = Self.empty()
    try read.read(full.csv, path: "results.csv")
    #expect(read == full)
    #expect(read.csv == full.csv)
    #expect(full.csv.contains("0,original,AD,f1,"))
    #expect(full.csv.contains(",precision,NA\n"))
    var plain = EvaluationResults(methods: ["original"], classes: ["AD", "CN"])
    plain.add(run: 0, method: "original", scores: Scores(actual: [0, 1], predicted: [0, 0], classes: 2))
    var windows = EvaluationResults(methods: ["original"], classes: ["AD", "CN"])
    try windows.read(plain.csv.replacing("\n", with: "\r\n"), path: "results.csv")
    #expect(windows == plain)
  }

  /// Runs that end in another order make the same file, so that a run that was broken off ends with the same bytes.
  @Test func orderOfArrivalDoesNotMatter() throws {
    var other = Self.empty()
    for run in [2, 0, 1] {
      for (index, method) in Self.methods.enumerated().reversed() {
        let scores = Scores(actual: [0, 1, 2, 0, 1], predicted: [0, 1, 0, index, run % 2], classes: 3)
        if run == 1 {
          var resumed = Self.empty()
          try resumed.read(other.csv, path: "results.csv")
          #expect(resumed == other)
          other = resumed
        }
        other.add(run: run, method: method, scores: scores)
      }
    }
    #expect(other.csv == Self.full().csv)
  }

  @Test(arguments: [
    ("", "r.csv:1: the first line must be run,method,class,metric,value"),
    ("run,method\n", "r.csv:1: the first line must be run,method,class,metric,value"),
    ("run,method,class,metric,value\n0,original,,f1\n", "r.csv:2: this is no score of this experiment"),
    ("run,method,class,metric,value\n0,magic,,f1,1\n", "r.csv:2: this is no score of this experiment"),
    ("run,method,class,metric,value\n-1,original,,f1,1\n", "r.csv:2: this is no score of this experiment"),
    ("run,method,class,metric,value\n0,original,,f1,nan\n", "r.csv:2: this is no score of this experiment"),
    ("run,method,class,metric,value\n0,original,ZZ,f1,1\n", "r.csv:2: this is no score of this experiment"),
    ("run,method,class,metric,value\n0,original,,f1,1\n0,original,,f1,1\n", "r.csv:3: this score is there twice"),
    ("run,method,class,metric,value\n0,original,\"A", "r.csv:2: a quote is not closed"),
  ])
  func damagedFileIsNamedWithItsLine(text: String, sentence: String) {
    var results = Self.empty()
    let error = #expect(throws: ExperimentsError.self) { try results.read(text, path: "r.csv") }
    #expect(error?.description == sentence + "; delete the file, or choose another folder with --out")
  }
}
