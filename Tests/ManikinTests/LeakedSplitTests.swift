import Foundation
import Testing

/// A given split with a person or an image on two sides is refused, or scored with a word on it.
@Suite struct LeakedSplitTests {
  private static let files = FileManager.default

  /// A split phantom of 24 people; `change` damages it.
  private static func split(in folder: URL, _ change: (URL, [String: [String]]) throws -> Void) throws {
    let made = try Command.run(
      ["phantom", "made", "--subjects", "24", "--minority", "12", "--size", "32x32", "--quiet"], in: folder)
    try #require(made.code == 0, "\(made.errors)")
    let data = folder.appending(path: "data", directoryHint: .isDirectory)
    var names: [String: [String]] = [:]
    for label in ["AD", "CN"] {
      let source = folder.appending(path: "made/\(label)", directoryHint: .isDirectory)
      let found = try files.contentsOfDirectory(atPath: source.path).filter { $0.hasSuffix(".nii.gz") }.sorted()
      for (index, name) in found.enumerated() {
        let side = index < 6 ? "train" : index < 9 ? "val" : "test"
        let target = data.appending(path: "\(side)/\(label)", directoryHint: .isDirectory)
        try files.createDirectory(at: target, withIntermediateDirectories: true)
        try files.copyItem(at: source.appending(path: name), to: target.appending(path: name))
        names["\(side)/\(label)", default: []].append(name)
      }
    }
    try change(data, names)
  }

  private static let small = [
    "--methods", "original", "--runs", "1", "--steps", "2", "--set", "classifier.epochs=1",
  ]

  private static func run(_ command: [String], _ change: (URL, [String: [String]]) throws -> Void) throws -> (
    refused: Command.Outcome, allowed: Command.Outcome, folder: URL
  ) {
    let folder = files.temporaryDirectory.appending(path: "manikin-\(UUID().uuidString)", directoryHint: .isDirectory)
    try files.createDirectory(at: folder, withIntermediateDirectories: true)
    try split(in: folder, change)
    let refused = try Command.run(command, in: folder)
    return (refused, try Command.run(command + ["--allow-leaks"], in: folder), folder)
  }

  @Test func copiesOnTwoSides() throws {
    let (refused, allowed, folder) = try Self.run(["evaluate", "data", "--out", "run"] + Self.small) { data, names in
      let name = names["train/AD"]![0]
      try Self.files.copyItem(
        at: data.appending(path: "train/AD/\(name)"), to: data.appending(path: "test/AD/copy-a.nii.gz"))
    }
    defer { try? Self.files.removeItem(at: folder) }
    #expect(refused.code == 1)
    #expect(refused.errors.contains("copy-a.nii.gz") && refused.errors.contains("--allow-leaks"))
    #expect(allowed.code == 0, "\(allowed.errors)")
    #expect(allowed.output.hasPrefix("LEAK: 1 image is on two sides of the split"))
    #expect(allowed.errors.contains("1 of 7 test subjects are in training"))
    let results = try String(contentsOf: folder.appending(path: "run/results.json"), encoding: .utf8)
    #expect(results.contains("\"answer\" : \"LEAK: 1 image") && results.contains("\"testSubjectsInTraining\" : 1"))
    let report = try String(contentsOf: folder.appending(path: "run/report.html"), encoding: .utf8)
    #expect(report.contains("LEAK: 1 image"))
  }

  @Test func aSubjectOnTwoSides() throws {
    let (refused, allowed, folder) = try Self.run(["evaluate", "data", "--out", "run"] + Self.small) { data, names in
      let train = data.appending(path: "train/CN")
      let test = data.appending(path: "test/CN")
      try Self.files.moveItem(
        at: train.appending(path: names["train/CN"]![0]), to: train.appending(path: "patient7_slice1.nii.gz"))
      try Self.files.moveItem(
        at: test.appending(path: names["test/CN"]![0]), to: test.appending(path: "patient7_slice2.nii.gz"))
    }
    defer { try? Self.files.removeItem(at: folder) }
    #expect(refused.code == 1 && refused.errors.contains("patient7"))
    #expect(allowed.code == 0, "\(allowed.errors)")
    #expect(allowed.output.hasPrefix("LEAK: 1 subject has images on two sides of the split, such as patient7"))
    #expect(allowed.errors.contains("1 of 6 test subjects are in training"))
  }
}
