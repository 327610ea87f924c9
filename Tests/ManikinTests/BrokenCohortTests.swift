import Foundation
import Testing

/// Folders that cannot be used: one line that names what is wrong, a failing exit code, and nothing left behind.
@Suite struct BrokenCohortTests {
  enum Damage: String, CaseIterable, Sendable {
    case missingFolder, emptyFolder, emptyClass, classOfOne, textAsImage, truncatedImage, mixedSizes, overflowingSize

    /// What the message must name.
    var mentions: String {
      switch self {
      case .missingFolder, .emptyFolder: "data"
      case .emptyClass, .classOfOne: "AD"
      case .textAsImage, .truncatedImage, .overflowingSize: "broken.nii.gz"
      case .mixedSizes: "40"
      }
    }
  }

  private static let files = FileManager.default

  /// A phantom of twelve people, six of each class, in `data`.
  private static func phantom(_ name: String, size: String, in folder: URL) throws {
    let outcome = try Command.run(
      ["phantom", name, "--subjects", "12", "--minority", "6", "--size", size, "--quiet"], in: folder)
    try #require(outcome.code == 0, "\(outcome.errors)")
  }

  private static func images(_ folder: URL) throws -> [URL] {
    try files.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter { $0.lastPathComponent.hasSuffix(".nii.gz") }.sorted { $0.path < $1.path }
  }

  private static func make(_ damage: Damage, in folder: URL) throws {
    let data = folder.appending(path: "data", directoryHint: .isDirectory)
    switch damage {
    case .missingFolder: return
    case .emptyFolder:
      try files.createDirectory(at: data, withIntermediateDirectories: true)
      return
    default: break
    }
    try phantom("data", size: "32x32", in: folder)
    try? files.removeItem(at: data.appending(path: "participants.tsv"))
    let rare = data.appending(path: "AD", directoryHint: .isDirectory)
    let broken = rare.appending(path: "broken.nii.gz")
    let images = try images(rare)
    switch damage {
    case .missingFolder, .emptyFolder: break
    case .emptyClass: for image in images { try files.removeItem(at: image) }
    case .classOfOne: for image in images.dropFirst() { try files.removeItem(at: image) }
    case .textAsImage: try Data("These are not the pixels you are looking for.\n".utf8).write(to: broken)
    case .truncatedImage:
      let whole = try Data(contentsOf: images[0])
      try whole.prefix(whole.count / 2).write(to: broken)
    case .mixedSizes:
      try phantom("other", size: "40x40", in: folder)
      for image in try Self.images(folder.appending(path: "other/AD", directoryHint: .isDirectory)) {
        try files.copyItem(at: image, to: rare.appending(path: "large-" + image.lastPathComponent))
      }
      try files.removeItem(at: folder.appending(path: "other"))
    case .overflowingSize:
      // A header alone, little-endian NIfTI-1 with 32,767 values along each of seven axes.
      var header = Data(repeating: 0, count: 352)
      func put(_ value: Int16, at offset: Int) {
        withUnsafeBytes(of: value.littleEndian) { header.replaceSubrange(offset..<(offset + 2), with: $0) }
      }
      put(348, at: 0)
      put(7, at: 40)
      for axis in 1...7 { put(.max, at: 40 + 2 * axis) }
      put(16, at: 70)
      put(32, at: 72)
      for axis in 0...7 { put(0x3F80, at: 76 + 4 * axis + 2) }
      put(0x43B0, at: 110)
      header.replaceSubrange(344..<348, with: Data("n+1\0".utf8))
      try header.write(to: broken)
    }
  }

  @Test(arguments: Damage.allCases, ["evaluate", "train", "augment"])
  func itIsSaidInOneLineAndLeavesNothing(damage: Damage, command: String) throws {
    try withTemporaryFolder { folder in
      try Self.make(damage, in: folder)
      let before = try Self.files.subpathsOfDirectory(atPath: folder.path).sorted()
      var arguments = [command, "data", "--out", "made", "--steps", "1", "--quiet"]
      if command == "augment" { arguments += ["--models", "models", "--per-class", "2"] }
      if command == "evaluate" { arguments += ["--runs", "1", "--synthetic-per-class", "4"] }
      let outcome = try Command.run(arguments, in: folder)
      #expect([1, 2].contains(outcome.code), "\(outcome.code)")
      #expect(outcome.output == "")
      #expect(outcome.errorLines.count == 1, "\(outcome.errors)")
      #expect(outcome.errors.hasPrefix("manikin: ") && outcome.errors.contains(damage.mentions), "\(outcome.errors)")
      #expect(try Self.files.subpathsOfDirectory(atPath: folder.path).sorted() == before)
    }
  }
}
