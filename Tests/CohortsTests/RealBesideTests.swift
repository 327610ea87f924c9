import Cohorts
import Files
import Foundation
import ImageFiles
import ImageSets
import TestFiles
import Testing

/// Real images beside synthetic ones keep their names and bytes, and are told apart by the manifest.
@Suite struct RealBesideTests {
  private let description = DatasetDescription(name: "Both", version: "0.1.0", sources: ["DATA"])

  private func image(_ path: String, _ className: String, _ scratch: ImageScratch) -> CohortImage {
    CohortImage(url: scratch.path("DATA/" + path), path: path, subject: path, className: className)
  }

  private func write(
    _ real: [RealImage], _ placement: SyntheticFolder.RealPlacement, _ scratch: ImageScratch
  ) throws -> Int {
    let columns = [SyntheticFolder.originColumn]
    let slice = Slice(height: 1, width: 2, pixels: [1, 2], frame: .unoriented())
    return try SyntheticFolder.write(
      to: scratch.path("OUT"), prefix: SyntheticFolder.prefix(avoiding: real), description: description,
      furtherColumns: columns, storage: ImageStorage(.png, bits: 8)
    ) { folder in
      let copied = try folder.addReal(real, by: placement, columns: columns)
      try folder.add([
        SyntheticImage(
          className: "AD", slice: slice, model: "m", seed: 1, furtherValues: [SyntheticFolder.syntheticOrigin])
      ])
      return copied
    }
  }

  @Test(arguments: [SyntheticFolder.RealPlacement.link, .copy])
  func namesAndBytesStay(placement: SyntheticFolder.RealPlacement) throws {
    let scratch = try ImageScratch()
    for (place, value) in [
      ("train/AD/patient7/001.png", UInt8(9)), ("train/AD/002.png", 8), ("train/CN/patient7/001.png", 7),
    ] {
      try scratch.folder("DATA/" + (place as NSString).deletingLastPathComponent)
      try ImageFile.pngData(grey: [value, 1], width: 2, height: 1).write(to: scratch.path("DATA/" + place))
    }
    try scratch.folder("DATA/train/CN/v")
    try Data([1]).write(to: scratch.path("DATA/train/CN/v/a.hdr"))
    try Data([2]).write(to: scratch.path("DATA/train/CN/v/a.img"))
    let real =
      RealImage.images([
        image("train/AD/patient7/001.png", "AD", scratch), image("train/AD/002.png", "AD", scratch),
      ])
      + RealImage.images([
        image("train/CN/patient7/001.png", "CN", scratch), image("train/CN/v/a.hdr", "CN", scratch),
      ])
    #expect(real.map(\.name) == ["patient7/001.png", "002.png", "patient7/001.png", "v/a.hdr"])
    #expect(try write(real, placement, scratch) == 0)
    for (from, to) in [
      ("AD/patient7/001.png", "AD/patient7/001.png"), ("CN/v/a.hdr", "CN/v/a.hdr"), ("CN/v/a.img", "CN/v/a.img"),
    ] {
      let (old, new) = (scratch.path("DATA/train/" + from), scratch.path("OUT/" + to))
      #expect(try Data(contentsOf: old) == Data(contentsOf: new))
      let numbers = try [old, new].map {
        try FileManager.default.attributesOfItem(atPath: $0.path)[.systemFileNumber] as? Int
      }
      #expect((numbers[0] == numbers[1]) == (placement == .link))
    }
    let manifest = try String(contentsOf: scratch.path("OUT/manifest.csv"), encoding: .utf8).split(separator: "\n")
    #expect(manifest.count == 6)
    #expect(manifest[1] == "AD/patient7/001.png,AD,n/a,n/a,n/a,n/a,n/a,n/a,real")
    #expect(manifest[5].hasPrefix("AD/synthetic-AD-00001.png,AD,m,1,") && manifest[5].hasSuffix(",synthetic"))
    #expect(
      try SyntheticFolder.realFiles(in: scratch.path("OUT"))
        == ["AD/patient7/001.png", "AD/002.png", "CN/patient7/001.png", "CN/v/a.hdr"])
    // Subjects are found in names as they were.
    try FileManager.default.removeItem(at: scratch.path("OUT/CN/v"))
    let subjects = try Cohort.load(scratch.path("OUT"), checksSplit: false).images.map(\.subject)
    #expect(subjects.filter { $0 == "patient7" }.count == 2)
  }

  @Test func aLinkIsMadeOfWhatASymbolicLinkNames() throws {
    let scratch = try ImageScratch()
    try scratch.folder("DATA/AD")
    try scratch.folder("elsewhere")
    try ImageFile.pngData(grey: [3, 4], width: 2, height: 1).write(to: scratch.path("elsewhere/x.png"))
    try FileManager.default.createSymbolicLink(
      atPath: scratch.path("DATA/AD/1.png").path, withDestinationPath: "../../elsewhere/x.png")
    _ = try write(RealImage.images([image("AD/1.png", "AD", scratch)]), .link, scratch)
    #expect(try ImageFile.read(scratch.path("OUT/AD/1.png")).pixels == [3, 4])
    let kind = try FileManager.default.attributesOfItem(atPath: scratch.path("OUT/AD/1.png").path)[.type]
    #expect(kind as? FileAttributeType == .typeRegular)
  }

  @Test func namesNeverMeet() throws {
    let scratch = try ImageScratch()
    let earlier = RealImage.images([
      image("AD/Synthetic-AD-00001.png", "AD", scratch), image("AD/b.png", "AD", scratch),
    ])
    #expect(SyntheticFolder.prefix(avoiding: earlier) == "synthetic2")
    #expect(SyntheticFolder.prefix(avoiding: [earlier[1]]) == "synthetic")
    // Two that would be one keep their paths.
    let alike = RealImage.images([image("AD/x.png", "AD", scratch), image("x.png", "AD", scratch)])
    #expect(alike.map(\.name) == ["AD/x.png", "x.png"])
  }

  @Test func aMissingOriginalLeavesNothing() throws {
    let scratch = try ImageScratch()
    expectError("cannot be copied") {
      _ = try write(RealImage.images([image("AD/gone.png", "AD", scratch)]), .link, scratch)
    }
    #expect(try scratch.names.isEmpty)
  }
}
