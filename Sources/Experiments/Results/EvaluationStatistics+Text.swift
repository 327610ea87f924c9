extension EvaluationStatistics {
  /// The answer for a terminal, in lines of at most 80 characters: the verdict, the numbers behind it, and what else
  /// belongs to it.
  public var answerText: String {
    [verdict + ".", numbers, details.joined(separator: " ")].filter { !$0.isEmpty }
      .map { TextWrap.lines($0, width: 80).joined(separator: "\n") }.joined(separator: "\n\n")
  }
}
