import Files
import Foundation

/// The table of OASIS-1, by session.
struct OASISTable {
  struct Row {
    /// Clinical Dementia Rating: 0 none, 0.5 very mild, 1 mild, 2 moderate; nil if not rated.
    var cdr: Double?
    /// In years.
    var age: Double?
    /// In the order of `columns`.
    var values: [String?]
  }

  /// Columns of the written table.
  static let columns = sources.map(\.name)
  /// Columns of the written table and those of the release that they come from; the first three must be there.
  private static let sources: [(name: String, source: String)] = [
    ("age", "Age"), ("sex", "M/F"), ("cdr", "CDR"), ("handedness", "Hand"), ("education", "Educ"),
    ("ses", "SES"), ("mmse", "MMSE"), ("etiv", "eTIV"), ("nwbv", "nWBV"), ("asf", "ASF"),
  ]

  /// By session, such as `OAS1_0001_MR1`.
  let rows: [String: Row]

  init(_ url: URL) throws {
    let table = try TextTable(url)
    let id = try table.column("ID")
    let columns = try Self.sources.enumerated().map { index, column in
      index < 3 ? try table.column(column.source) : table.header.firstIndex(of: column.source)
    }
    var rows: [String: Row] = [:]
    for cells in table.rows {
      guard let name = TextTable.value(cells, id) else { continue }
      func number(_ column: Int) throws -> Double? {
        guard let text = TextTable.value(cells, columns[column]!) else { return nil }
        guard let value = DecimalText.number(text), value >= 0 else {
          throw ImagingError.unreadable(
            path: url.path, reason: "the \(Self.sources[column].source) of \(name) is '\(text)', not a number",
            remedy: "correct it or leave it empty")
        }
        return value
      }
      let values = columns.map { $0.flatMap { TextTable.value(cells, $0) } }
      guard rows.updateValue(Row(cdr: try number(2), age: try number(0), values: values), forKey: name) == nil else {
        throw ImagingError.unreadable(path: url.path, reason: "it has two rows for \(name)", remedy: "keep one")
      }
    }
    self.rows = rows
  }
}
