import Datasets
import Experiments
import Foundation
import Recipes
import Runs

/// Collects the parts of a plan, each after those that it needs.
struct PartListing {
  let threads: Int
  private(set) var parts: [Part] = []
  /// The ids of those that the last one waits for.
  var ends: [String] = []

  init(threads: Int) { self.threads = threads }

  mutating func add(
    _ id: String, _ kind: Part.Kind, split: Int? = nil, className: String? = nil,
    runs: Range<Int>? = nil,
    item: String? = nil, inputs: [String], outputs: [String], _ cost: PartForecast.Cost
  ) {
    parts.append(
      Part(
        id: id, kind: kind, split: split.map { $0 + 1 }, className: className,
        firstRun: runs.map { $0.lowerBound + 1 }, lastRun: runs?.upperBound, item: item,
        inputs: inputs,
        outputs: outputs, threads: threads, seconds: cost.seconds, mebibytes: cost.mebibytes,
        secondsToEnd: 0))
  }

  /// The parts with the one that makes tables and report, and with the longest way to the end of each.
  func finished(outputs: [String], _ cost: PartForecast.Cost) -> [Part] {
    var all = self
    all.add("gather", .gather, inputs: ends, outputs: outputs, cost)
    Self.addSecondsToEnd(&all.parts)
    return all.parts
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

  /// Names of classes for ids: as they are if letters and digits are all that they have, else their numbers.
  static func shortNames(_ classes: [String]) -> [String] {
    let isPlain = classes.allSatisfy { $0.wholeMatch(of: /[A-Za-z0-9]{1,40}/) != nil }
    return isPlain ? classes : classes.indices.map { "class\($0 + 1)" }
  }

  /// The runs that each part does, with their numbers as ids have them.
  static func ranges(of runs: Int, each count: Int) -> [(runs: Range<Int>, text: String)] {
    let digits = max(2, String(runs).count)
    return stride(from: 0, to: runs, by: max(1, count)).map { first in
      let range = first..<min(runs, first + max(1, count))
      return (
        range,
        "\(Part.padded(range.lowerBound + 1, digits: digits))-\(Part.padded(range.upperBound, digits: digits))"
      )
    }
  }
}

extension PartListing {
  /// The parts of one experiment but the last.
  ///
  /// - Parameters:
  ///   - run: the name of the folder that holds the run and the folder of parts beside it.
  ///   - value: of a sweep, whose runs lie in folders of that name; nil for one experiment.
  ///   - runsPerPart: trainings of each method that one part does.
  mutating func add(
    _ inputs: ExperimentInputs, run: String, value: String?, runsPerPart: Int,
    _ forecast: PartForecast
  ) {
    let (recipe, data, plan) = (inputs.recipe, inputs.data, inputs.plan)
    let runs = inputs.isScored ? plan.runs : 0
    let digits = max(2, String(plan.splits).count)
    let whole = value.map { "\(run)/\($0)" } ?? run
    let tag = value.map { "at\($0)-" } ?? ""
    for split in 0..<plan.splits {
      let number = tag + Part.padded(split + 1, digits: digits)
      let place = plan.splits > 1 ? "\(whole)/splits/\(Part.padded(split + 1, digits: 2))" : whole
      let trained =
        recipe.needsModels
        ? addModels(
          "train-\(number)", share: recipe.generator.share, data, split: split, item: value,
          place: place, forecast) : []
      let draw = "draw-\(number)"
      add(
        draw, .draw, split: split, item: value, inputs: trained,
        outputs: inputs.methods.map { "\(place)/synthetic/\($0.rawValue)" } + [
          "\(place)/figures.json"
        ],
        forecast.cost(of: .draw, runs: 0, className: nil))
      if split == 0, !inputs.methods.isEmpty {
        add(
          "judge-\(number)", .judge, split: split, item: value, inputs: [draw],
          outputs: ["\(whole)/fidelity.json", "\(whole)/audit.json"],
          forecast.cost(of: .judge, runs: 0, className: nil))
        ends.append("judge-\(number)")
      }
      for (range, text) in Self.ranges(of: runs, each: runsPerPart) {
        let id = "classify-\(number)-\(text)"
        add(
          id, .classify, split: split, runs: range, item: value, inputs: [draw],
          outputs: ["\(PartsFolder.name(of: run))/done/\(id)/predictions.csv"],
          forecast.cost(of: .classify, runs: range.count, className: nil))
        ends.append(id)
      }
      if runs == 0 { ends.append(draw) }
    }
  }

  /// The part that trains one model of all classes, or the parts of a model for each.
  ///
  /// - Returns: their ids.
  mutating func addModels(
    _ id: String, share: GeneratorSharing, _ data: ExperimentData, split: Int?, item: String?,
    place: String,
    _ forecast: PartForecast
  ) -> [String] {
    guard share != .all else {
      add(
        id, .train, split: split, item: item, inputs: [], outputs: ["\(place)/models"],
        forecast.cost(of: .train, runs: 0, className: nil))
      return [id]
    }
    return zip(data.classes, Self.shortNames(data.classes)).map { className, short in
      add(
        "\(id)-\(short)", .train, split: split, className: className, item: item, inputs: [],
        outputs: [
          "\(place)/models/\(RunFolder.fileName(for: className).replacing(" ", with: "%20"))"
        ],
        forecast.cost(of: .train, runs: 0, className: className))
      return "\(id)-\(short)"
    }
  }
}
