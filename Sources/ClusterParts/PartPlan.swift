import Foundation
import Recipes
import Runs

/// An experiment cut into parts that a scheduler runs, each a `manikin work`.
public struct PartPlan: Sendable, Codable, Equatable {
  /// What is cut into parts.
  public enum Task: String, Sendable, Codable, CaseIterable {
    /// What 'manikin run' and 'evaluate' do; of a sweep too.
    case evaluate
    case grid, compare
  }

  /// What the run of one value of a sweep is held to.
  public struct Point: Sendable, Codable, Equatable {
    public var inputs: [String: String]
    public var recipe: String
  }

  /// Of Manikin; a plan is worked off by the version that made it.
  public var version: String
  /// The name of the run folder.
  public var run: String
  public var task = Task.evaluate
  /// Digests of the images and of what else the experiment is held to, by name.
  public var inputs: [String: String]
  /// A digest of all settings but those that may differ between two plans of one run.
  public var recipe: String
  /// Of a sweep, by value.
  public var points: [String: Point]?
  public var splits = 1
  public var runs = 0
  public var methods: [String] = []
  public var classes: [String]
  public var parts: [Part]

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
  /// What may be more in a further plan of a run: each of them has parts of its own.
  private static let extendableKeys: Set<String> = [
    "sweep.values", "compare.models", "compare.seeds", "compare.settings", "compare.sizes",
  ]

  /// A digest of the settings that all parts of a run must agree in: not places, nor how many splits and runs there are.
  var digestOfParts: String {
    Checksum.of(
      Recipe.settings.filter {
        !Recipe.placeKeys.contains($0.key) && !Self.extendableKeys.contains($0.key)
          && $0.kind != .path
      }
      .compactMap { setting in setting.value(in: self).map { "\(setting.key): \($0.yaml)\n" } }
      .joined())
  }
}
