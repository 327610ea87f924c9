import Foundation
import ImageFiles
import Testing

/// What reading drops or takes for two is said before anything is trained.
@Suite struct SilentInputTests {
  /// Class folders of six images each, 16 x 16 pixels, written by `write` to a path without suffix.
  private static func make(
    _ classes: [String], in folder: URL, _ write: (_ pixels: [Float], _ target: URL) throws -> Void
  ) throws {
    for (number, name) in classes.enumerated() {
      let target = folder.appending(path: name, directoryHint: .isDirectory)
      try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
      for index in 0..<6 {
        let pixels = (0..<256).map { Float(($0 * (index + 3) + 31 * number) % 97) }
        try write(pixels, target.appending(path: "sub-\(number)x\(index)"))
      }
    }
  }

  private static func writeNIfTI(_ pixels: [Float], _ target: URL) throws {
    let slice = Slice(height: 16, width: 16, pixels: pixels, frame: .unoriented())
    try ImageFile.writeNIfTI(slice, to: target.appendingPathExtension("nii.gz"))
  }

  private static let quick = ["--steps", "1"]

  @Test(arguments: ["inspect", "evaluate", "grid", "train", "augment"])
  func twoSpellingsOfOneClassAreRefused(command: String) throws {
    try withTemporaryFolder { folder in
      try Self.make(["AD", "ad", "CN"], in: folder.appending(path: "data"), Self.writeNIfTI)
      let outcome = try Command.run(
        [command, "data"] + (command == "inspect" ? ["--quiet"] : Self.quick + ["--quiet", "--out", "made"]), in: folder
      )
      #expect(outcome.code == 1)
      let said = command == "inspect" ? outcome.output : outcome.errors
      let words = said.split { $0.isWhitespace }.joined(separator: " ")
      #expect(words.contains("'AD' (6 images) and 'ad' (6 images)"), "\(said)")
      #expect(words.contains("give one class one name"), "\(said)")
      if command != "inspect" { #expect(outcome.output == "" && outcome.errorLines.count == 1, "\(said)") }
      let left = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      #expect(left == ["data"])
    }
  }

  @Test func coloursAreNotedOnce() throws {
    try withTemporaryFolder { folder in
      try Self.make(["A", "B"], in: folder.appending(path: "data")) { pixels, target in
        try ImageFile.pngData(rgb: pixels.flatMap { [UInt8($0), 0, 255 - UInt8($0)] }, width: 16, height: 16)
          .write(to: target.appendingPathExtension("png"))
      }
      let outcome = try Command.run(["train", "data", "--out", "models"] + Self.quick, in: folder)
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(outcome.errors.components(separatedBy: "note: all 12 images in colour").count == 2, "\(outcome.errors)")
      #expect(outcome.errors.contains("read in colour (3 channels)"), "\(outcome.errors)")
      let grey = try Command.run(["train", "data", "--out", "luminance", "--colour", "grey"] + Self.quick, in: folder)
      #expect(grey.code == 0 && grey.errors.contains("read as grey: only the luminance is taken"), "\(grey.errors)")
      let inspection = try Command.run(["inspect", "data"], in: folder)
      #expect(inspection.code == 0 && inspection.output.contains("all 12 images in colour"), "\(inspection.output)")
      let imported = try Command.run(["import", "images", "data", "imported"], in: folder)
      #expect(imported.code == 0 && imported.errors.contains("note: all 12 images in colour"), "\(imported.errors)")
    }
  }

  @Test func aRangeIsTakenRecordedAndKept() throws {
    try withTemporaryFolder { folder in
      try Self.make(["A", "B"], in: folder.appending(path: "data")) { pixels, target in
        var pixels = pixels.map { 4 * $0 - 160 }
        pixels[0] = 30000
        try Self.writeNIfTI(pixels, target)
      }
      func train(_ range: [String], out: String) throws -> Command.Outcome {
        try Command.run(["train", "data", "--out", out] + Self.quick + range, in: folder)
      }
      let plain = try train([], out: "plain")
      #expect(plain.code == 0 && plain.errors.contains("note: all 12 images in which a few voxels"), "\(plain.errors)")
      for (index, range) in [["--range", "-160..240"], ["--range=-160..240"]].enumerated() {
        let outcome = try train(range, out: "window\(index)")
        #expect(outcome.code == 0 && !outcome.errors.contains("a few voxels"), "\(outcome.errors)")
        for file in ["recipe.yaml", "models/A/model.json"] {
          let text = try String(contentsOf: folder.appending(path: "window\(index)/\(file)"), encoding: .utf8)
          #expect(text.contains("\"-160..240\""), "\(file)")
        }
      }
      let resumed = try train(["--range", "0..240"], out: "window0")
      #expect(
        resumed.code == 1 && resumed.errors.contains("preprocessing.range is -160..240 there"), "\(resumed.errors)")

      // The images come back in the units of the originals.
      let made = try Command.run(["generate", "window0", "--per-class", "2", "--out", "made"], in: folder)
      #expect(made.code == 0 && !made.errors.contains("not found"), "\(made.errors)")
      let image = try ImageFile.read(folder.appending(path: "made/A/synthetic-A-00001.nii.gz"))
      #expect(image.pixels.min()! >= -160 && image.pixels.max()! <= 240 && image.pixels.max()! > 100)
      let sheet = try String(contentsOf: folder.appending(path: "made/DATASHEET.md"), encoding: .utf8)
      #expect(sheet.contains("in the units of the real images, which were clipped to -160..240"), "\(sheet)")
      let audit = try Command.run(["audit", "made", "data", "--range", "-160..240", "--json"], in: folder)
      #expect(audit.code == 0, "\(audit.errors)")
    }
  }

  @Test(arguments: ["240..-160", "5..5", "abc", "1%..101%", "0..inf", "10%..90"])
  func aRangeThatIsNoneIsSaid(range: String) throws {
    try withTemporaryFolder { folder in
      try Self.make(["A", "B"], in: folder.appending(path: "data"), Self.writeNIfTI)
      let outcome = try Command.run(["train", "data", "--out", "made", "--range", range], in: folder)
      #expect(outcome.code == 2 && outcome.errorLines.count == 1, "\(outcome.errors)")
      #expect(outcome.errors.contains("--range: the value must be 'min-max', percentiles"), "\(outcome.errors)")
      #expect(outcome.errors.contains("not '\(range)'"), "\(outcome.errors)")
    }
  }

  /// Kinds of file that are not read: one sentence that says so and what to do.
  @Test func arraysAreNamed() throws {
    try withTemporaryFolder { folder in
      let data = folder.appending(path: "data", directoryHint: .isDirectory)
      try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
      try Data("PK".utf8).write(to: data.appending(path: "colour.npz"))
      for command in [["inspect", "data"], ["train", "data", "--out", "made"]] {
        let outcome = try Command.run(command, in: folder)
        #expect(outcome.code == 1 && outcome.errorLines.count == 1, "\(outcome.errors)")
        #expect(outcome.errors.contains("colour.npz") && outcome.errors.contains("arrays"), "\(outcome.errors)")
      }
    }
  }
}
