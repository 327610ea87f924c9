import Files
import Foundation
import ImageSets

/// Which site, such as a hospital or a scanner, each image comes from, as a column of a table says.
public struct SiteTable: Sendable, Equatable {
  /// The column's name.
  public let column: String
  /// Names of the sites that have images, sorted bytewise.
  public let sites: [String]
  private let siteOf: [String: String]

  /// Names of columns that say where an image was made, in the order in which they are looked for.
  public static let usualColumns = ["site", "scanner", "hospital", "centre", "center", "site_id", "scanner_id"]

  /// Reads the table.
  ///
  /// - Parameters:
  ///   - url: a CSV or TSV file.
  ///   - idColumn: the column that names an image file or its subject.
  ///   - column: the column that names the site.
  ///   - images: of which the site is wanted.
  /// - Throws: `ImagingError` for a table that cannot be read or lacks the column, and for images without a site.
  public init(_ url: URL, idColumn: String, column: String, images: [CohortImage]) throws {
    let values = try CovariateTable(url, idColumn: idColumn, columns: [column]).values(of: images)
    let lacking = zip(images, values).filter { ($1?[0]) == nil }.map(\.0.path)
    guard lacking.isEmpty else {
      throw ImagingError.invalid(
        what: "\(TextList.count(lacking.count, "image")) (\(TextList.firstFew(lacking))) without a value in the column "
          + "'\(column)' of \(url.path)",
        remedy: "fill the column, or remove the images")
    }
    self.init(column: column, siteOf: Dictionary(zip(images, values).map { ($0.path, $1![0]!) }) { first, _ in first })
  }

  /// - Parameter siteOf: the site of every image, by its path.
  init(column: String, siteOf: [String: String]) {
    self.column = column
    self.siteOf = siteOf
    sites = Set(siteOf.values).sortedBytewise()
  }

  /// The site of an image of the cohort that the table was read for.
  public func site(of image: CohortImage) -> String { siteOf[image.path]! }

  /// The first column of a table that says where images were made; nil if there is none, or no such table.
  ///
  /// - Throws: `ImagingError` for a table that is there and cannot be read.
  public static func usualColumn(of url: URL) throws -> String? {
    guard FileManager.default.fileExists(atPath: url.path) else { return nil }
    let table = try TextTable(url)
    return usualColumns.lazy.compactMap { name in table.header.first { $0.lowercased() == name } }.first
  }

  /// The site of each subject: of several, the one with most of the subject's images, then the first bytewise.
  func sites(of images: [CohortImage]) -> [String: String] {
    Dictionary(grouping: images, by: \.subject).mapValues { own in
      let counts = Dictionary(grouping: own.map(site), by: { $0 }).mapValues(\.count)
      return counts.keys.sortedBytewise().max { counts[$0]! < counts[$1]! }!
    }
  }

  /// What a user should know of subjects who have images of several sites; nil if there are none.
  public func note(on images: [CohortImage]) -> String? {
    let several = Dictionary(grouping: images, by: \.subject).filter { Set($0.value.map(site)).count > 1 }.keys
      .sortedBytewise()
    guard !several.isEmpty else { return nil }
    return
      "\(TextList.count(several.count, "subject")) with images of several sites (\(TextList.firstFew(several))), all "
      + "of which count as the site with most of them"
  }
}
