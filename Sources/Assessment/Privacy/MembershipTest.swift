/// Whether someone with the synthetic images can tell who was in the training set: the area under the ROC curve of the
/// score -min_j d(x, y_j), members against people that were not trained on. 0.5 is a guess.
///
/// Strata (classes) are scored apart and pooled by their number of pairs, so that a class that is rarer among the
/// held-out images does not pass for a sign of membership. Both kinds are compared with the same synthetic images, so
/// blur alone does not move it.
///
/// Sources: the attack: Chen, Yu, Zhang and Fritz, "GAN-Leaks", CCS 2020, section 4.1 (full black-box); Hayes et al.,
/// "LOGAN", PETS 2019. The interval: DeLong, DeLong and Clarke-Pearson, Biometrics 44, 1988.
public struct MembershipTest: Codable, Sendable, Equatable {
  /// In [0, 1].
  public let area: Double
  /// 95 %, within [0, 1]; nil when a stratum has one member or one non-member.
  public let interval: Interval?
  public let members: Int
  public let nonMembers: Int

  /// - Parameter strata: scores of members and of non-members; nil is given when no stratum has both.
  public init?(_ strata: [(members: [Double], nonMembers: [Double])]) {
    let usable = strata.filter { !$0.members.isEmpty && !$0.nonMembers.isEmpty }
    guard !usable.isEmpty else { return nil }
    let pairs = usable.map { Double($0.members.count * $0.nonMembers.count) }
    let total = pairs.reduce(0, +)
    var (area, variance) = (0.0, 0.0)
    for (stratum, count) in zip(usable, pairs) {
      let (m, n) = (Double(stratum.members.count), Double(stratum.nonMembers.count))
      let pooled = MidRanks.of(stratum.members + stratum.nonMembers).ranks
      let own = MidRanks.of(stratum.members).ranks
      let other = MidRanks.of(stratum.nonMembers).ranks
      // The share of the other kind that each one beats.
      let memberShares = zip(pooled, own).map { ($0 - $1) / n }
      let otherShares = zip(pooled.dropFirst(own.count), other).map { 1 - ($0 - $1) / m }
      let weight = count / total
      area += weight * memberShares.reduce(0, +) / m
      func spread(_ shares: [Double]) -> Double {
        let deviation = SampleMoments(shares).standardDeviation ?? .nan
        return deviation * deviation / Double(shares.count)
      }
      variance += weight * weight * (spread(memberShares) + spread(otherShares))
    }
    self.area = area
    members = usable.reduce(0) { $0 + $1.members.count }
    nonMembers = usable.reduce(0) { $0 + $1.nonMembers.count }
    let half = NormalDistribution.quantile(0.975) * variance.squareRoot()
    interval = half.isNaN ? nil : Interval(lower: max(0, area - half), upper: min(1, area + half))
  }
}
