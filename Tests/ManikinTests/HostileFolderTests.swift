import Foundation
import Testing

/// Folders with files made to hang, exhaust or mislead whoever reads them: a sentence that names the file, a failing exit
/// code, and an end.
@Suite struct HostileFolderTests {
  enum Trap: String, CaseIterable, Sendable {
    case twoPipes, device, linkToItself, folderLoop, bomb, cutGzip, textHeader

    /// What is said of it; nil where nothing is wrong with the images.
    var mentions: [String]? {
      switch self {
      case .twoPipes: ["trap-1.nii.gz", "trap-2.nii.gz", "not a regular file"]
      case .device: ["trap.nii", "not a regular file"]
      case .linkToItself: ["trap.nii.gz", "symbolic links"]
      case .folderLoop: nil
      case .bomb: ["trap.nii.gz", "goes on long after"]
      case .cutGzip: ["trap.nii.gz", "cut short"]
      case .textHeader: ["trap.hdr", "text header"]
      }
    }
  }

  private static let files = FileManager.default

  private static func gzip(_ data: Data, to file: URL, in folder: URL) throws {
    let plain = folder.appending(path: "plain")
    try data.write(to: plain)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["gzip", "plain"]
    process.currentDirectoryURL = folder
    try process.run()
    process.waitUntilExit()
    try files.moveItem(at: folder.appending(path: "plain.gz"), to: file)
  }

  /// A slice of 32 x 32 bytes, with its header.
  private static var image: Data {
    var bytes = Data(repeating: 0, count: 352)
    func put(_ value: Int16, at offset: Int) {
      withUnsafeBytes(of: value.littleEndian) { bytes.replaceSubrange(offset..<(offset + 2), with: $0) }
    }
    put(348, at: 0)
    for (index, value) in ([2, 32, 32, 1, 1, 1, 1, 1] as [Int16]).enumerated() { put(value, at: 40 + 2 * index) }
    put(2, at: 70)
    put(8, at: 72)
    put(0x43B0, at: 110)
    bytes.replaceSubrange(344..<348, with: Data("n+1\0".utf8))
    return bytes + Data((0..<1024).map { UInt8(truncatingIfNeeded: $0 * 7) })
  }

  private static func set(_ trap: Trap, in folder: URL) throws {
    let place = folder.appending(path: "data/AD", directoryHint: .isDirectory)
    func link(_ name: String, to target: String) throws {
      try files.createSymbolicLink(atPath: place.appending(path: name).path, withDestinationPath: target)
    }
    switch trap {
    case .twoPipes:
      for name in ["trap-1.nii.gz", "trap-2.nii.gz"] {
        try #require(mkfifo(place.appending(path: name).path, 0o600) == 0)
      }
    case .device: try link("trap.nii", to: "/dev/zero")
    case .linkToItself: try link("trap.nii.gz", to: "trap.nii.gz")
    case .folderLoop: try link("trap", to: "..")
    case .bomb:
      let zeros = Data(count: 100 << 20)
      try gzip(image + zeros, to: place.appending(path: "trap.nii.gz"), in: folder)
    case .cutGzip:
      let file = place.appending(path: "trap.nii.gz")
      try gzip(image, to: file, in: folder)
      try Data(contentsOf: file).dropLast(6).write(to: file)
    case .textHeader:
      let text = "<nifti_image\n  image_offset = '0'\n  iname_file = '/etc/passwd'\n/>\n"
      try Data(text.utf8).write(to: place.appending(path: "trap.hdr"))
      try Data(count: 4096).write(to: place.appending(path: "trap.img"))
    }
  }

  @Test(arguments: Trap.allCases) func itIsNamedAndComesToAnEnd(trap: Trap) throws {
    try withTemporaryFolder { folder in
      let made = try Command.run(
        ["phantom", "data", "--subjects", "8", "--minority", "4", "--size", "32x32", "--quiet"], in: folder)
      try #require(made.code == 0, "\(made.errors)")
      try? Self.files.removeItem(at: folder.appending(path: "data/participants.tsv"))
      try Self.set(trap, in: folder)
      let inspected = try Command.run(["inspect", "data", "--quiet"], in: folder)
      guard let mentions = trap.mentions else {
        #expect(inspected.code == 0 && inspected.errors == "", "\(inspected.errors)")
        return
      }
      #expect(inspected.code == 1 && inspected.errors == "", "\(inspected.code) \(inspected.errors)")
      // Lines are broken where the path of the folder says.
      let said = inspected.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      for word in mentions { #expect(said.contains(word), "\(word): \(said)") }
      let trained = try Command.run(["train", "data", "--out", "models", "--steps", "1", "--quiet"], in: folder)
      #expect([1, 2].contains(trained.code) && trained.output == "", "\(trained.code)")
      #expect(trained.errorLines.count == 1 && trained.errors.contains(mentions[0]), "\(trained.errors)")
      #expect(!Self.files.fileExists(atPath: folder.appending(path: "models").path))
    }
  }
}
