import Foundation
import ImageFiles
import TestFiles
import Testing

/// Header and image from one pass are those of two passes.
@Suite struct OpenedImageTests {
  private func check(_ url: URL, _ selection: SliceSelection? = nil) throws {
    let (header, slice) = try ImageFile.open(url, selection: selection)
    #expect(header == (try ImageFile.header(url)))
    #expect(slice == (try ImageFile.read(url, selection: selection)), "\(url.lastPathComponent)")
  }

  @Test(arguments: ImageBytes.Container.allCases) func slices(container: ImageBytes.Container) throws {
    let scratch = try ImageScratch()
    let image = ImageBytes([3, 4], values: (0..<12).map { Double($0) })
    try check(image.write("slice", container, in: scratch))
  }

  @Test func pictures() throws {
    let scratch = try ImageScratch()
    let slice = Slice(height: 2, width: 3, pixels: [0, 1, 2, 3, 4, 5], frame: .unoriented())
    try ImageFile.writePNG(slice, to: scratch.path("a.png"))
    try check(scratch.path("a.png"))
  }

  @Test(arguments: ImageBytes.Container.allCases) func volumes(container: ImageBytes.Container) throws {
    let scratch = try ImageScratch()
    let url = try ImageBytes([3, 4, 5], values: (0..<60).map { Double($0) }).write("volume", container, in: scratch)
    for plane in Plane.allCases { try check(url, SliceSelection(plane: plane)) }
    let (header, slice) = try ImageFile.open(url)
    #expect(header.isVolume && slice == nil)
  }
}
