/// What one way said of held-out images, fold by fold.
package struct Evidence: Sendable, Equatable {
  package private(set) var folds: [InnerFolds.Place: HeldOut] = [:]

  package init() {}

  package mutating func add(_ heldOut: HeldOut, at place: InnerFolds.Place) { folds[place] = heldOut }

  /// That of some folds alone.
  func selecting(_ places: [InnerFolds.Place]) -> Evidence {
    var result = Evidence()
    for place in places { result.folds[place] = folds[place] }
    return result
  }

  func holds(_ places: [InnerFolds.Place]) -> Bool { places.allSatisfy { folds[$0] != nil } }

  /// All of it, repeats one after the other.
  package var all: HeldOut { HeldOut.joined(folds.sorted { $0.key < $1.key }.map(\.value)) }

  /// What calibrates classifiers of this way; all repeats are one sample of what such classifiers say.
  package func calibration(classes: Int) -> Calibration { Calibration(all, classes: classes) }

  /// The score on some folds: each repeat's folds are pooled and calibrated, which costs every way the same few parameters.
  /// Nil where a fold is missing or a class has no image.
  func score(on places: [InnerFolds.Place], classes: Int) -> WayScore? {
    guard holds(places), !places.isEmpty else { return nil }
    let scores = Dictionary(grouping: places, by: \.repeat).sorted { $0.key < $1.key }.map { _, places in
      let pooled = HeldOut.joined(places.sorted().map { folds[$0]! })
      return WayScore(Calibration(pooled, classes: classes).apply(to: pooled), classes: classes)
    }
    let known = scores.compactMap { $0 }
    return known.count == scores.count ? WayScore.mean(known) : nil
  }

  /// What several ways say together: the mean of their calibrated logarithms, on the folds that all of them have.
  package static func committee(_ members: [Evidence], classes: Int) -> Evidence {
    let calibrations = members.map { $0.calibration(classes: classes) }
    var result = Evidence()
    for place in members[0].folds.keys where members.allSatisfy({ $0.folds[place] != nil }) {
      result.add(
        HeldOut.mean(zip(members, calibrations).map { $1.apply(to: $0.folds[place]!) }), at: place)
    }
    return result
  }
}
