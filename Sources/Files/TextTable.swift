import Foundation
import SwiftCSV

/// A table of text with a line of column names: CSV from a spreadsheet, or TSV as in BIDS.
///
/// The separator is a tab in a `.tsv` file, and otherwise the first of comma, semicolon or tab that the first line
/// holds. Quotes are read as in RFC 4180, a byte order mark is passed over. Empty values, `n/a` and `N/A` are missing.
package struct TextTable {
  package let url: URL
  package let header: [String]
  package let rows: [[String]]

  /// - Throws: `ImagingError` for a table that cannot be read.
  package init(_ url: URL) throws {
    self.url = url
    guard FileManager.default.fileExists(atPath: url.path) else {
      throw ImagingError.unreadable(path: url.path, reason: "there is no such file", remedy: "check the path")
    }
    guard let data = try? Data(contentsOf: url) else {
      throw ImagingError.unreadable(
        path: url.path, reason: "the table cannot be opened", remedy: "check that it is a file that you may read")
    }
    guard var text = String(data: data, encoding: .utf8) else {
      throw ImagingError.unreadable(path: url.path, reason: "the table is not UTF-8 text", remedy: "save it as UTF-8")
    }
    if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
    do {
      let isTSV = url.pathExtension.lowercased() == "tsv"
      let csv =
        isTSV
        ? try CSV<Enumerated>(string: text, delimiter: .tab, loadColumns: false)
        : try CSV<Enumerated>(string: text, loadColumns: false)
      header = csv.header.map { $0.trimmingCharacters(in: .whitespaces) }
      rows = csv.rows
    } catch {
      throw ImagingError.unreadable(
        path: url.path, reason: "the quotes in the table do not match", remedy: "save it again from the spreadsheet")
    }
  }

  /// The number of the column of that name.
  ///
  /// - Throws: `ImagingError` if there is none, or more than one.
  package func column(_ name: String) throws -> Int {
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

  /// A cell's value without spaces round it; nil if it is missing.
  package static func value(_ row: [String], _ column: Int) -> String? {
    guard column < row.count else { return nil }
    let text = row[column].trimmingCharacters(in: .whitespaces)
    return text.isEmpty || text.lowercased() == "n/a" ? nil : text
  }
}
