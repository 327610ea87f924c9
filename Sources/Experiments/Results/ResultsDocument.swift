import Foundation

/// `results.json`: what the scores came to, for programs.
public struct ResultsDocument: Encodable, Sendable {
  public struct Method: Encodable, Sendable {
    public var balancedAccuracy: EvaluationResults.Summary
    /// By class, then by metric: f1, precision, recall.
    public var classes: [String: [String: EvaluationResults.Summary]]
  }

  public var manikin: String
  public var answer: String
  /// Means and standard deviations over splits and runs.
  public var methods: [String: Method]
  /// Intervals and comparisons; absent when nothing was scored.
  public var statistics: EvaluationStatistics?
  /// How the samplers of the (first) split's models fared.
  public var samplers: [SamplerReport]

  public init(results: EvaluationResults, statistics: EvaluationStatistics?, samplers: [SamplerReport]) {
    manikin = Manikin.version
    answer = statistics?.answer ?? "Nothing was scored."
    self.statistics = statistics
    self.samplers = samplers
    methods = Dictionary(
      uniqueKeysWithValues: results.methods.map { method in
        let classes = results.classes.map { name in
          (
            name,
            Dictionary(
              uniqueKeysWithValues: EvaluationResults.classMetrics.map {
                ($0, results.summary(method: method, className: name, metric: $0))
              })
          )
        }
        return (
          method,
          Method(
            balancedAccuracy: results.summary(method: method, metric: EvaluationResults.balancedAccuracy),
            classes: Dictionary(uniqueKeysWithValues: classes))
        )
      })
  }

  func write(to url: URL) throws { try RunFolder.write(self, to: url) }

  /// The document as text, with sorted keys.
  public func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }
}
