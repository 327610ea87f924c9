import Cohorts
import Files
import Foundation
import ImageFiles
import ImageSets
import Phantoms
import Testing

@Suite struct ShapesTests {
  @Test func areasAreThoseOfDisksAndRings() throws {
    let shapes = try Shapes(count: 20, size: 64, seed: 3)
    for index in 0..<20 {
      let shape = shapes.shape(index)
      #expect(shape.isRing == (index % 2 == 1) && shape.isRing == shapes.name(index).hasPrefix("ring-"))
      let (outer, inner) = (shape.radius * 32, (shape.radius - shape.width) * 32)
      let area = Double.pi * (outer * outer - inner * inner)
      let sum = shapes.slice(index).pixels.reduce(0) { $0 + Double($1) }
      #expect(abs(sum / area - 1) < 0.03, "\(shapes.name(index)): \(sum), \(area)")
      #expect(shapes.slice(index)[32, 32] == (shape.isRing ? 0 : 1))
    }
    #expect(Set((0..<20).map(shapes.name)).count == 20)
    #expect(shapes.slice(4) == (try Shapes(count: 5, size: 64, seed: 3)).slice(4))
    #expect(shapes.slice(4) != (try Shapes(count: 5, size: 64, seed: 4)).slice(4))
  }

  @Test func aFolderOfShapesIsACohort() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "shapes-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let shapes = try Shapes(count: 5, size: 16, seed: 0)
    try shapes.write(to: folder)
    let cohort = try Cohort.load(folder)
    #expect(cohort.classes == ["shapes"])
    #expect(cohort.images.map(\.path).first == "shapes/disk-001.nii.gz" && cohort.images.count == 5)
    #expect(try ImageFile.read(cohort.images[0].url).pixels == shapes.slice(0).pixels)
    #expect(throws: ImagingError.self) { try shapes.write(to: folder) }
    #expect(throws: ImagingError.self) { try Shapes(count: 1, size: 16, seed: 0) }
  }

  /// What `body` throws leaves no folder, whole or partial.
  @Test func anUnfinishedFolderIsNotThere() throws {
    let parent = FileManager.default.temporaryDirectory.appending(path: "finished-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: parent) }
    struct Stop: Error {}
    let description = DatasetDescription(name: "test", version: "1", sources: [])
    let target = parent.appending(path: "out")
    #expect(throws: Stop.self) {
      try FinishedFolder.write(to: target, description: description, overwrite: false) { partial in
        try Data("half".utf8).write(to: partial.appending(path: "half.txt"))
        throw Stop()
      }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: parent.path).isEmpty)
    for overwrite in [false, true] {
      try FinishedFolder.write(to: target, description: description, overwrite: overwrite) { partial in
        try Data("\(overwrite)".utf8).write(to: partial.appending(path: "text.txt"))
      }
    }
    #expect(try String(contentsOf: target.appending(path: "text.txt"), encoding: .utf8) == "true")
    #expect(throws: ImagingError.self) {
      try FinishedFolder.write(to: target, description: description, overwrite: false) { _ in }
    }
  }
}
