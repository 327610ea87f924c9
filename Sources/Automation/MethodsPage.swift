import Assessment
import Datasets
import Foundation
import Runs

/// `methods.md`: what a paper's methods section says of the choice.
struct MethodsPage {
  let run: AutoRun
  /// The images that the choice that is handed over was trained on.
  let whole: ExperimentData
  let answer: AutoAnswer

  var text: String {
    let ways = run.ways(hasValidation: !whole.indices(in: .validation).isEmpty)
    let tried = answer.ways.filter { !$0.isUntried }
    let rows = answer.ways.map { standing in
      "| \(standing.way) | \(ways.first { $0.name == standing.way }?.meaning ?? "") | \(standing.words) |"
    }
    let counts = whole.classes.map { name in
      "\(whole.indices(of: name, in: .train).count) of \(name)"
    }
    let versions = Manikin.versions
    let outer =
      answer.divisions.count == 1
      ? "The images came split; the split's test images took no part in any choice."
      : "The subjects were divided \(answer.divisions.count) times at random into training, validation and test images, "
        + "stratified by class. The whole procedure was repeated inside each division's training and validation images, and "
        + "scored on its test images."
    let libraries = versions.libraries.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(
      separator: ", ")
    return """
      # Methods

      Written by Manikin \(versions.manikin) for \(run.recipe.name); seed \(run.recipe.seed).

      ## Choice of the classifier

      \(tried.count == 1 ? "One way of training a classifier was" : "\(tried.count) ways of training a classifier were") \
      compared on \(counts.joined(separator: ", ")) training images by \
      racing: classifiers of every way were trained on the same folds of the training subjects, and a way was dropped when the \
      mean of balanced accuracy and area under the ROC curve on the held-out images lay more than two paired standard errors \
      behind the best, or among the worse half, after two folds, after the first repeat of the folds, and after the second \
      [1, 2]; the best four were kept. Standard errors are those of DeLong et al. [3], summed up by subject. Of ways within one \
      standard error the simplest came first. Committees of it and the best ways of other kinds average calibrated \
      log-probabilities; of committees within one standard error the largest, of three at most, was taken. Slope and intercepts were fitted to held-out predictions by maximum likelihood with equal \
      weights for the classes [4, 5]; the intercepts are the threshold. Each network of the final classifier was trained from \
      up to \(Procedure.starts) random starts, which are averaged.

      Chosen: \(answer.chosen?.members.joined(separator: " + ") ?? "nothing").

      | way | a classifier trained | on held-out images, before the choice |
      |---|---|---|
      \(rows.joined(separator: "\n"))

      The scores of this table took part in the choice and are too good for what was chosen.

      \(privacy)## What the procedure gains

      \(outer) The comparison is with `original-matched`: real images, the small classes repeated, as many optimiser steps as \
      the usual synthetic sets allow, the decision by the largest probability. Differences are paired by division and tested by \
      the corrected resampled t-test [6]\(answer.divisions.count == 1 ? " or, on one division, a bootstrap over test subjects and trainings" : "").

      Simple ways (\(SimpleWays.names.joined(separator: ", ")), with the settings of the race and the decision by the largest \
      probability) were trained on the same images and scored on the same test images, and the choice compared with them by \
      the same test, p-values corrected by Holm's method for their number.

      \(answer.numbers) \(answer.details.joined(separator: " "))

      \(divisions)

      \(hindsight)## Software

      Manikin \(versions.manikin), Swift \(versions.swift), \(libraries); \(versions.operatingSystem), \
      \(versions.processor), \(versions.cores) cores. Time: \(String(format: "%.0f", answer.elapsedSeconds)) s of \
      \(String(format: "%.0f", 60 * answer.minutes)) s.

      ## References

      1. Jamieson and Talwalkar, Non-stochastic best arm identification and hyperparameter optimization, AISTATS 2016.
      2. Maron and Moore, The racing algorithm, Artificial Intelligence Review 11, 1997.
      3. DeLong, DeLong and Clarke-Pearson, Comparing the areas under two or more correlated ROC curves, Biometrics 44, 1988.
      4. Platt, Probabilistic outputs for support vector machines, 1999.
      5. Guo, Pleiss, Sun and Weinberger, On calibration of modern neural networks, ICML 2017.
      6. Nadeau and Bengio, Inference for the generalization error, Machine Learning 52, 2003.
      7. Chadebec and Allassonniere, A geometric perspective on variational autoencoders, NeurIPS 2022.

      """
  }

  /// The rule by which images may be given away; empty where they need not be.
  private var privacy: String {
    guard run.settings.isPrivate else { return "" }
    return """
      ## Which images may be given away

      All classifiers but `original-matched` and the simple ways were trained on decoded synthetic images alone, without \
      residuals. Images that came out as copies of a training image, or nearly (less than half as far from it as the nearest \
      other one of its class), were drawn anew. In every fold the synthetic images were audited against the training images \
      that they were made from, the fold's held-out images being those that took no part: a way was left out if more than 5 % of \
      its images had to be drawn anew, or if the 95 % interval of the area by which distances to the synthetic images tell training images \
      from held-out ones did not contain 0.5. That nothing was found is no proof of privacy.


      """
  }

  private var hindsight: String {
    guard let hindsight = answer.hindsight else { return "" }
    return """
      ## The best single way

      Afterwards every way was trained once on each division's training images, with the settings of the race, and scored on \
      its test images by the largest probability. None of this took part in a choice. So that the best way is not the luckiest, \
      the way with the best mean of balanced accuracy and area on the other divisions was scored on each division; differences \
      to the procedure are tested by the corrected resampled t-test [6].

      \(hindsight.sentences.joined(separator: " "))


      """
  }

  private var divisions: String {
    func percent(_ value: Double?) -> String { value.map { String(format: "%.1f", 100 * $0) } ?? "NA" }
    let names = answer.beside.map(\.way)
    let rows = answer.divisions.map { division in
      let scores =
        [(division.balancedAccuracy, division.rocArea), (division.baselineBalancedAccuracy, division.baselineRocArea)]
        + names.map { (division.beside[$0]?.balancedAccuracy, division.beside[$0]?.rocArea) }
      return "| \(division.number) | \(AutoAnswer.Division.words(division.trainSubjects)) | "
        + "\(AutoAnswer.Division.words(division.testSubjects)) | \(division.names) | "
        + scores.map { "\(percent($0.0)) / \(percent($0.1))" }.joined(separator: " | ") + " |"
    }
    return
      ([
        "Balanced accuracy / area under the ROC curve on test images, in %:", "",
        "| division | training subjects | test subjects | chosen | auto | original-matched |"
          + names.map { " \($0) |" }.joined(),
        "|---|---|---|---|---|---|" + names.map { _ in "---|" }.joined(),
      ] + rows).joined(separator: "\n")
  }
}
