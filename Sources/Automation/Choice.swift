/// What is made of a race: one way, or a committee of a few, whose calibrated probabilities are averaged.
package struct Choice: Codable, Sendable, Equatable {
  /// The simplest finalist that is not clearly behind the best one, then the best ones of other families.
  package var members: [String]
  /// On the folds of the race. The committee was chosen for it, so that it is too good; the outer divisions say what is true.
  package var balancedAccuracy: Double
  package var rocArea: Double

  /// Whether it tells the classes of held-out images apart hardly better than chance.
  package func isNearChance(classes: Int) -> Bool { balancedAccuracy < 1 / Double(classes) + 0.05 && rocArea < 0.6 }

  /// The most members of a committee.
  static let mostMembers = 3

  /// - Parameters:
  ///   - outcome: with a finalist.
  ///   - ways: the simplest first.
  ///   - family: of a way; a committee has one member of each.
  package init?(
    _ outcome: Race.Outcome, ways: [String], classes: Int, margin: Double = 1, family: (String) -> String = { $0 }
  ) {
    func score(_ evidence: Evidence) -> WayScore? { evidence.score(on: outcome.places, classes: classes) }
    let scores = Dictionary(
      uniqueKeysWithValues: outcome.finalists.compactMap { way in score(outcome.evidence[way]!).map { (way, $0) } })
    guard let leader = outcome.finalists.first, let best = scores[leader] else { return nil }
    // Within one standard error of the best the simpler one is taken: what leads by less leads by luck.
    let first =
      ways.first { way in
        guard let own = scores[way] else { return false }
        return way == leader || best.value - own.value <= margin * best.standardError(ofDifferenceTo: own)
      } ?? leader
    var order = [first]
    for way in outcome.finalists where order.count < Self.mostMembers && !order.map(family).contains(family(way)) {
      order.append(way)
    }
    let candidates = (1...order.count).compactMap { count -> (members: [String], score: WayScore)? in
      let members = Array(order.prefix(count))
      let evidence =
        count == 1
        ? outcome.evidence[members[0]]! : Evidence.committee(members.map { outcome.evidence[$0]! }, classes: classes)
      return score(evidence).map { (members, $0) }
    }
    // A mean of several is the safer thing whatever a few images say: the largest committee that is not clearly behind.
    let top = candidates.max { $0.score.value < $1.score.value }
    let chosen = top.flatMap { top in
      candidates.last {
        top.score.value - $0.score.value <= margin * top.score.standardError(ofDifferenceTo: $0.score)
      }
    }
    guard let chosen else { return nil }
    (members, balancedAccuracy, rocArea) = (chosen.members, chosen.score.balancedAccuracy, chosen.score.rocArea)
  }
}
