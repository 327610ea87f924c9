import Foundation
import Testing

/// The import commands and what inspects their output; the importers themselves have tests of their own.
@Suite struct ImportTests {
  /// The files of a BIDS data set of slices, which the phantom provides.
  private func dataset(in folder: URL) throws {
    let made = try Command.run(
      ["phantom", "phantom", "--subjects", "8", "--minority", "4", "--size", "32x32", "--quiet"], in: folder)
    try #require(made.code == 0, "\(made.errors)")
    let files = FileManager.default
    for name in ["AD", "CN"] {
      let place = folder.appending(path: "phantom/\(name)")
      for file in try files.contentsOfDirectory(atPath: place.path) {
        let subject = String(file.prefix { $0 != "." })
        let anat = folder.appending(path: "bids/\(subject)/anat")
        try files.createDirectory(at: anat, withIntermediateDirectories: true)
        try files.moveItem(at: place.appending(path: file), to: anat.appending(path: "\(subject)_T1w.nii.gz"))
      }
    }
    try files.moveItem(
      at: folder.appending(path: "phantom/participants.tsv"), to: folder.appending(path: "bids/participants.tsv"))
  }

  @Test func bidsIsImportedAndInspected() throws {
    try withTemporaryFolder { folder in
      try dataset(in: folder)
      let arguments = ["import", "bids", "bids", "out", "--label-column", "class"]
      let outcome = try Command.run(arguments, in: folder)
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(
        outcome.output == """
          AD: 4 images of 4 subjects, 32 x 32 pixels, in out/AD
          CN: 4 images of 4 subjects, 32 x 32 pixels, in out/CN

          """)
      let refused = try Command.run(arguments + ["--quiet"], in: folder)
      #expect(refused.code == 1 && refused.errorLines.count == 1 && refused.errors.contains("--overwrite"))
      let again = try Command.run(arguments + ["--overwrite", "--json", "--quiet"], in: folder)
      #expect(again.code == 0 && again.errors == "" && again.output.contains("\"subjects\""))

      let inspection = try Command.run(["inspect", "out", "--json", "--quiet", "--sheets", "sheets"], in: folder)
      #expect(inspection.code == 0, "\(inspection.errors)")
      let json = try JSONSerialization.jsonObject(with: Data(inspection.output.utf8)) as? [String: Any]
      #expect((json?["nearDuplicates"] as? [Any])?.isEmpty == true)
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "sheets").path).sorted()
          == ["AD.png", "CN.png"])
      let inside = try Command.run(["inspect", "out", "--quiet", "--sheets", "out/sheets"], in: folder)
      #expect(inside.code == 1 && inside.errors.contains("lies inside the images"))
    }
  }

  /// Images that look like none of the others: each a wave of its own.
  private func idx(_ count: Int, from first: Int) -> [UInt8] {
    [0, 0, 8, 3, 0, 0, 0, UInt8(count), 0, 0, 0, 16, 0, 0, 0, 16]
      + (0..<count).flatMap { image in
        (0..<256).map { place -> UInt8 in
          let wave = Double((place / 16) * (first + image + 3) % 23 + (place % 16) * (2 * (first + image) + 5) % 29)
          return UInt8(wave * 4)
        }
      }
  }

  @Test func arraysAreImportedAndInspectedWithoutALeak() throws {
    try withTemporaryFolder { folder in
      try FileManager.default.createDirectory(at: folder.appending(path: "in"), withIntermediateDirectories: true)
      for (name, count, first) in [("train", 12, 0), ("t10k", 6, 12)] {
        try Data(idx(count, from: first)).write(to: folder.appending(path: "in/\(name)-images-idx3-ubyte"))
        let labels = [0, 0, 8, 1, 0, 0, 0, UInt8(count)] + (0..<count).map { UInt8($0 % 2) }
        try Data(labels).write(to: folder.appending(path: "in/\(name)-labels-idx1-ubyte"))
      }
      let arguments = ["import", "arrays", "in", "out", "--class-names", "ant,bee"]
      let outcome = try Command.run(arguments, in: folder)
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(
        outcome.output == """
          test/ant: 3 images, 16 x 16 pixels, in out/test/ant
          test/bee: 3 images, 16 x 16 pixels, in out/test/bee
          train/ant: 6 images, 16 x 16 pixels, in out/train/ant
          train/bee: 6 images, 16 x 16 pixels, in out/train/bee

          """)
      let refused = try Command.run(arguments, in: folder)
      #expect(refused.code == 1 && refused.errors.contains("--overwrite"))
      let again = try Command.run(arguments + ["--overwrite", "--json", "--quiet", "--per-class", "2"], in: folder)
      #expect(again.code == 0 && again.errors == "" && again.output.contains("\"train/bee\""))
      let inspection = try Command.run(["inspect", "out"], in: folder)
      #expect(inspection.code == 0, "\(inspection.errors)")
      #expect(!inspection.output.contains("leak") && !inspection.output.contains("two sides"), "\(inspection.output)")
    }
  }

  /// A file of two volumes of 20 x 18 x 3, in NIfTI-1: the pattern of a volume is its own.
  private func series(_ seed: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 352)
    func put(_ values: [Int16], _ place: Int) {
      for (index, value) in values.enumerated() {
        withUnsafeBytes(of: value.littleEndian) { source in
          for (byte, part) in source.enumerated() { bytes[place + 2 * index + byte] = part }
        }
      }
    }
    put([348, 0], 0)
    put([4, 20, 18, 3, 2, 1, 1, 1], 40)
    put([2, 8], 70)
    bytes.replaceSubrange(108..<112, with: [0, 0, 0xB0, 0x43])
    bytes.replaceSubrange(344..<348, with: Array("n+1\0".utf8))
    let count = 20 * 18 * 3 * 2
    return bytes + (0..<count).map { place in UInt8((place * (seed + 3) + place / 20 * 7 * seed) % 241) }
  }

  @Test func oneOfASeriesIsInspectedAndImported() throws {
    try withTemporaryFolder { folder in
      for (number, name) in ["A/p1", "A/p2", "B/p3", "B/p4"].enumerated() {
        let url = folder.appending(path: "data/\(name).nii")
        try FileManager.default.createDirectory(
          at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(series(number + 1)).write(to: url)
      }
      let refused = try Command.run(["inspect", "data", "--plane", "axial"], in: folder)
      #expect(refused.code == 1 && refused.output.contains("as in --volume 0"), "\(refused.output)")
      let inspection = try Command.run(["inspect", "data", "--plane", "axial", "--volume", "1"], in: folder)
      #expect(inspection.code == 0 && inspection.output.contains("18 x 20"), "\(inspection.output)")
      let arguments = ["import", "volumes", "data", "out", "--analyze-orientation", "RAS"]
      let without = try Command.run(arguments, in: folder)
      #expect(without.code == 1 && without.errorLines.count == 1 && without.errors.contains("--volume 0"))
      let outcome = try Command.run(arguments + ["--volume", "1"], in: folder)
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("A: 2 images of 2 subjects, 18 x 20 pixels"), "\(outcome.output)")
      let recipe = try Command.run(["recipe", "--explain"], in: folder)
      #expect(recipe.output.contains("volume:"), "\(recipe.output)")
    }
  }

  @Test(arguments: [
    ["import", "oasis", "data", "--csv", "x.csv", "out"], ["import", "bids", "data", "out"],
    ["import", "bids", "data", "out", "--label-column", "class", "--slice", "top"],
    ["import", "bids", "data", "out", "--label-column", "class", "--slices", "9..x"],
    ["import", "bids", "data", "out", "--label-column", "class", "--slice", "3", "--slices", "1..2"],
    ["import", "bids", "data", "out", "--label-column", "class", "--repeats", "some"],
    ["import", "volumes", "data", "out", "--plane", "oblique"],
    ["import", "volumes", "data", "out", "--analyze-orientation", "LLL"], ["import", "images", "data"],
    ["import", "arrays", "data"], ["import", "arrays", "data", "out", "--per-class", "0"],
    ["import", "arrays", "data", "out", "--label-column", "-1"], ["import", "arrays", "data", "out", "--slice", "3"],
    ["import", "arrays", "data", "out", "--plane", "flat"], ["import", "volumes", "data", "out", "--volume", "-1"],
    ["import", "arrays", "data", "out", "--plane", "axial", "--slice", "9mm"], ["inspect", "data", "--volume", "x"],
    ["import", "arrays", "data", "out", "--validation", "1"], ["import", "arrays", "data", "out", "--classes", "1,,2"],
    ["generate", "data", "--out", "out", "--per-class", "1", "--layout", "pile"],
  ])
  func misuseIsSaid(arguments: [String]) throws {
    try withTemporaryFolder { folder in
      try FileManager.default.createDirectory(at: folder.appending(path: "data"), withIntermediateDirectories: true)
      let outcome = try Command.run(arguments, in: folder)
      #expect(outcome.code == 2 && outcome.output == "", "\(outcome.errors)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["data"])
    }
  }
}
