import Dispatch
import Files
import Foundation
import ImageFiles
import Phantoms
import Synchronization
import TestFiles
import Testing

@Suite struct PhantomCohortTests {
  private static let configuration = PhantomConfiguration(subjects: 14, minority: 4, height: 40, width: 34, seed: 7)

  @Test func writesClassFoldersATableAndADescription() throws {
    let scratch = try ImageScratch()
    let out = scratch.url.appendingPathComponent("deep/cohort")
    let counts = Mutex<[Int]>([])
    try Phantom.writeCohort(to: out, configuration: Self.configuration) { done, total in
      #expect(total == 14)
      counts.withLock { $0.append(done) }
    }
    #expect(counts.withLock { $0 } == Array(1...14))
    let phantom = try Phantom(configuration: Self.configuration)
    let rows = try String(contentsOf: out.appendingPathComponent("participants.tsv"), encoding: .utf8)
      .split(separator: "\n").map { $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init) }
    #expect(rows.count == 15 && rows[0].prefix(3) == ["participant_id", "class", "age"])
    for index in 0..<14 {
      let subject = phantom.subject(index)
      #expect(rows[index + 1].count == rows[0].count)
      #expect(rows[index + 1][0] == subject.name && rows[index + 1][1] == subject.className)
      let read = try ImageFile.read(out.appendingPathComponent("\(subject.className)/\(subject.name).nii.gz"))
      #expect(read.height == 40 && read.width == 34 && read.pixels == subject.slice.pixels)
      #expect(read.frame.isClose(to: subject.slice.frame))
    }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: out.path).sorted() == [
        "AD", "CN", "dataset_description.json", "participants.tsv",
      ])
    #expect(try FileManager.default.contentsOfDirectory(atPath: out.appendingPathComponent("AD").path).count == 4)
    let description = try JSONSerialization.jsonObject(
      with: Data(contentsOf: out.appendingPathComponent("dataset_description.json")))
    #expect((description as? [String: Any])?["DatasetType"] as? String == "derivative")
  }

  /// Drawn one after another here, drawn side by side by `writeCohort`, and beside other work: always the same bytes.
  @Test func bytesDoNotDependOnThreads() throws {
    let scratch = try ImageScratch()
    let folders = ["a", "b"].map { scratch.url.appendingPathComponent($0) }
    let failure = Mutex<String?>(nil)
    DispatchQueue.concurrentPerform(iterations: 2) { index in
      do {
        try Phantom.writeCohort(to: folders[index], configuration: Self.configuration)
      } catch {
        failure.withLock { $0 = "\(error)" }
      }
    }
    #expect(failure.withLock { $0 } == nil)
    let names = try #require(FileManager.default.subpaths(atPath: folders[0].path)).sorted()
    #expect(names.count == 18)
    for name in names where name.contains(".") {
      let bytes = try folders.map { try Data(contentsOf: $0.appendingPathComponent(name)) }
      #expect(bytes[0] == bytes[1], "\(name)")
    }
  }

  @Test func leavesAFullFolderAloneAndUsesAnEmptyOne() throws {
    let scratch = try ImageScratch()
    let out = scratch.url.appendingPathComponent("cohort")
    try FileManager.default.createDirectory(at: out, withIntermediateDirectories: true)
    try Phantom.writeCohort(to: out, configuration: Self.configuration)
    let error = #expect(throws: ImagingError.self) {
      try Phantom.writeCohort(to: out, configuration: Self.configuration)
    }
    #expect(error?.description.contains("not empty") == true)
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.url.path) == ["cohort"])
  }

  @Test func leavesNothingBehindWhereItCannotWrite() throws {
    let scratch = try ImageScratch()
    let file = scratch.url.appendingPathComponent("file")
    try Data("text".utf8).write(to: file)
    for place in [file, file.appendingPathComponent("cohort")] {
      let error = #expect(throws: ImagingError.self) {
        try Phantom.writeCohort(to: place, configuration: Self.configuration)
      }
      #expect(error?.description.contains(place.path) == true)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.url.path) == ["file"])
  }
}
