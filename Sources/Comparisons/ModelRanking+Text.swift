import Foundation
import Recipes

extension ModelRanking {
  private static let width = 80

  private static func cell(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  private static func name(_ text: String) -> String {
    text + String(repeating: " ", count: max(1, 25 - text.count))
  }

  private static func wrapped(_ text: String) -> String { TextWrap.lines(text, width: width).joined(separator: "\n") }

  /// The table and what it says, within 80 columns.
  package var text: String {
    var lines = [
      Self.name("model - method") + Self.cell("FD, less", 8) + Self.cell("95 % interval", 17)
        + Self.cell("PRD, more", 11) + Self.cell("recon.", 9) + Self.cell("setting", 9)
    ]
    for line in shown {
      let interval = line.distance.interval.map { "\(Self.figure($0.lower)) to \(Self.figure($0.upper))" } ?? "-"
      lines.append(
        Self.name(line.name) + Self.cell(Self.figure(line.distance.mean), 8) + Self.cell(interval, 17)
          + Self.cell(line.shares, 11) + Self.cell(line.reconstruction.map { Self.figure($0.mean) } ?? "-", 9)
          + Self.cell("\(line.setting) of \(line.settingsTried)", 9))
    }
    if let yardstick {
      lines.append(
        Self.name("real training images") + Self.cell(Self.figure(yardstick.score.frechetDistance), 8)
          + Self.cell("-", 17) + Self.cell(yardstick.score.shares, 11))
    }
    func paragraph(_ sentences: [String]) -> String? {
      sentences.isEmpty ? nil : sentences.map(Self.wrapped).joined(separator: "\n")
    }
    let missing = (gaps.map { [$0] } ?? []) + failures
    let parts: [String?] = [
      lines.joined(separator: "\n"), Self.wrapped(legend), curve, chosenSettings, paragraph(findings),
      paragraph(missing),
    ]
    return parts.compactMap { $0 }.joined(separator: "\n\n") + "\n"
  }

  /// What the columns are.
  package var legend: String {
    let count = shown.first?.trainingImages ?? 0
    let means = seeds > 1 ? "means over \(seeds) seeds, intervals by Student's t" : "one seed: no interval"
    return "FD: Fréchet distance by \(features) from \(testImages) test images. PRD: F8/F1/8, recall and precision. "
      + "recon.: FD of reconstructed test images. setting: of those tried, the one nearest to the validation images. "
      + "\(count) training images; \(means)."
  }

  /// The distances by the size of the training set; nil for one size.
  private var curve: String? {
    let sizes = sizes
    guard sizes.count > 1 else { return nil }
    var rows = [Self.name("FD by training images") + sizes.map { Self.cell($0, 10) }.joined()]
    for line in shown {
      let cells = sizes.map { size in
        lines.first { $0.size == size && $0.model == line.model && $0.method == line.method }
          .map { Self.figure($0.distance.mean) } ?? "-"
      }
      rows.append(Self.name(line.name) + cells.map { Self.cell($0, 10) }.joined())
    }
    return rows.joined(separator: "\n")
  }

  /// The values of the chosen settings; nil when nothing was searched.
  private var chosenSettings: String? {
    let searched = shown.filter { $0.settingsTried > 1 }
    guard !searched.isEmpty else { return nil }
    let chosen = searched.map {
      Self.wrapped("\($0.name): \($0.settingName) (\($0.setting) of \($0.settingsTried) tried)")
    }
    return (["Settings that the validation images chose, of the paper's ranges:"] + chosen).joined(separator: "\n")
  }
}
