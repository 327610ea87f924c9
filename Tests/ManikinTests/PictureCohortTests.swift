import Cohorts
import Foundation
import ImageFiles
import Randomness
import Testing

/// Cohorts of pictures from end to end: what comes in goes out as it came.
@Suite struct PictureCohortTests {
  private static let files = FileManager.default
  private static let quick = ["--steps", "10", "--set", "sampler.steps=3", "--latent-dimensions", "2", "--quiet"]

  /// Blobs of 24 x 20 pixels between a fifth and four fifths of the range, 5 of A and 8 of B.
  private static func make(
    _ name: String, _ storage: ImageStorage, channels: Int = 1, below side: String = "", in folder: URL
  ) throws {
    for (className, count) in [("A", 5), ("B", 8)] {
      for index in 0..<count {
        var random = RandomStream(seed: UInt64(index), purpose: side + className)
        let (row, column, radius) = (random.uniform(9, 15), random.uniform(7, 13), random.uniform(3, 6))
        let pixels = (0..<480 * channels).map { place -> Float in
          let pixel = place / channels
          let distance = hypot(Double(pixel / 20) - row, Double(pixel % 20) - column)
          let share =
            0.2 + 0.5 / (1 + exp(distance - radius)) + random.uniform(0, 0.1) + 0.05 * Double(place % channels)
          return Float(share * storage.largest)
        }
        let target = folder.appending(path: "\(name)/\(side)\(className)/patient\(index)", directoryHint: .isDirectory)
        try files.createDirectory(at: target, withIntermediateDirectories: true)
        try ImageFile.write(
          Slice(height: 24, width: 20, channels: channels, pixels: pixels, frame: .unoriented()), as: storage,
          to: target.appending(path: "\(side.dropLast())\(className)-001\(storage.suffix)"))
      }
    }
  }

  @discardableResult
  private static func run(_ arguments: [String], in folder: URL) throws -> Command.Outcome {
    let outcome = try Command.run(arguments, in: folder)
    try #require(outcome.code == 0, "\(arguments): \(outcome.errors)")
    return outcome
  }

  private static func rows(_ file: String, in folder: URL) throws -> [[String]] {
    try String(contentsOf: folder.appending(path: file), encoding: .utf8).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  @Test(arguments: [
    (ImageStorage(.png, bits: 8), 1), (.init(.png, bits: 16), 1), (.init(.tiff, bits: 16), 3),
    (.init(.jpeg, bits: 8), 3),
  ])
  func theKindThatCameInGoesOut(storage: ImageStorage, channels: Int) throws {
    try withTemporaryFolder { folder in
      try Self.make("data", storage, channels: channels, in: folder)
      try Self.run(["augment", "data", "--out", "out", "--models", "models"] + Self.quick, in: folder)
      let manifest = try Self.rows("out/manifest.csv", in: folder)
      #expect(manifest.count == 4 && manifest[0].suffix(3) == ["format", "stored_at_0", "stored_at_1"])
      for (number, row) in manifest.dropFirst().enumerated() {
        #expect(row[0] == "A/synthetic-A-0000\(number + 1)\(storage.suffix)")
        let url = folder.appending(path: "out/\(row[0])")
        let (slice, header) = (try ImageFile.read(url), try ImageFile.header(url))
        #expect(slice.storage == storage && header.dataType == "uint\(storage.bits)" && slice.channels == channels)
        // Of the light of the real ones, not stretched over all numbers.
        let window = try #require(
          Double(row[row.count - 2]).flatMap { low in Double(row[row.count - 1]).map { [low, $0] } })
        #expect(window[0] > 0.1 * storage.largest && window[1] < 0.97 * storage.largest, "\(window)")
        let slack: Float = storage.kind.isLossy ? 40 : 0.5
        #expect(slice.pixels.allSatisfy { $0 >= Float(window[0]) - slack && $0 <= Float(window[1]) + slack })
      }
      let sheet = try String(contentsOf: folder.appending(path: "out/DATASHEET.md"), encoding: .utf8)
      #expect(sheet.contains(storage.text.prefix(4)) && sheet.contains("stored_at_0"))
      #expect(storage.kind.isLossy == manifest[1].joined().contains("lossy"))
    }
  }

