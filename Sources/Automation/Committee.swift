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
    let parts = members.map { member in
      member.calibration.apply(
        to: HeldOut.mean(
          member.classifiers.map { TrialRunner.heldOut($0, data, of: side, subjectNumbers) }))
    }
    return calibration.apply(to: parts.count == 1 ? parts[0] : HeldOut.mean(parts))
  }

  /// The calibrations of a choice: of its members, and of their mean. A single member is calibrated once.
  package static func calibrations(
    _ choice: Choice, _ evidence: [String: Evidence], classes: Int
  ) -> (members: [Calibration], whole: Calibration) {
    guard choice.members.count > 1 else {
      return ([.identity(classes)], evidence[choice.members[0]]!.calibration(classes: classes))
    }
    let members = choice.members.map { evidence[$0]! }
    return (
      members.map { $0.calibration(classes: classes) },
      Evidence.committee(members, classes: classes).calibration(classes: classes)
    )
  }

  /// The held-out predictions of a choice in the race, calibrated on themselves: what a calibration curve is drawn from.
  package static func outOfFold(_ choice: Choice, _ evidence: [String: Evidence], classes: Int) -> HeldOut {
    let (_, whole) = calibrations(choice, evidence, classes: classes)
    let all =
      choice.members.count > 1
      ? Evidence.committee(choice.members.map { evidence[$0]! }, classes: classes) : evidence[choice.members[0]]!
    return whole.apply(to: all.all)
  }
}
