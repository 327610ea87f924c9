import Figures

/// A figure of several splits as the cell of a table: its mean, and its range where the splits differ.
struct RangedCell {
  let mean: String
  let range: String?

  /// - Parameters:
  ///   - values: one for each split, nil or not finite where it is not known.
  ///   - text: how a value is written.
  init(_ values: [Double?], _ text: (Double) -> String) {
    let known = values.compactMap { $0 }.filter(\.isFinite)
    guard let lowest = known.min(), let highest = known.max() else {
      (mean, range) = (NumberText.undefined, nil)
      return
    }
    mean = text(known.reduce(0, +) / Double(known.count))
    let ends = (text(lowest), text(highest))
    let remark = known.count < values.count ? "in \(known.count) of \(values.count) splits" : nil
    let span = ends.0 == ends.1 ? nil : "\(ends.0) to \(ends.1)"
    let parts = [span, remark].compactMap { $0 }
    range = parts.isEmpty ? nil : parts.joined(separator: ", ")
  }

  /// Words, which are the same in all splits.
  init(_ words: String) { (mean, range) = (words, nil) }

  static let source = "<td class=\"number\">{{mean}}{{#range}}<small>{{range}}</small>{{/range}}</td>"

  /// What stands in a caption after the name of figures of so many splits.
  static func meaning(splits: Int) -> String { splits > 1 ? ", mean and range over \(splits) splits" : "" }
}
