import Cohorts
import Foundation
import ImageSets
import Recipes
import Runs

/// How an experiment divides its images into training, validation and test images, once for each split.
package struct Division: Sendable {
  let scheme: SplitScheme
  /// Which site each image comes from; nil where sites play no part.
  let table: SiteTable?
  /// The sites that are tested on in turn; empty unless the scheme is `site`.
  package let tested: [String]
  /// What a user should know of it.
  let notes: [String]

  /// Of the sites of all images, which a run is held to; nil where sites play no part.
  func digest(of cohort: Cohort) -> String? {
    guard let table else { return nil }
    return Checksum.of(
      cohort.images.map { "\($0.path.utf8.count) \($0.path) \(table.site(of: $0))\n" }.sorted().joined())
  }

  /// - Parameters:
  ///   - root: the folder of the images.
  ///   - isUsed: whether the images are divided at all.
  /// - Throws: `ExperimentsError.settings` where sites are asked for and there are none, or too few to test on.
  init(_ recipe: Recipe, _ cohort: Cohort, root: URL, isUsed: Bool) throws {
    scheme = recipe.data.split.by
    guard scheme != .subject, isUsed else {
      (table, tested, notes) = (nil, [], [])
      return
    }
    guard !cohort.isSplit else {
      throw ExperimentsError.settings(
        problem:
          "the images come already split, so that 'by' in 'data.split' cannot be \(scheme.rawValue): leave it out, or "
          + "give all images in class folders")
    }
    let table = try Self.table(recipe, cohort, root: root)
    guard table.sites.count > 1 else {
      throw ExperimentsError.settings(
        problem: "the column '\(table.column)' has one site, \(table.sites[0]), so that 'by' in 'data.split' cannot be "
          + "\(scheme.rawValue): name another column with 'site-column' in 'data', or leave it out")
    }
    self.table = table
    let shared = table.note(on: cohort.images)
    guard scheme == .site else {
      (tested, notes) = ([], [shared].compactMap { $0 })
      return
    }
    let tested = cohort.testableSites(table)
    self.tested = tested
    guard tested.count > 1 else {
      throw ExperimentsError.settings(
        problem:
          "\(tested.count) of \(table.sites.count) sites can be tested on, which takes subjects of every class there "
          + "and two of each class elsewhere: set 'by' in 'data.split' to site-stratified or subject")
    }
    let others = table.sites.filter { !tested.contains($0) }
    let passedOver =
      others.isEmpty
      ? nil
      : "sites without every class are only learned from: \(others.joined(separator: ", "))"
    notes =
      [
        "each split tests on one site: " + tested.enumerated().map { "\($0 + 1) \($1)" }.joined(separator: ", "),
        passedOver,
        shared,
      ].compactMap { $0 }
  }

  /// The table that says where the images of a recipe were made.
  ///
  /// - Throws: `ExperimentsError.settings` where there is none, or no such column.
  static func table(_ recipe: Recipe, _ cohort: Cohort, root: URL) throws -> SiteTable {
    let url = file(recipe, root: root)
    guard let column = try recipe.data.siteColumn ?? SiteTable.usualColumn(of: url) else {
      throw ExperimentsError.settings(
        problem: "no table says where the images were made: '\(url.relativePath)' "
          + (FileManager.default.fileExists(atPath: url.path)
            ? "has no column called \(SiteTable.usualColumns.prefix(4).joined(separator: ", ")); name one with --site-column"
            : "does not exist; name a table with 'labels' in 'data'"))
    }
    return try SiteTable(url, idColumn: recipe.data.idColumn, column: column, images: cohort.images)
  }

  /// The same where the images are only looked at; nil where nothing says where they were made.
  package static func usualTable(_ recipe: Recipe, _ cohort: Cohort, root: URL) throws -> SiteTable? {
    guard try recipe.data.siteColumn != nil || SiteTable.usualColumn(of: file(recipe, root: root)) != nil else {
      return nil
    }
    return try table(recipe, cohort, root: root)
  }

  private static func file(_ recipe: Recipe, root: URL) -> URL {
    recipe.data.labels.map { URL(filePath: $0) } ?? root.appending(path: "participants.tsv")
  }

  /// The cohort under one of its divisions, counted from 0.
  func split(
    _ cohort: Cohort, _ recipe: Recipe, index: Int, validationFromTraining: Bool = false
  ) throws -> Cohort {
    let (fractions, seed) = (recipe.splitFractions, UInt64(recipe.seed))
    switch (scheme, table) {
    case (.site, let table?):
      return try cohort.split(leavingOut: tested[index], table, by: fractions, seed: seed, index: index)
    case (.siteStratified, let table?):
      return try cohort.split(stratifiedBy: table, by: fractions, seed: seed, index: index)
    default:
      return try cohort.split(
        by: fractions, seed: seed, index: index, validationFromTraining: validationFromTraining)
    }
  }
}
