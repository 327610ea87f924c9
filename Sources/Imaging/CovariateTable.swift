import Foundation

/// What a table says of the subjects besides their class, such as age and sex.
///
/// A row belongs to the images that `CohortSearch` would give it: those whose path, file name, file name without suffix,
/// or subject is its id. Of several rows with one id the first counts.
public struct CovariateTable: Sendable {
  public let columns: [String]
  private let rows: [String: [String?]]

  /// - Parameters:
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

  /// The values of an image's row, nil where they are missing; nil when no row belongs to the image.
  public func values(of image: CohortImage) -> [String?]? {
    let ids = CohortSearch.ids(of: image.path) + [image.subject]
    return ids.lazy.compactMap { rows[$0] }.first
  }
}
