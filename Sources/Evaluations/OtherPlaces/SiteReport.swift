import Assessment
import Cohorts
import Datasets
import Foundation
import Geometry
import ImageFiles
import ImageSets
import Randomness
import Recipes

/// A first look at the sites of a cohort: what each has, and how its images differ from those of all others.
public struct SiteReport: Codable, Sendable, Equatable {
  public struct Site: Codable, Sendable, Equatable {
    public var name: String
    public var images: Int
    public var subjects: Int
    /// This site against all others together.
    public var shift: ShiftReport
  }

  /// The table's column that names the sites.
  public let column: String
  public let sites: [Site]
  /// What a user should know, a sentence each.
  public let notes: [String]

  /// Nil where no table says where the images were made, or all are of one site.
  ///
  /// - Throws: `ImagingError` for a table that cannot be read, lacks a column that was named, or has no site for an image.
  public init?(_ recipe: Recipe, _ cohort: Cohort) throws {
    guard let table = try Division.usualTable(recipe, cohort, root: cohort.root), table.sites.count > 1 else {
      return nil
    }
    column = table.column
    let traits = try ImageTraits.read(cohort.images, selection: recipe.sliceSelection)
    var notes = [table.note(on: cohort.images)].compactMap { $0 }
    var features: FeatureTable?
    if traits.count < cohort.images.count || Set(traits.map(\.size)).count > 1 && recipe.preprocessing.height == nil {
      notes.append(
        "the images of the sites cannot be compared as a classifier would see them until all can be read and have one size; "
          + "give --size to bring them to one")
    } else {
      let set = try CohortReader(preprocessing: recipe.preprocessingConfiguration, selection: recipe.sliceSelection)
        .read(cohort.images)
      let own = ImageFeatures(height: set.size.height, width: set.size.width, channels: set.channels)
      features = FeatureTable(of: set.rows) { own.table($0.values) }
    }
    self.notes = notes
    func place(_ name: String, _ chosen: [Int]) -> ShiftReport.Place {
      ShiftReport.Place(
        name: name, images: chosen.map { cohort.images[$0] },
        traits: traits.count == cohort.images.count ? chosen.map { traits[$0] } : [],
        features: features.map {
          FeatureTable(kind: $0.kind, names: $0.names, values: $0.values.selectingRows(chosen))
        })
    }
    sites = table.sites.map { site in
      let own = cohort.images.indices.filter { table.site(of: cohort.images[$0]) == site }
      let isOwn = Set(own)
      let others = cohort.images.indices.filter { !isOwn.contains($0) }
      return Site(
        name: site, images: own.count, subjects: Cohort.subjects(of: own.map { cohort.images[$0] }).count,
        shift: ShiftReport(
          place(site, own), place("elsewhere", others), classes: cohort.classes,
          stream: RandomStream(seed: UInt64(recipe.seed), purpose: "sites")))
    }
  }

  /// Whether a site differs from the others in anything that was looked at.
  public var hasDifferences: Bool { sites.contains { $0.shift.hasDifferences } }

  /// The report as text of at most 80 columns.
  public func text() -> String {
    let classes = sites.first?.shift.shares.map(\.className) ?? []
    let header = ["site", "images", "subjects"] + classes.map { "share of \($0)" } + ["told apart"]
    let rows = sites.map { site in
      [site.name, "\(site.images)", "\(site.subjects)"]
        + site.shift.shares.map { ShiftReport.percent($0.first) + ($0.differs ? " *" : "") }
        + [site.shift.together.map { String(format: "%.2f", $0.area) + ($0.differs ? " *" : "") } ?? "-"]
    }
    let widths = header.indices.map { column in ([header] + rows).map { $0[column].count }.max() ?? 0 }
    var text = "\nSites, by the column '\(column)':\n"
    for row in [header] + rows {
      var line = row.indices.map { row[$0] + String(repeating: " ", count: widths[$0] - row[$0].count) }
        .joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      text += line + "\n"
    }
    let sentences =
      [
        "told apart: the ROC area by which features of an image say whether it is of the site, within one class; 0.5 is not at "
          + "all. * differs from the other sites."
      ]
      + sites.flatMap { site in
        site.shift.traits.filter(\.differs).map {
          "\(site.name) differs in \($0.name): \($0.first); elsewhere \($0.second)."
        }
      } + confounding + notes
    return text + sentences.map { sentence in TextWrap.lines(sentence, width: 80).map { $0 + "\n" }.joined() }.joined()
  }

  /// What to do where a classifier can learn the site in place of the class.
  private var confounding: [String] {
    let mixed = sites.filter { $0.shift.shares.contains(where: \.differs) && ($0.shift.together?.differs ?? false) }
    guard !mixed.isEmpty else { return [] }
    return [
      "At \(mixed.map(\.name).joined(separator: ", ")) both the images and the shares of the classes differ, so that a classifier "
        + "can learn the site in place of the class: evaluate with --split-by site."
    ]
  }
}
