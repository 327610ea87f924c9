import Foundation
import Testing

/// `manikin audit` on folders with a known answer.
@Suite struct AuditTests {
  private func audit(_ arguments: [String], in folder: URL) throws -> [String: Any] {
    let outcome = try Command.run(["audit"] + arguments + ["--json", "--quiet"], in: folder)
    try #require(outcome.code == 0, "\(outcome.errors)")
    return try #require(
      JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any], "\(outcome.output)")
  }

  private func phantom(_ name: String, seed: Int, in folder: URL) throws {
    let made = try Command.run(
      [
        "phantom", name, "--subjects", "40", "--minority", "20", "--size", "32x32", "--seed", "\(seed)", "--quiet",
      ], in: folder)
    try #require(made.code == 0, "\(made.errors)")
  }

  private func files(_ folder: URL) throws -> [URL] {
    try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter { $0.path.hasSuffix(".nii.gz") }.sorted { $0.path < $1.path }
  }

  /// Other people of the same kind give nothing away; a planted copy is found and named.
  @Test func aPlantedCopyIsFoundAmongOtherPeople() throws {
    try withTemporaryFolder { folder in
      try phantom("data", seed: 1, in: folder)
      try phantom("others", seed: 2, in: folder)
      try phantom("unseen", seed: 3, in: folder)
      let clean = try audit(["others", "data", "--held-out", "unseen"], in: folder)
      #expect((clean["copies"] as? [Any])?.isEmpty == true)
      let membership = try #require(clean["membership"] as? [String: Any])
      let interval = try #require(membership["interval"] as? [String: Double])
      #expect(interval["lower"]! < 0.5 && interval["upper"]! > 0.5)
      let copying = try #require(clean["copying"] as? [String: Any])
      #expect(abs(try #require(copying["z"] as? Double)) < 3)

      let original = try files(folder.appending(path: "data/AD"))[3]
      try FileManager.default.copyItem(at: original, to: folder.appending(path: "others/AD/planted.nii.gz"))
      let found = try audit(["others", "data", "--held-out", "unseen"], in: folder)
      let copies = try #require(found["copies"] as? [[String: Any]])
      #expect(copies.count == 1)
      #expect(copies.first?["synthetic"] as? String == "AD/planted.nii.gz")
      #expect((copies.first?["training"] as? String)?.hasSuffix(original.lastPathComponent) == true)

      let text = try Command.run(["audit", "others", "data", "--pairs", "pairs.png", "--quiet"], in: folder)
      #expect(text.code == 0)
      #expect(text.output.hasPrefix("Share these images only as you would share the originals: 1 image is a copy"))
      let lines = text.output.components(separatedBy: "\n")
      #expect(lines[1...].allSatisfy { $0.count <= 80 }, "\(text.output)")
      #expect(try Data(contentsOf: folder.appending(path: "pairs.png")).starts(with: [0x89, 0x50, 0x4E, 0x47]))
      let again = try Command.run(["audit", "others", "data", "--pairs", "pairs.png", "--quiet"], in: folder)
      #expect(again.code == 2 && again.errorLines.count == 1 && again.output == "")
    }
  }

  /// The training images themselves, as if they were synthetic: everything is a copy, and everyone is found out.
  @Test func theTrainingImagesGiveThemselvesAway() throws {
    try withTemporaryFolder { folder in
      try phantom("data", seed: 1, in: folder)
      try phantom("unseen", seed: 3, in: folder)
      let found = try audit(["data", "data", "--held-out", "unseen"], in: folder)
      #expect((found["copies"] as? [Any])?.count == 40)
      #expect((found["membership"] as? [String: Any])?["area"] as? Double == 1)
      #expect(try #require((found["copying"] as? [String: Any])?["z"] as? Double) < -5)
      let classes = try #require(found["classes"] as? [[String: Any]])
      #expect(classes.allSatisfy { $0["exactCopies"] as? Int == 20 && $0["authentic"] as? Double == 0 })
    }
  }

  @Test func aClassWithoutTrainingImagesIsSaid() throws {
    try withTemporaryFolder { folder in
      try phantom("data", seed: 1, in: folder)
      try phantom("others", seed: 2, in: folder)
      try FileManager.default.moveItem(
        at: folder.appending(path: "others/AD"), to: folder.appending(path: "others/MCI"))
      let outcome = try Command.run(["audit", "others", "data", "--quiet"], in: folder)
      #expect(outcome.code == 2 && outcome.errorLines.count == 1 && outcome.errors.contains("class 'MCI'"))
    }
  }
}
