import Recipes

extension EvaluationStatistics {
  /// The verdict, or that none can be trusted: a test subject that was trained on makes every score too good.
  ///
  /// - Parameter leak: what makes the scores too good, if anything does.
  public func headline(leak: String?) -> String {
    leak == nil ? verdict : "The split leaks: these scores are too good"
  }

  /// The answer for a terminal, in lines of at most 80 characters: the headline, the numbers behind it, and what else
  /// belongs to it.
  public func answerText(leak: String? = nil) -> String {
    [headline(leak: leak) + ".", numbers, details.joined(separator: " ")].filter { !$0.isEmpty }
      .map { TextWrap.lines($0, width: 80).joined(separator: "\n") }.joined(separator: "\n\n")
  }
}
