import Cohorts
import Foundation
import ImageFiles
import ImageSets
import Phantoms
import Randomness
import TestFiles
import Testing

/// Copies under another subject's name, and people who only look alike.
@Suite struct NearDuplicateTests {
  /// A copy with other contrast and brightness, and noise of a share of the maximum.
  private func copy(_ slice: Slice, noise: Float, seed: UInt64) -> Slice {
    var stream = RandomStream(seed: seed, purpose: "copy")
    var slice = slice
    let high = slice.pixels.max()!
    for index in slice.pixels.indices {
      let sum = (0..<12).reduce(Float(-6)) { sum, _ in sum + Float(stream.uniform(0, 1)) }
      slice.pixels[index] = 1.3 * slice.pixels[index] + 0.1 * high + noise * high * sum
    }
    return slice
  }

  @Test func plantedCopiesAreFoundAndPeopleAreNot() throws {
    let scratch = try ImageScratch()
    try Phantom.writeCohort(
      to: scratch.path("P"), configuration: PhantomConfiguration(subjects: 60, minority: 20, height: 104, width: 88))
    let whole = try Cohort.load(scratch.path("P"))
    for (index, image) in whole.images.enumerated() {
      let side = index % 3 == 0 ? "test" : "train"
      try scratch.copy("P/" + image.path, to: "S/\(side)/" + image.path)
    }
    let clean = try CohortInspection(of: Cohort.load(scratch.path("S")))
    #expect(clean.nearDuplicates.isEmpty, "\(clean.nearDuplicates)")
    #expect(clean.nearDuplicateThreshold == 0.95)

    let first = try ImageFile.read(whole.images[1].url)
    try scratch.slice("S/test/AD/sub-leak.nii.gz", copy(first, noise: 0.05, seed: 1))
    let other = try ImageFile.read(whole.images(of: "CN")[0].url)
    let side = FileManager.default.fileExists(atPath: scratch.path("S/train/\(whole.images(of: "CN")[0].path)").path)
    try scratch.slice("S/\(side ? "train" : "test")/AD/sub-wrong.nii.gz", copy(other, noise: 0.02, seed: 2))
    let planted = try CohortInspection(of: Cohort.load(scratch.path("S")))
    #expect(planted.nearDuplicates.count == 2 && planted.duplicates.isEmpty)
    let leak = try #require(planted.nearDuplicates.first { $0.isAcrossSplits })
    #expect(leak.paths.contains("test/AD/sub-leak.nii.gz") && leak.paths.contains("train/" + whole.images[1].path))
    #expect(!leak.isAcrossClasses && leak.correlation > 0.97)
    let wrong = try #require(planted.nearDuplicates.first { $0.isAcrossClasses })
    #expect(!wrong.isAcrossSplits && wrong.subjects.contains("sub-wrong"))
    let text = planted.text()
    #expect(planted.warnings.contains { $0.contains("two sides of the split") && $0.contains("sub-leak") })
    #expect(planted.warnings.contains { $0.contains("two classes") && $0.contains("sub-wrong") })
    for line in text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    let data = try JSONEncoder().encode(planted)
    #expect(try JSONDecoder().decode(CohortInspection.self, from: data) == planted)
  }

  /// Neighbouring slices of one person are alike, and no leak.
  @Test func oneSubjectIsNotCompared() throws {
    let scratch = try ImageScratch()
    try scratch.noise("A/sub-1_a.nii", seed: 1)
    try scratch.slice("A/sub-1_b.nii", copy(ImageFile.read(scratch.path("A/sub-1_a.nii")), noise: 0, seed: 1))
    try scratch.noise("A/sub-2.nii", seed: 2)
    #expect(try CohortInspection(of: Cohort.load(scratch.url)).nearDuplicates.isEmpty)
    try scratch.slice("A/sub-3.nii", copy(ImageFile.read(scratch.path("A/sub-2.nii")), noise: 0, seed: 1))
    let found = try CohortInspection(of: Cohort.load(scratch.url)).nearDuplicates
    #expect(found.map(\.paths) == [["A/sub-2.nii", "A/sub-3.nii"]])
  }

  @Test func subjectsAndSidesAreJudged() throws {
    let scratch = try ImageScratch()
    for (index, path) in [
      "train/A/sub-1_a", "test/A/sub-1_b", "train/A/sub-02", "train/A/sub-2", "train/B/sub-5", "train/B/sub-6",
    ].enumerated() { try scratch.noise(path + ".nii", seed: UInt64(index)) }
    let inspection = try CohortInspection(of: Cohort.load(scratch.url, checksSplit: false))
    #expect(inspection.subjectsOnTwoSides == ["sub-1"])
    #expect(inspection.problems.contains { $0.contains("1 subject on two sides") && $0.contains("sub-1") })
    #expect(inspection.problems.contains { $0.contains("the test side of the split has no image of the class B") })
    #expect(inspection.warnings.contains { $0.contains("1 group of subjects") && $0.contains("sub-02 and sub-2") })
    expectError("sub-1", "two sides") {
      try FileManager.default.removeItem(at: scratch.path("train/B"))
      _ = try Cohort.load(scratch.url)
    }
  }
}
