extension Comparison {
  /// The comparison as a clause without the method's name, such as "gains 3.1 points, 95 % interval 0.8 to 5.4, p = 0.02".
  public var clause: String {
    guard let mean = meanDifference else { return "cannot be compared" }
    let amount = points(mean)
    if amount == "0.0", verdict != .gain, verdict != .loss { return "comes to the same" }
    let span =
      (interval.map { ", 95 % interval \(range($0))" } ?? "")
      + (adjustedPValue.map { ", p \(Self.pText($0))" } ?? "")
    switch verdict {
    case .gain: return "gains \(amount) points\(span)"
    case .loss: return "loses \(amount) points\(span)"
    case .tooFewRepeats:
      return "lies \(amount) points \(mean >= 0 ? "above" : "below") in one repeat, which proves nothing"
    case .tooFewSplits: return "lies \(amount) points \(mean >= 0 ? "above" : "below"), with too few splits to say"
    case .noEvidence, .undefined:
      return "shows no difference beyond chance: \(amount) points \(mean >= 0 ? "above" : "below")\(span)"
    }
  }
}
