import Foundation

/// `results.json`: what the scores came to, for programs.
public struct ResultsDocument: Codable, Sendable {
  public struct Method: Codable, Sendable {
    public var balancedAccuracy: EvaluationResults.Summary
    /// By class, then by metric: f1, precision, recall.
    public var classes: [String: [String: EvaluationResults.Summary]]
  }

  public var manikin: String
  public var answer: String
  public var methods: [String: Method]
  public var samplers: [SamplerReport]

  public init(results: EvaluationResults, samplers: [SamplerReport]) {
    manikin = Manikin.version
    answer = results.answer
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
