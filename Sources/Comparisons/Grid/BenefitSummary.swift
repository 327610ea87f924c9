/// A grid's table for programs: what `manikin grid --json` prints.
///
/// Every key is always there; a gain of the baseline over itself, and the standard error of one repeat, are null.
public struct BenefitSummary: Encodable, Sendable {
  /// The gains of one way of augmenting over real images alone, in points of balanced accuracy.
  public struct Way: Encodable, Sendable {
    let way: String
    let repeats: Int
    let validation: BenefitTable.Gain?
    let test: BenefitTable.Gain?
    let leak: String?

    private enum CodingKeys: CodingKey {
      case way, repeats, validationGain, validationStandardError, testGain, testStandardError, leak
    }

    public func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(way, forKey: .way)
      try container.encode(repeats, forKey: .repeats)
      // `encode`, unlike `encodeIfPresent`, writes null for nil.
      try container.encode(validation?.mean, forKey: .validationGain)
      try container.encode(validation?.standardError, forKey: .validationStandardError)
      try container.encode(test?.mean, forKey: .testGain)
      try container.encode(test?.standardError, forKey: .testStandardError)
      try container.encode(leak, forKey: .leak)
    }
  }

  /// What a given split has on two sides; absent if nothing.
  let splitLeak: String?
  let chosen: String
  let ways: [Way]

  public init(_ table: BenefitTable) {
    splitLeak = table.splitLeak
    chosen = table.chosen
    ways = table.arms.map { arm in
      let isBaseline = arm == BenefitTable.baseline
      return Way(
        way: arm, repeats: table.rows.count { $0.arm == arm },
        validation: isBaseline ? nil : table.gain(arm, \.validation), test: isBaseline ? nil : table.gain(arm, \.test),
        leak: table.leaks[arm]?.verdict.rawValue)
    }
  }
}
