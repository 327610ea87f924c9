/// Finds out which of some ways is best on held-out images, without spending as much on those that are clearly behind.
///
/// Successive halving: in every rung the ways that are left are measured on further folds. Then out goes what lies behind the
/// leader by more than `margin` standard errors of the difference, paired by subject, and of the rest the worse half, but never
/// one of the best four: standard errors from a handful of images are rough themselves, and a committee takes three. What time
/// does not allow is not measured.
///
/// Sources: Jamieson and Talwalkar, "Non-stochastic best arm identification and hyperparameter optimization", AISTATS 2016
/// (successive halving); Maron and Moore, "The racing algorithm", Artificial Intelligence Review 11, 1997 (paired elimination).
package struct Race: Sendable {
  /// The folds of each rung, beside those of the rungs before.
  package let rungs: [[InnerFolds.Place]]
  package let classes: Int
  /// In standard errors of the difference to the leader.
  package var margin = 2.0
  /// Ways that no rung puts out.
  static let leastLeft = 4

  package init(rungs: [[InnerFolds.Place]], classes: Int) { (self.rungs, self.classes) = (rungs, classes) }

  /// A measurement.
  package struct Job: Sendable, Hashable {
    package var way: String
    package var place: InnerFolds.Place
  }

  /// What became of a way.
  package enum Fate: Codable, Sendable, Equatable {
    /// It is left at the end.
    case finalist
    /// By so much of the score, with this standard error.
    case behind(rung: Int, by: Double, standardError: Double)
    /// It was among the worse half.
    case halved(rung: Int)
    /// Time was over before it was measured on the folds of this rung.
    case untimely(rung: Int)
    /// It cannot be had, or may not be taken.
    case refused(reason: String)
  }

  /// One way's end.
  package struct Standing: Codable, Sendable, Equatable {
    package var way: String
    package var fate: Fate
    /// Folds that it was measured on.
    package var folds: Int
    /// On these folds; nil where none was scored.
    package var balancedAccuracy: Double?
    package var rocArea: Double?

    package init(way: String, fate: Fate, folds: Int, balancedAccuracy: Double?, rocArea: Double?) {
      (self.way, self.fate, self.folds) = (way, fate, folds)
      (self.balancedAccuracy, self.rocArea) = (balancedAccuracy, rocArea)
    }

    package var isUntried: Bool {
      if case .untimely(rung: 0) = fate { folds == 0 } else { false }
    }
  }

  /// How it ended.
  package struct Outcome: Sendable {
    /// Those that are left, the best first; empty where time allowed nothing.
    package var finalists: [String]
    /// The folds that all of them were measured on.
    package var places: [InnerFolds.Place]
    /// Of every way that entered, in the order of entry.
    package var standings: [Standing]
    package var evidence: [String: Evidence]
  }

  /// Runs the race.
  ///
  /// - Parameters:
  ///   - ways: the simplest first; of equals the simpler one is the better.
  ///   - measure: the held-out predictions of each job; nil where time does not allow it. Gets the rung, from 0.
  ///   - refusal: why a way is out whatever its score, asked after each rung; nil where it is not.
  package func run(
    _ ways: [String], refusal: (String) -> String? = { _ in nil },
    measure: (_ rung: Int, _ jobs: [Job]) throws -> [HeldOut?]
  ) rethrows -> Outcome {
    var evidence = Dictionary(uniqueKeysWithValues: ways.map { ($0, Evidence()) })
    var fates: [String: Fate] = [:]
    var left = ways
    var places: [InnerFolds.Place] = []
    for (rung, added) in rungs.enumerated() {
      // A rung that settles nothing is not run.
      guard left.count > 1 || rung == 0 else { break }
      // Way by way at first, so that as many as possible are measured; later fold by fold, so that those that are left are
      // measured on the same ones.
      let jobs =
        rung == 0
        ? left.flatMap { way in added.map { Job(way: way, place: $0) } }
        : added.flatMap { place in left.map { Job(way: $0, place: place) } }
      for (job, found) in zip(jobs, try measure(rung, jobs)) {
        if let found { evidence[job.way]!.add(found, at: job.place) }
      }
      for way in left { if let reason = refusal(way) { fates[way] = .refused(reason: reason) } }
      left = left.filter { fates[$0] == nil }
      let all = places + added
      let whole = left.filter { evidence[$0]!.score(on: all, classes: classes) != nil }
      guard whole.count > 1 || whole.count == left.count || rung == 0 else {
        // Time is over: what all of them have is taken.
        places += added.filter { place in left.allSatisfy { evidence[$0]!.folds[place] != nil } }
        break
      }
      for way in left where !whole.contains(way) { fates[way] = .untimely(rung: rung) }
      (left, places) = (whole, all)
      guard !left.isEmpty else { break }
      left = eliminate(ranked(left, evidence, on: places, among: ways), evidence, places, rung, &fates)
    }
    left = ranked(left, evidence, on: places, among: ways).map(\.way)
    for way in left { fates[way] = .finalist }
    let standings = ways.map { way in
      let folds = evidence[way]!.folds.keys.sorted()
      let score = evidence[way]!.score(on: folds, classes: classes)
      return Standing(
        way: way, fate: fates[way] ?? .untimely(rung: 0), folds: folds.count, balancedAccuracy: score?.balancedAccuracy,
        rocArea: score?.rocArea)
    }
    return Outcome(finalists: left, places: places, standings: standings, evidence: evidence)
  }

  /// The most measurements that a race of so many ways takes: where none is put out for being clearly behind.
  package func mostMeasurements(of ways: Int) -> Int {
    var (left, sum) = (ways, 0)
    for (number, rung) in rungs.enumerated() where left > 1 || number == 0 {
      sum += left * rung.count
      left = min(left, Self.room(of: left))
    }
    return sum
  }

  /// Of so many ranked ways, how many a rung leaves.
  private static func room(of count: Int) -> Int { max(leastLeft, (count + 1) / 2) }

  private typealias Ranked = (way: String, score: WayScore)

  /// The best first.
  private func ranked(
    _ left: [String], _ evidence: [String: Evidence], on places: [InnerFolds.Place], among ways: [String]
  ) -> [Ranked] {
    let order = Dictionary(uniqueKeysWithValues: ways.enumerated().map { ($1, $0) })
    return left.compactMap { way in evidence[way]!.score(on: places, classes: classes).map { (way, $0) } }
      .sorted { (-$0.1.value, order[$0.0]!) < (-$1.1.value, order[$1.0]!) }
  }

  private func eliminate(
    _ ranked: [Ranked], _ evidence: [String: Evidence], _ places: [InnerFolds.Place], _ rung: Int,
    _ fates: inout [String: Fate]
  ) -> [String] {
    guard let leader = ranked.first else { return [] }
    let isLast = rung == rungs.count - 1
    let room = isLast ? ranked.count : Self.room(of: ranked.count)
    var kept: [String] = []
    for (rank, entry) in ranked.enumerated() {
      let gap = leader.score.value - entry.score.value
      let error = leader.score.standardError(ofDifferenceTo: entry.score)
      if rank >= Self.leastLeft, gap > margin * error {
        fates[entry.way] = .behind(rung: rung, by: gap, standardError: error)
      } else if rank >= room {
        fates[entry.way] = .halved(rung: rung)
      } else {
        kept.append(entry.way)
      }
    }
    return kept
  }
}

extension [Race.Standing] {
  /// Whether time was over before any way was measured on a whole rung, or refused for what it is.
  package var wereNeverJudged: Bool {
    allSatisfy { if case .untimely(rung: 0) = $0.fate { true } else { false } }
  }
}
