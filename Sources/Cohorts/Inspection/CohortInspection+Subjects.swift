import Files
import Foundation
import ImageFiles
import ImageSets

extension CohortInspection {
  /// Files of one class that follow each other like slices of one person, but are of different subjects.
  public struct SliceSeries: Codable, Sendable, Equatable {
    public var className: String
    /// Pairs of files in which the next is more like than any other that was looked at.
    public var pairs: Int
    /// All pairs that were looked at.
    public var comparedPairs: Int
    /// The first such pairs, two paths each.
    public var examples: [[String]]
  }

  /// Such series in every class and side.
  static func sliceSeries(_ scans: [ImageScan]) -> [SliceSeries] {
    let groups = Dictionary(grouping: scans) { "\($0.image.split?.rawValue ?? "") \($0.image.className)" }
    return groups.keys.sortedBytewise().compactMap { key in
      let ordered = groups[key]!.map { (SliceSeriesSearch.fileOrder($0.image.path), $0) }
        .sorted { $0.0.precedesBytewise($1.0) }.map(\.1)
      let found = SliceSeriesSearch.series(ordered.map { $0.isConstant ? nil : $0.fingerprint }) { first, second in
        ordered[first].image.subject != ordered[second].image.subject
      }
      guard let found else { return nil }
      return SliceSeries(
        className: ordered[0].image.className, pairs: found.firsts.count, comparedPairs: found.pairs,
        examples: zip(found.firsts, found.seconds).prefix(3).map { [ordered[$0].image.path, ordered[$1].image.path] })
    }
  }

  mutating func judgeSliceSeries() {
    for series in sliceSeries {
      warnings.append(
        "\(series.pairs) of \(series.comparedPairs) images of the class \(series.className) are more like the next file, "
          + "of another subject, than like the rest (\(TextList.joined(series.examples[0]))), as slices of one person "
          + "are; say whose they are with --subject-pattern")
    }
  }

  /// How subjects were found, by an example: `48 images of 12 subjects, from names such as patient00_slice000
  /// (patient00)`.
  static func subjectRule(of cohort: Cohort) -> String {
    let count = TextList.count(Cohort.subjects(of: cohort.images).count, "subject")
    let named = cohort.images.first { ImageFile.stem($0.url) != $0.subject } ?? cohort.images.first
    guard let named else { return "" }
    return "\(TextList.count(cohort.images.count, "image")) of \(count), from names such as "
      + "\(ImageFile.stem(named.url)) (\(named.subject)); if that is wrong, say whose a file is with --subject-pattern"
  }
}