  @Test func formatsAreChosen() throws {
    try withTemporaryFolder { folder in
      try Self.make("data", .init(.png, bits: 8), in: folder)
      try Self.run(["train", "data", "--out", "models"] + Self.quick, in: folder)
      func generate(_ out: String, _ further: [String]) throws -> Command.Outcome {
        try Command.run(["generate", "models", "--per-class", "1", "--out", out] + further, in: folder)
      }
      for (name, further, suffix, type) in [
        ("nifti", ["--format", "nifti"], ".nii.gz", "float32"), ("tiff", ["--format", "tiff"], ".tif", "uint8"),
        ("png16", ["--bits", "16"], ".png", "uint16"), ("jpeg", ["--format", "jpeg"], ".jpg", "uint8"),
        ("bids", ["--layout", "bids"], "", ""),
      ] {
        let outcome = try generate(name, further)
        #expect(outcome.code == 0, "\(outcome.errors)")
        if name == "bids" {
          #expect(outcome.errors.contains("a BIDS derivative holds NIfTI images, so"), "\(outcome.errors)")
          continue
        }
        let url = folder.appending(path: "\(name)/B/synthetic-B-00001\(suffix)")
        #expect(try ImageFile.header(url).dataType == type)
        #expect(outcome.errors.contains("JPEG is lossy") == (name == "jpeg"))
      }
      // 16 bits of what had 8 are 257 times as much.
      let (eight, sixteen) = (
        try Self.rows("tiff/manifest.csv", in: folder), try Self.rows("png16/manifest.csv", in: folder)
      )
      #expect(Double(eight[1].last!)! * 257 == Double(sixteen[1].last!)!)
      for (further, words) in [
        (["--format", "png", "--layout", "bids"], "--format: a BIDS derivative"),
        (["--format", "jpeg", "--bits", "16"], "--bits: JPEG holds 8 bits"),
        (["--format", "nifti", "--bits", "8"], "--bits: NIfTI images are written as"),
        (["--with-real", "link", "--layout", "bids"], "--with-real"), (["--npz", "x.zip"], "ends in .npz"),
        (["--npz", "refused/all.npz"], "--npz: 'refused/all.npz' lies inside"),
      ] {
        let refused = try generate("refused", further)
        #expect(
          refused.code != 0 && refused.errorLines.count == 1 && refused.errors.contains(words), "\(refused.errors)")
        #expect(!Self.files.fileExists(atPath: folder.appending(path: "refused").path))
      }
      // Models of earlier versions do not say what came in.
      for className in ["A", "B"] {
        let card = folder.appending(path: "models/models/\(className)/model.json")
        let text = try String(contentsOf: card, encoding: .utf8)
        let older = text.replacing(/,\s*"storage" : \{[^}]*\}/, with: "").replacing(
          /\s*"limits" : \[[^a-z]*\],(?=\s*")/, with: "")
        #expect(!older.contains("storage") && !older.contains("limits") && text.contains("storage"))
        try older.write(to: card, atomically: true, encoding: .utf8)
      }
      let older = try generate("older", [])
      #expect(older.code == 0 && older.errors.contains("of an earlier version"), "\(older.errors)")
      #expect(try ImageFile.header(folder.appending(path: "older/A/synthetic-A-00001.nii.gz")).dataType == "float32")
    }
  }

  @Test func realTrainingImagesAloneLieBeside() throws {
    try withTemporaryFolder { folder in
      for side in ["train/", "val/", "test/"] { try Self.make("data", .init(.png, bits: 8), below: side, in: folder) }
      // The same person on two sides would be a leak; here every side has people of its own.
      for side in ["val", "test"] {
        for className in ["A", "B"] {
          let place = folder.appending(path: "data/\(side)/\(className)", directoryHint: .isDirectory)
          for name in try Self.files.contentsOfDirectory(atPath: place.path) {
            try Self.files.moveItem(at: place.appending(path: name), to: place.appending(path: side + name))
          }
        }
      }
      let outcome = try Self.run(
        ["augment", "data", "--out", "out", "--models", "models", "--with-real", "link", "--npz", "all.npz"]
          + Self.quick.dropLast(), in: folder)
      #expect(outcome.output.contains("A: 5 real training images beside them"), "\(outcome.output)")
      #expect(outcome.errors.contains("13 real training images beside the synthetic ones"), "\(outcome.errors)")
      #expect(Self.files.fileExists(atPath: folder.appending(path: "all.npz").path))
      let cohort = try Cohort.load(folder.appending(path: "out", directoryHint: .isDirectory))
      #expect(cohort.images(of: "A").count == 8 && cohort.images(of: "B").count == 8)
      let rows = try Self.rows("out/manifest.csv", in: folder).dropFirst()
      let real = rows.filter { $0.last == "real" }.map { $0[0] }
      #expect(real.count == 13 && rows.filter { $0.last == "synthetic" }.count == 3)
      #expect(
        real.contains("A/patient3/trainA-001.png") && !real.contains { $0.contains("val") || $0.contains("test") })
      #expect(
        try Data(contentsOf: folder.appending(path: "out/A/patient3/trainA-001.png"))
          == Data(contentsOf: folder.appending(path: "data/train/A/patient3/trainA-001.png")))
      // An audit asks about the synthetic ones alone.
      let audit = try Self.run(["audit", "out", "data"], in: folder)
      #expect(!audit.output.contains("13 images are copies"), "\(audit.output)")
      #expect(audit.output.contains("3 images") || audit.output.contains("3 synthetic"), "\(audit.output)")
      // A second run replaces the folder when it is told so, and leaves the originals alone.
      try Self.run(
        ["augment", "data", "--out", "out", "--models", "models", "--with-real", "copy", "--overwrite"] + Self.quick,
        in: folder)
      #expect(try Cohort.load(folder.appending(path: "data", directoryHint: .isDirectory)).images.count == 39)
    }
  }
}
