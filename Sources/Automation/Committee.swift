import Datasets
import Experiments
import Foundation
import ImageSets
import Tensors

/// The classifiers of a choice, trained on all of a set's training images, and what calibrates them.
package struct Committee: Sendable {
  /// One way, trained from several random starts.
  package struct Member: Sendable {
    package var way: String
    /// Of the way, from held-out images of the race.
    package var calibration: Calibration
    package var classifiers: [MethodTrial.Trained]
  }

  package var members: [Member]
  /// Of the members' mean, from the same images.
  package var calibration: Calibration

  /// The calibrated probabilities of the images of a side, as logarithms.
  package func heldOut(_ data: ExperimentData, of side: Split, subjectNumbers: [Int]) -> HeldOut {
    combined { TrialRunner.heldOut($0, data, of: side, subjectNumbers) }
  }

  /// What the committee says of some images, from what each of its classifiers says of them.
  func combined(_ predictions: (MethodTrial.Trained) -> HeldOut) -> HeldOut {
    let parts = members.map { member in
      member.calibration.apply(to: HeldOut.mean(member.classifiers.map(predictions)))
    }
    return calibration.apply(to: parts.count == 1 ? parts[0] : HeldOut.mean(parts))
  }

  /// The calibrations of a choice: of its members, and of their mean. A single member is calibrated once.
  package static func calibrations(
    _ choice: Choice, _ evidence: [String: Evidence], classes: Int
  ) -> (members: [Calibration], whole: Calibration) {
    calibrations(choice.members.map { evidence[$0]! }, classes: classes)
  }

  private static func calibrations(
    _ members: [Evidence], classes: Int
  ) -> (members: [Calibration], whole: Calibration) {
    guard members.count > 1 else { return ([.identity(classes)], members[0].calibration(classes: classes)) }
    return (
      members.map { $0.calibration(classes: classes) },
      Evidence.committee(members, classes: classes).calibration(classes: classes)
    )
  }

  /// The held-out predictions of a choice in the race, those of each fold calibrated by the other folds of the same repeat,
  /// which hold none of its subjects: what a calibration curve is drawn from.
  ///
  /// - Returns: nil where no repeat has two folds.
  package static func crossFitted(_ choice: Choice, _ evidence: [String: Evidence], classes: Int) -> HeldOut? {
    let members = choice.members.map { evidence[$0]! }
    let places = members[0].folds.keys.filter { place in members.allSatisfy { $0.folds[place] != nil } }.sorted()
    let parts = places.compactMap { place -> HeldOut? in
      let others = places.filter { $0.repeat == place.repeat && $0.fold != place.fold }
      guard !others.isEmpty else { return nil }
      let (own, whole) = calibrations(members.map { $0.selecting(others) }, classes: classes)
      let parts = zip(members, own).map { $1.apply(to: $0.folds[place]!) }
      return whole.apply(to: parts.count == 1 ? parts[0] : HeldOut.mean(parts))
    }
    return parts.isEmpty ? nil : HeldOut.joined(parts)
  }
}
