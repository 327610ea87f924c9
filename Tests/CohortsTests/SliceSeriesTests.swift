import Cohorts
import Foundation
import ImageFiles
import Phantoms
import Randomness
import TestFiles
import Testing

/// Slices of one person under several names, and different people.
@Suite struct SliceSeriesTests {
  /// Four people of four slices each; a slice is the person's own pattern, which changes from one to the next.
  private func write(_ scratch: ImageScratch, isPerson: Bool) throws {
    for person in 0..<5 {
      for slice in 0..<4 {
        let number = 4 * person + slice
        var own = RandomStream(seed: UInt64(isPerson ? person : number), purpose: "person")
        var change = RandomStream(seed: UInt64(number), purpose: "slice")
        let pixels = (0..<32 * 32).map { _ in Float(own.uniform(0, 100) + change.uniform(0, 60)) }
        let frame = SliceFrame.axial(height: 32, width: 32, spacing: SIMD3(1, 1, 1))
        let name = "A/" + String(UnicodeScalar(UInt8(97 + number))) + "x.nii"
        try scratch.slice(name, Slice(height: 32, width: 32, pixels: pixels, frame: frame))
      }
    }
  }

  @Test func slicesUnderSeveralNamesAreNamed() throws {
    let scratch = try ImageScratch()
    try write(scratch, isPerson: true)
    let found = try CohortInspection(of: Cohort.load(scratch.url))
    #expect(found.subjects == 20 && found.nearDuplicates.isEmpty)
    #expect(found.sliceSeries.count == 1)
    #expect(found.sliceSeries.first?.pairs == 15 && found.sliceSeries.first?.comparedPairs == 19)
    #expect(found.warnings.contains { $0.contains("A/ax.nii and A/bx.nii") && $0.contains("--subject-pattern") })
    // Said to be of one person, they are no leak.
    let grouped = try CohortInspection(of: Cohort.load(scratch.url, subjects: SubjectRule(pattern: "(x)")))
    #expect(grouped.sliceSeries.isEmpty && grouped.subjects == 1)
  }

  /// The control: as many different people, and people of one anatomy.
  @Test func differentPeopleAreNot() throws {
    let scratch = try ImageScratch()
    try write(scratch, isPerson: false)
    #expect(try CohortInspection(of: Cohort.load(scratch.url)).sliceSeries.isEmpty)
    try Phantom.writeCohort(
      to: scratch.path("P"), configuration: PhantomConfiguration(subjects: 60, minority: 20, height: 64, width: 64))
    #expect(try CohortInspection(of: Cohort.load(scratch.path("P"))).sliceSeries.isEmpty)
  }

  @Test func theRuleIsShownByExample() throws {
    let scratch = try ImageScratch()
    for number in 0..<4 { try scratch.noise("A/patient\(number / 2)_slice\(number).nii", seed: UInt64(number)) }
    let found = try CohortInspection(of: Cohort.load(scratch.url))
    #expect(found.subjectRule.hasPrefix("4 images of 2 subjects, from names such as patient0_slice0 (patient0); if"))
    #expect(found.text().contains("\nSubjects: 4 images of 2 subjects, from names such as"))
  }
}
