import Files
import Foundation
import ImageSets

/// What a table says of the subjects besides their class, such as age and sex.
///
/// `RowMatching` says which row belongs to an image. Of several rows with one id the first counts.
public struct CovariateTable: Sendable {
  public let columns: [String]
  private let rows: [String: [String?]]

  /// Reads the table.
  ///
  /// - Parameters:
  ///   - url: a CSV or TSV file.
  ///   - idColumn: the column that names an image file or its subject.
  ///   - columns: those that are wanted.
  /// - Throws: `ImagingError` for a table that cannot be read or lacks a column.
  public init(_ url: URL, idColumn: String, columns: [String]) throws {
    let table = try TextTable(url)
    let id = try table.column(idColumn)
    let places = try columns.map(table.column)
    self.columns = columns
    var rows: [String: [String?]] = [:]
    for cells in table.rows {
      guard let id = TextTable.value(cells, id), rows[id] == nil else { continue }
      rows[id] = places.map { TextTable.value(cells, $0) }
    }
    self.rows = rows
  }

  /// The values of each image's row, nil where they are missing; nil when no row belongs to an image.
  public func values(of images: [CohortImage]) -> [[String?]?] {
    let byName = matching(images.map { .init(path: $0.path, subject: SubjectName.of(path: $0.path)) })
    let bySubject = matching(images.map { .init(path: $0.path, subject: $0.subject) })
    return zip(byName.ids, bySubject.ids).map { ($1 ?? $0).flatMap { rows[$0] } }
  }

  /// The values of the row with an id; nil if there is none.
  package func row(_ id: String) -> [String?]? { rows[id] }

  private func matching(_ images: [RowMatching.Image]) -> RowMatching { RowMatching(images, ids: Set(rows.keys)) }
}
