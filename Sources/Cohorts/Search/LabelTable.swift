import Files
import Foundation

/// A table that says the class of every image, such as a BIDS `participants.tsv` or a CSV from a spreadsheet.
///
/// `TextTable` says how it is read.
public struct LabelTable: Sendable, Equatable {
  public var url: URL
  /// The column whose values name an image file or its subject.
  public var idColumn: String
  public var classColumn: String
  /// The column with train, validation or test; nil if the table gives no split.
  public var splitColumn: String?
  /// The column that names the subject; nil takes the first of `subject`, `subject_id` and `participant_id` that the
  /// table has.
  public var subjectColumn: String?

  public init(
    url: URL, idColumn: String = "participant_id", classColumn: String = "class", splitColumn: String? = nil,
    subjectColumn: String? = nil
  ) {
    self.url = url
    self.idColumn = idColumn
    self.classColumn = classColumn
    self.splitColumn = splitColumn
    self.subjectColumn = subjectColumn
  }
}

/// One row of a label table; missing values are nil.
package struct LabelRow: Equatable {
  package var id: String
  package var className: String?
  var split: String?
  var subject: String?
}

extension LabelTable {
  /// The rows that have an id, in the table's order, and whether it has a column `split` that goes unused.
  ///
  /// - Throws: `ImagingError` for a table that cannot be read, lacks a column, has two of a name, or has no rows.
  package func rows() throws -> (rows: [LabelRow], unusedSplitColumn: Bool) {
    let table = try TextTable(url)
    let id = try table.column(idColumn)
    let className = try table.column(classColumn)
    let split = try splitColumn.map(table.column)
    let subject =
      try subjectColumn.map(table.column)
      ?? ["subject", "subject_id", "participant_id"].compactMap { table.header.firstIndex(of: $0) }.first
    let rows = table.rows.compactMap { cells -> LabelRow? in
      func value(_ column: Int) -> String? { TextTable.value(cells, column) }
      guard let id = value(id) else { return nil }
      return LabelRow(id: id, className: value(className), split: split.flatMap(value), subject: subject.flatMap(value))
    }
    guard !rows.isEmpty else {
      throw ImagingError.unreadable(
        path: url.path, reason: "it has no row with a value in the column '\(idColumn)'",
        remedy: "give every image a row")
    }
    return (rows, splitColumn == nil && table.header.contains { $0.lowercased() == "split" })
  }

  /// Rows by id; rows that repeat an id (one for each session) must agree.
  ///
  /// - Throws: `ImagingError` if they do not.
  package func byID(_ rows: [LabelRow]) throws -> [String: LabelRow] {
    var byID: [String: LabelRow] = [:]
    for row in rows {
      if let first = byID.updateValue(row, forKey: row.id), first != row {
        let differ = first.className != row.className ? "classes" : "splits or subjects"
        throw ImagingError.unreadable(
          path: url.path, reason: "the id \(row.id) has two rows with different \(differ)",
          remedy: "keep one of them")
      }
    }
    return byID
  }
}
