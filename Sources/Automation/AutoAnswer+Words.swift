import Assessment
import Foundation

/// The words of an answer, every one from the numbers.
struct AnswerWords {
  let gain: ProcedureGain
  let choice: Choice?
  let ways: [Way]
  let standings: [Race.Standing]
  let isPrivate: Bool
  /// Divisions, and those in which nothing could be taken.
  let divisions: Int
  let withoutChoice: Int
  let classes: Int
  /// Where the images to train on lie; nil where none were written.
  let imageFolder: String?
  /// What the classifier in `classifier/` is trained on.
  let trainedOn: String

  private var chosen: [Way] { (choice?.members ?? []).compactMap { name in ways.first { $0.name == name } } }
  private var names: String { chosen.map(\.name).joined(separator: " + ") }

  /// Whether time was over before any way was measured, or refused for what it is.
  private var nothingWasJudged: Bool { standings.wereNeverJudged }

  private func points(_ fraction: Double?) -> String {
    fraction.map { String(format: "%+.1f points", 100 * $0) } ?? "NA"
  }

  var answer: String {
    if choice == nil, nothingWasJudged { return "There was no time to judge any way" }
    if isPrivate, choice == nil { return "No way was found whose images could be given away" }
    let what = isPrivate ? "Training on synthetic images alone" : "Choosing by this procedure"
    switch gain.verdict {
    case .helps: return "\(what) helps: \(points(gain.accuracy.meanDifference)) of balanced accuracy"
    case .hurts: return "\(what) hurts: \(points(gain.accuracy.meanDifference)) of balanced accuracy"
    case .noDifference: return "\(what): no difference to original-matched was shown"
    case .cannotSay: return "\(what): there is too little to say whether it helps"
    }
  }

  var numbers: String {
    func percent(_ value: Double?) -> String { value.map { String(format: "%.1f %%", 100 * $0) } ?? "NA" }
    let place =
      gain.accuracy.splits == 1
      ? "On the test images of the given split" : "On the test images of \(gain.accuracy.splits) divisions"
    return
      "\(place), which no choice has seen, what the procedure chose reaches \(percent(gain.meanAccuracies[0])) balanced "
      + "accuracy, \(gain.accuracy.amount); its area under the ROC curve is \(percent(gain.meanAreas[0])), \(gain.area.amount)."
  }

  var advice: String {
    guard choice != nil else {
      if isPrivate, nothingWasJudged {
        return "What to do: give the same command more --minutes; until then give no image away."
      }
      return isPrivate
        ? "What to do: give none of these images away, or collect more images and try again."
        : "What to do: leave your images as they are; there was no time to try anything. Give more --minutes."
    }
    let classifier =
      "The classifier in classifier/ is trained on \(trainedOn). Its threshold and calibration lie beside."
    if gain.verdict == .hurts {
      return
        "What to do: leave your images as they are, and repeat the small class's (original-matched); what was chosen on all "
        + "images is \(names), but such choices did harm on test images."
    }
    let caution = gain.verdict == .helps ? "" : " It is not shown to be better than repeating the small class's images."
    if let imageFolder {
      return isPrivate
        ? "What to do: \(names). The synthetic images are in \(imageFolder)/, without real ones; read Documentation/Privacy.md "
          + "before you share them. \(classifier)\(useless)\(caution)"
        : "What to do: train on \(imageFolder)/, synthetic images beside your own, small classes repeated to the largest "
          + "(\(names)). \(classifier)\(caution)"
    }
    return
      "What to do: leave your images as they are, no synthetic ones are needed; train as recipes/ says (\(names)). "
      + "\(classifier)\(caution)"
  }

  /// Images may be safe to give away for showing nothing.
  private var useless: String {
    guard let choice, choice.isNearChance(classes: classes) else { return "" }
    return String(
      format:
        " But these images are of little use: a classifier of them tells held-out images apart hardly better than "
        + "chance (%.1f %% balanced accuracy).", 100 * choice.balancedAccuracy)
  }

  var details: [String] {
    var found: [String] = []
    if gain.accuracy.verdict == .gain, gain.area.verdict != .gain {
      found.append(
        "The area under the ROC curve is not shown to gain, so a part of the gain, or all of it, is that of a better threshold."
      )
    }
    if let accuracy = gain.meanAccuracies[1], let area = gain.meanAreas[1], accuracy < 1 / Double(classes) + 0.05,
      area < 0.6
    {
      found.append(
        "original-matched is hardly better than chance here, so that a gain over it says little: it learned nothing, with the "
          + "recipe's settings of the classifier.")
    }
    if gain.accuracy.splits == 1 {
      found.append("This is one division: it says nothing of other training sets.")
    } else if let detectable = gain.accuracy.detectableDifference, detectable > 0 {
      found.append(
        String(format: "Such an experiment finds a gain of %.1f points or more with 80 %% power.", 100 * detectable))
    }
    if withoutChoice > 0 {
      found.append(
        "In \(withoutChoice) of \(divisions) divisions no way could be taken; real images alone stand in for it there.")
    }
    let untried = standings.filter(\.isUntried).map(\.way)
    if !untried.isEmpty {
      let race = gain.accuracy.splits == 1 ? "" : " in the race on all images"
      found.append("Not tried for lack of time\(race): \(untried.joined(separator: ", ")).")
    }
    let refused = standings.compactMap { standing -> String? in
      if case .refused(let reason) = standing.fate { "\(standing.way) (\(reason))" } else { nil }
    }
    if !refused.isEmpty { found.append("Left out: \(refused.joined(separator: "; ")).") }
    return found
  }
}

extension Race.Standing {
  /// What became of it, in words.
  var words: String {
    let scores =
      balancedAccuracy.map { accuracy in
        String(format: "%.1f %% balanced accuracy, %.1f %% area, %d folds", 100 * accuracy, 100 * (rocArea ?? 0), folds)
      } ?? "no score"
    return switch fate {
    case .finalist: "\(scores); left at the end"
    case .behind(let rung, let gap, let error):
      scores
        + String(
          format: "; behind after rung %d: by %.1f points, standard error %.1f", rung + 1, 100 * gap, 100 * error)
    case .halved(let rung): "\(scores); among the worse half after rung \(rung + 1)"
    case .untimely(rung: 0) where folds == 0: "not tried for lack of time"
    case .untimely(let rung): "\(scores); no time for rung \(rung + 1)"
    case .refused(let reason): "left out: \(reason)"
    }
  }
}
