import Foundation
import Generators

/// An experiment cut into parts that a scheduler runs, each a `manikin work`.
public struct PartPlan: Sendable, Codable, Equatable {
  /// Of Manikin; a plan is worked off by the version that made it.
  public var version: String
  /// The name of the run folder.
  public var run: String
  /// Digests of the images and of what else the experiment is held to, by name.
  public var inputs: [String: String]
  /// A digest of all settings but those that may differ between two plans of one run.
  public var recipe: String
  public var splits: Int
  public var runs: Int
  public var methods: [String]
  public var classes: [String]
  public var parts: [Part]

  /// The parts of an experiment, each after those that it needs.
  ///
  /// - Parameters:
  ///   - runsPerPart: trainings of each method that one part does.
  ///   - threads: of each part.
  init(_ inputs: ExperimentInputs, runName: String, runsPerPart: Int, threads: Int) throws {
    let (recipe, data, plan) = (inputs.recipe, inputs.data, inputs.plan)
    version = Manikin.version
    run = runName
    self.inputs = Dictionary(uniqueKeysWithValues: inputs.digests.map { ($0.name, $0.digest) })
    self.recipe = recipe.digestOfParts
    (splits, runs) = (plan.splits, inputs.isScored ? plan.runs : 0)
    (methods, classes) = (plan.methods.map(\.rawValue), data.classes)
    let forecast = try PartForecast(inputs, threads: threads)
    let digits = max(2, String(plan.splits).count)
    let runDigits = max(2, String(runs).count)
    let classNames = Self.shortNames(data.classes)
    var parts: [Part] = []
    func add(
      _ id: String, _ kind: Part.Kind, split: Int? = nil, className: String? = nil, runs: Range<Int>? = nil,
      inputs: [String], outputs: [String]
    ) {
      let cost = forecast.cost(of: kind, runs: runs?.count ?? 0, className: className)
      parts.append(
        Part(
          id: id, kind: kind, split: split.map { $0 + 1 }, className: className,
          firstRun: runs.map { $0.lowerBound + 1 },
          lastRun: runs?.upperBound, inputs: inputs, outputs: outputs, threads: threads, seconds: cost.seconds,
          mebibytes: cost.mebibytes, secondsToEnd: 0))
    }
    var ends: [String] = []
    for split in 0..<plan.splits {
      let number = Part.padded(split + 1, digits: digits)
      let place = plan.splits > 1 ? "\(runName)/splits/\(Part.padded(split + 1, digits: 2))" : runName
      var trained: [String] = []
      if recipe.generator.share == .all {
        trained.append("train-\(number)")
        add(trained[0], .train, split: split, inputs: [], outputs: ["\(place)/models"])
      } else {
        for (className, short) in zip(data.classes, classNames) {
          trained.append("train-\(number)-\(short)")
          add(
            trained.last!, .train, split: split, className: className, inputs: [],
            outputs: ["\(place)/models/\(RunFolder.fileName(for: className).replacing(" ", with: "%20"))"])
        }
      }
      let draw = "draw-\(number)"
      add(
        draw, .draw, split: split, inputs: trained,
        outputs: inputs.methods.map { "\(place)/synthetic/\($0.rawValue)" } + ["\(place)/figures.json"])
      if split == 0, !inputs.methods.isEmpty {
        add(
          "judge-\(number)", .judge, split: split, inputs: [draw],
          outputs: ["\(runName)/fidelity.json", "\(runName)/audit.json"])
        ends.append("judge-\(number)")
      }
      for first in stride(from: 0, to: runs, by: max(1, runsPerPart)) {
        let range = first..<min(runs, first + max(1, runsPerPart))
        let id =
          "classify-\(number)-\(Part.padded(range.lowerBound + 1, digits: runDigits))-"
          + Part.padded(range.upperBound, digits: runDigits)
        add(
          id, .classify, split: split, runs: range, inputs: [draw],
          outputs: ["\(PartsFolder.name(of: runName))/done/\(id)/predictions.csv"])
        ends.append(id)
      }
      if runs == 0 { ends.append(draw) }
    }
    add(
      "gather", .gather, inputs: ends,
      outputs: (inputs.isScored ? ["results.csv", "predictions.csv"] : []).map { "\(runName)/\($0)" } + [
        "\(runName)/results.json", "\(runName)/report.html",
      ])
    Self.addSecondsToEnd(&parts)
    self.parts = parts
  }

  /// Names of classes for ids: as they are if letters and digits are all that they have, else their numbers.
  private static func shortNames(_ classes: [String]) -> [String] {
    let isPlain = classes.allSatisfy { $0.wholeMatch(of: /[A-Za-z0-9]{1,40}/) != nil }
    return isPlain ? classes : classes.indices.map { "class\($0 + 1)" }
  }

  /// Every part's seconds and, after it, the longest way to the end.
  private static func addSecondsToEnd(_ parts: inout [Part]) {
    let places = Dictionary(uniqueKeysWithValues: parts.indices.map { (parts[$0].id, $0) })
    var after = [Double](repeating: 0, count: parts.count)
    for index in parts.indices.reversed() {
      parts[index].secondsToEnd = parts[index].seconds + after[index]
      for input in parts[index].inputs {
        let place = places[input]!
        after[place] = max(after[place], parts[index].secondsToEnd)
      }
    }
  }

  /// A line for each part, under a line of names.
  public var table: String {
    ([Part.columns.joined(separator: "\t")] + parts.map(\.line)).joined(separator: "\n") + "\n"
  }

  /// What is forecast, in a sentence or two.
  public var summary: String {
    let counts = Part.Kind.allCases.compactMap { kind -> String? in
      let count = parts.count { $0.kind == kind }
      return count == 0 ? nil : "\(count) \(kind.rawValue)"
    }.joined(separator: ", ")
    let total = parts.reduce(0) { $0 + $1.seconds }
    let longest = parts.map(\.secondsToEnd).max() ?? 0
    return "\(parts.count) parts (\(counts)); about \(ProgressText.duration(total)) of work, "
      + "\(ProgressText.duration(longest)) at least with any number of workers, and "
      + "\(parts.map(\.mebibytes).max() ?? 0) MiB for the largest. The seconds are rough, within a factor of three: "
      + "'manikin status' corrects them by what is done."
  }
}

extension Recipe {
  /// A digest of the settings that all parts of a run must agree in: not places, nor how many splits and runs there are.
  var digestOfParts: String {
    Checksum.of(
      Recipe.settings.filter { !Recipe.placeKeys.contains($0.key) && $0.kind != .path }
        .compactMap { setting in setting.value(in: self).map { "\(setting.key): \($0.yaml)\n" } }.joined())
  }
}
