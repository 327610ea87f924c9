import Foundation
import SwiftCSV

/// A table that says the class of every image, such as a BIDS `participants.tsv` or a CSV from a spreadsheet.
///
/// The first line names the columns. The separator is a tab in a `.tsv` file, and otherwise the first of comma,
/// semicolon or tab that the first line holds. Quotes are read as in RFC 4180. Empty values and `n/a` are missing.
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
struct LabelRow: Equatable {
  var id: String
  var className: String?
  var split: String?
  var subject: String?
}

extension LabelTable {
  /// The rows that have an id, in the table's order, and whether it has a column `split` that goes unused.
  ///
  /// - Throws: `ImagingError` for a table that cannot be read, lacks a column, has two of a name, or has no rows.
  func rows() throws -> (rows: [LabelRow], unusedSplitColumn: Bool) {
    let (header, table) = try cells()
    let id = try column(idColumn, in: header)
    let className = try column(classColumn, in: header)
    let split = try splitColumn.map { try column($0, in: header) }
    let subject =
      try subjectColumn.map { try column($0, in: header) }
      ?? ["subject", "subject_id", "participant_id"].compactMap { header.firstIndex(of: $0) }.first
    let rows = table.compactMap { cells -> LabelRow? in
      func value(_ column: Int) -> String? {
        guard column < cells.count else { return nil }
        let text = cells[column].trimmingCharacters(in: .whitespaces)
        return text.isEmpty || text.lowercased() == "n/a" ? nil : text
      }
      guard let id = value(id) else { return nil }
      return LabelRow(id: id, className: value(className), split: split.flatMap(value), subject: subject.flatMap(value))
    }
    guard !rows.isEmpty else {
      throw ImagingError.unreadable(
        path: url.path, reason: "it has no row with a value in the column '\(idColumn)'",
        remedy: "give every image a row")
    }
    return (rows, splitColumn == nil && header.contains { $0.lowercased() == "split" })
  }

  private func cells() throws -> (header: [String], rows: [[String]]) {
    guard FileManager.default.fileExists(atPath: url.path) else {
      throw ImagingError.unreadable(path: url.path, reason: "there is no such file", remedy: "check the path")
    }
    guard let data = try? Data(contentsOf: url) else {
      throw ImagingError.unreadable(
        path: url.path, reason: "the table cannot be opened", remedy: "check that it is a file that you may read")
    }
    guard let text = String(data: data, encoding: .utf8) else {
      throw ImagingError.unreadable(path: url.path, reason: "the table is not UTF-8 text", remedy: "save it as UTF-8")
    }
    do {
      let isTSV = url.pathExtension.lowercased() == "tsv"
      let csv =
        isTSV
        ? try CSV<Enumerated>(string: text, delimiter: .tab, loadColumns: false)
        : try CSV<Enumerated>(string: text, loadColumns: false)
      return (csv.header.map { $0.trimmingCharacters(in: .whitespaces) }, csv.rows)
    } catch {
      throw ImagingError.unreadable(
        path: url.path, reason: "the quotes in the table do not match", remedy: "save it again from the spreadsheet")
    }
  }

  private func column(_ name: String, in header: [String]) throws -> Int {
    let matches = header.indices.filter { header[$0] == name }
    guard let first = matches.first else {
      throw ImagingError.unreadable(
        path: url.path,
        reason: "it has no column '\(name)' (its columns are \(TextList.firstFew(header, limit: 12)))",
        remedy: "name the right one")
    }
    guard matches.count == 1 else {
      throw ImagingError.unreadable(
        path: url.path, reason: "it has \(matches.count) columns '\(name)'", remedy: "rename all but one")
    }
    return first
  }
}
