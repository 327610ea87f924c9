import Cohorts
import Foundation
import ImageSets
import TestFiles
import Testing

/// Images that are the same, under one name or several.
@Suite struct CopiesTests {
  @Test func copiesAreFoundAndTheirSubjectsJoined() throws {
    let scratch = try ImageScratch()
    for number in 1...6 { try scratch.noise("A/p\(number)_1.nii", seed: UInt64(number)) }
    try scratch.copy("A/p1_1.nii", to: "A/p7_1.nii")
    try scratch.noise("A/p7_2.nii", seed: 8)
    try scratch.copy("A/p7_2.nii", to: "A/p8_1.nii")
    let cohort = try Cohort.load(scratch.url)
    let copies = try CohortReader().read(cohort.images).copies()
    #expect(copies == [[0, 6], [7, 8]])
    let joined = cohort.joiningSubjects(ofCopies: copies)
    #expect(joined.images.map(\.subject) == ["p1", "p2", "p3", "p4", "p5", "p6", "p1", "p1", "p1"])
    #expect(joined.notes.last?.contains("3 subjects share an image") == true)
    #expect(joined.notes.last?.contains("A/p1_1.nii and A/p7_1.nii") == true)
    for index in 0..<20 {
      let split = try joined.split(seed: 3, index: index)
      #expect(Set(split.images.filter { $0.subject == "p1" }.map(\.split)).count == 1)
    }
    #expect(cohort.joiningSubjects(ofCopies: []) == cohort)
  }
}
