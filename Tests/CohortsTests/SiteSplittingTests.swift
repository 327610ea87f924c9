import Cohorts
import Files
import Foundation
import ImageSets
import TestFiles
import Testing

/// Divisions by where the images were made.
@Suite struct SiteSplittingTests {
  /// `counts`: by site, the subjects of the classes A and B; one image each, the site in a table.
  private static func cohort(_ counts: [(site: String, a: Int, b: Int)]) throws -> (ImageScratch, Cohort, SiteTable) {
    let scratch = try ImageScratch()
    var lines = ["participant_id\tScanner"]
    for (site, a, b) in counts {
      for (name, count) in [("A", a), ("B", b)] {
        for number in 0..<count {
          let subject = "sub-\(site)\(name)\(number)"
          try scratch.touch(["\(name)/\(subject).png"])
          lines.append("\(subject)\t\(site)")
        }
      }
    }
    try scratch.text(lines.joined(separator: "\n"), "participants.tsv")
    let cohort = try Cohort.load(scratch.url)
    let file = scratch.url.appending(path: "participants.tsv")
    let column = try #require(try SiteTable.usualColumn(of: file))
    return (scratch, cohort, try SiteTable(file, idColumn: "participant_id", column: column, images: cohort.images))
  }

  private static func counts(_ cohort: Cohort, _ table: SiteTable, _ side: Split, _ site: String) -> [Int] {
    ["A", "B"].map { name in cohort.images(of: name, in: side).count { table.site(of: $0) == site } }
  }

  @Test func oneSiteAtATimeIsTestedOn() throws {
    let (_, cohort, table) = try Self.cohort([("Basel", 6, 20), ("Graz", 10, 10), ("Lyon", 0, 12), ("Rome", 5, 5)])
    #expect(table.column == "Scanner" && table.sites == ["Basel", "Graz", "Lyon", "Rome"])
    // Lyon has nobody of A.
    #expect(cohort.testableSites(table) == ["Basel", "Graz", "Rome"])
    for (index, site) in ["Basel", "Graz", "Rome"].enumerated() {
      let split = try cohort.split(leavingOut: site, table, seed: 4, index: index)
      #expect(Set(split.images(in: .test).map { table.site(of: $0) }) == [site])
      #expect(!split.images.contains { $0.split == nil })
      #expect(!split.images.contains { $0.split != .test && table.site(of: $0) == site })
      // 0.1 of 0.8 for validation.
      let others = cohort.images.count { $0.className == "A" && table.site(of: $0) != site }
      #expect(split.images(of: "A", in: .validation).count == max(1, Int((Double(others) / 8).rounded())))
    }
  }

  @Test func eachSiteHasItsShareOnEverySide() throws {
    let (_, cohort, table) = try Self.cohort([("Basel", 10, 20), ("Graz", 10, 40), ("Lyon", 2, 30), ("Rome", 1, 10)])
    for index in 0..<5 {
      let split = try cohort.split(stratifiedBy: table, seed: 4, index: index)
      #expect(Self.counts(split, table, .test, "Basel") == [2, 4])
      #expect(Self.counts(split, table, .train, "Basel") == [7, 14])
      #expect(Self.counts(split, table, .test, "Graz") == [2, 8])
      // Of A, Lyon and Rome have three together: one for each side.
      let small = ["Lyon", "Rome"].map { Self.counts(split, table, .test, $0)[0] }
      #expect(small.reduce(0, +) == 1)
    }
    // By class alone some division has another share of a site.
    let plain = try (0..<5).map { Self.counts(try cohort.split(seed: 4, index: $0), table, .test, "Basel") }
    #expect(plain.contains { $0 != [2, 4] })
  }

  @Test func imagesWithoutASiteAreNamed() throws {
    let (scratch, cohort, _) = try Self.cohort([("Basel", 2, 2)])
    try scratch.text("participant_id\tsite\nsub-BaselA0\tBasel\n", "participants.tsv")
    let error = #expect(throws: ImagingError.self) {
      _ = try SiteTable(
        scratch.url.appending(path: "participants.tsv"), idColumn: "participant_id", column: "site",
        images: cohort.images)
    }
    #expect(error?.description.contains("3 images (A/sub-BaselA1.png") == true, "\(error?.description ?? "")")
  }

  @Test func subjectsOfTwoSitesCountAsOne() throws {
    let scratch = try ImageScratch()
    let names = ["sub-1_ses-1", "sub-1_ses-2", "sub-1_ses-3", "sub-2_ses-1", "sub-3_ses-1"]
    try scratch.touch(names.map { "A/\($0).png" })
    let rows = zip(names, ["X", "Y", "Y", "X", "X"]).map { "\($0)\t\($1)" }
    try scratch.text((["id\tsite"] + rows).joined(separator: "\n"), "t.tsv")
    let cohort = try Cohort.load(scratch.url)
    let table = try SiteTable(
      scratch.url.appending(path: "t.tsv"), idColumn: "id", column: "site", images: cohort.images)
    #expect(table.note(on: cohort.images)?.contains("1 subject with images of several sites") == true)
    let split = try cohort.split(leavingOut: "Y", table, by: SplitFractions(train: 1, validation: 0, test: 0), seed: 1)
    #expect(Set(split.images(in: .test).map(\.subject)) == ["sub-1"])
  }

  @Test func copiesInAnotherSetAreFound() throws {
    let (here, there) = (try ImageScratch(), try ImageScratch())
    for number in 1...4 {
      try here.noise("A/p\(number).nii", seed: UInt64(number))
      try there.noise("A/q\(number).nii", seed: UInt64(number + 2))
    }
    let sets = try [there, here].map { try CohortReader().read(Cohort.load($0.url).images) }
    let copies = try sets[0].copies(in: sets[1])
    #expect(copies.map(\.own) == [0, 1] && copies.map(\.other) == [2, 3])
  }
}
