import Assessment
import Foundation
import Runs

/// `methods.md`: what a paper's methods section says of the choice.
struct MethodsPage {
  let handOver: HandOver
  let answer: AutoAnswer

  var text: String {
    let run = handOver.run
    let ways = handOver.source.procedure.ways
    let tried = answer.ways.filter { !$0.isUntried }
    let rows = answer.ways.map { standing in
      "| \(standing.way) | \(ways.first { $0.name == standing.way }?.meaning ?? "") | \(standing.words) |"
    }
    let counts = handOver.source.data.classes.map { name in
      "\(handOver.source.data.indices(of: name, in: .train).count) of \(name)"
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

      \(tried.count) ways of training a classifier were compared on \(counts.joined(separator: ", ")) training images by \
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

      ## What the procedure gains

      \(outer) The comparison is with `original-matched`: real images, the small classes repeated, as many optimiser steps as \
      the usual synthetic sets allow, the decision by the largest probability. Differences are paired by division and tested by \
      the corrected resampled t-test [6]\(answer.divisions.count == 1 ? " or, on one division, a bootstrap over test subjects and trainings" : "").

      \(answer.numbers) \(answer.details.joined(separator: " "))

      ## Software

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
}
