import Foundation
import Recipes
import Runs
import TestFiles
import Testing

@Suite struct FileTests {
  @Test func atomicFileReplacesAndLeavesNothingElse() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "a b.csv")
      try AtomicFile.write("one", to: url)
      try AtomicFile.write(Data(), to: url)
      #expect(try Data(contentsOf: url).isEmpty)
      let large = Data((0..<3_000_000).map { UInt8(truncatingIfNeeded: $0) })
      try AtomicFile.write(large, to: url)
      #expect(try Data(contentsOf: url) == large)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a b.csv"])
    }
  }

  @Test func failureToWriteIsOneSentenceAndLeavesNothing() throws {
    try withTemporaryFolder { folder in
      let missing = folder.appending(path: "none/a.csv")
      #expect(
        throws: ExperimentsError.unwritable(path: missing.path, reason: "no such file or directory")
      ) { try AtomicFile.write("x", to: missing) }
      // A folder cannot be replaced by a file.
      let taken = folder.appending(path: "taken")
      try AtomicFile.makeFolder(taken.appending(path: "inside"))
      #expect(throws: ExperimentsError.self) { try AtomicFile.write("x", to: taken) }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["taken"])
    }
  }

  /// FIPS 180-2, appendix B.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
  ])
  func digestsMeetPublishedAnswers(text: String, digest: String) throws {
    #expect(Checksum.of(text) == digest)
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "file")
      try AtomicFile.write(text, to: url)
      #expect(try Checksum.ofFile(url) == digest)
    }
  }

  @Test func digestOfManyFilesSeesNamesAndContentsNotOrder() throws {
    try withTemporaryFolder { folder in
      let (first, second) = (folder.appending(path: "1"), folder.appending(path: "2"))
      try AtomicFile.write("x", to: first)
      try AtomicFile.write("y", to: second)
      let digest = try Checksum.ofFiles([("AD/a", first), ("CN/b", second)])
      #expect(try Checksum.ofFiles([("CN/b", second), ("AD/a", first)]) == digest)
      #expect(try Checksum.ofFiles([("AD/a", second), ("CN/b", first)]) != digest)
      #expect(try Checksum.ofFiles([("AD/a", first), ("CN/c", second)]) != digest)
      #expect(try Checksum.ofFiles([("AD/a", first)]) != digest)
      let missing = folder.appending(path: "3")
      #expect(throws: ExperimentsError.unreadable(path: missing.path, reason: "no such file or folder")) {
        try Checksum.ofFiles([("a", missing)])
      }
      let large = folder.appending(path: "large")
      let data = Data(repeating: 7, count: (5 << 20) + 3)
      try AtomicFile.write(data, to: large)
      #expect(try Checksum.ofFile(large) == Checksum.of(data))
    }
  }

  @Test func thisMachineIsKnown() {
    let versions = Versions.current(manikin: "0.1", libraries: ["oneDNN": "2.6.3"])
    #expect(versions.swift.hasPrefix("6.") && versions.cores > 0)
    #expect(!versions.processor.isEmpty && !versions.operatingSystem.isEmpty)
  }
}
