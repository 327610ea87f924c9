import Foundation
import ImageFiles
import ImageSets
import TestFiles
import Testing

@Suite struct PreprocessingTests {
  private func slice(_ height: Int, _ width: Int, _ pixels: [Float]) -> Slice {
    Slice(height: height, width: width, pixels: pixels, frame: .axial(height: height, width: width))
  }

  @Test func minMaxFillsTheUnitInterval() throws {
    let result = try Preprocessing().apply(slice(2, 2, [-10, 30, 0, 10]))
    #expect(result.pixels == [0, 1, 0.25, 0.5])
    #expect(result.frame == slice(2, 2, [0, 0, 0, 0]).frame)
    let wide = try Preprocessing().apply(
      slice(1, 3, [-.greatestFiniteMagnitude, 0, .greatestFiniteMagnitude]))
    #expect(wide.pixels == [0, 0.5, 1])
  }

  @Test func noneKeepsIntensities() throws {
    let plain = Preprocessing(intensity: .none)
    #expect(try plain.apply(slice(1, 3, [0, 0.25, 1])).pixels == [0, 0.25, 1])
    for bad: Float in [-0.01, 1.01] {
      expectError("/x/a.nii", "\(bad)", "min-max") {
        _ = try plain.apply(slice(1, 2, [0.5, bad]), from: URL(filePath: "/x/a.nii"))
      }
    }
  }

  @Test func constantImagesAreRefused() throws {
    expectError("/x/a.nii", "all pixels", "3.0", "remove the file") {
      _ = try Preprocessing().apply(slice(2, 2, [3, 3, 3, 3]), from: URL(filePath: "/x/a.nii"))
    }
    expectError("once it is cropped", "crop less") {
      _ = try Preprocessing(size: ImageSize(height: 1, width: 1)).apply(slice(1, 3, [0, 7, 9]))
    }
  }

  @Test(arguments: [
    ImageSize(height: 0, width: 4), ImageSize(height: 4, width: -1), ImageSize(height: 99_999, width: 1),
  ])
  func impossibleSizesAreRefused(size: ImageSize) {
    expectError("\(size)") { _ = try Preprocessing(size: size).apply(slice(1, 2, [0, 1])) }
  }

  @Test func cropsAboutTheCentreAndPadsWithTheMinimum() throws {
    let image = slice(3, 5, (0..<15).map { Float($0) + 5 })
    let cropped = image.croppedOrPadded(to: ImageSize(height: 1, width: 2))
    #expect(cropped.pixels == [11, 12])
    let result = try Preprocessing(size: ImageSize(height: 5, width: 3)).apply(image)
    #expect(
      result.pixels.map { ($0 * 13).rounded() } == [0, 0, 0, 1, 2, 3, 6, 7, 8, 11, 12, 13, 0, 0, 0])
    #expect(result.pixels.min() == 0 && result.pixels.max() == 1)
  }

  @Test(arguments: [(3, 5, 4, 9), (4, 4, 9, 5), (6, 7, 6, 8)])
  func croppingUndoesPadding(height: Int, width: Int, newHeight: Int, newWidth: Int) {
    let image = slice(height, width, (0..<height * width).map(Float.init))
    let padded = image.croppedOrPadded(to: ImageSize(height: newHeight, width: newWidth), padding: -1)
    let back = padded.croppedOrPadded(to: ImageSize(height: height, width: width))
    #expect(back == image)
  }

  /// The point of anatomy under a pixel stays where it was.
  @Test func framesFollowTheCrop() throws {
    let image = slice(6, 9, (0..<54).map(Float.init))
    let cropped = image.croppedOrPadded(to: ImageSize(height: 4, width: 12))
    #expect(cropped[1, 3] == image[2, 2])
    func place(_ frame: SliceFrame, _ row: Double, _ column: Double) -> SIMD3<Double> {
      frame.origin + row * frame.rowStep + column * frame.columnStep
    }
    #expect(place(cropped.frame, 1, 3) == place(image.frame, 2, 2))
  }

  @Test func shrinkingAveragesAndGrowingInterpolates() {
    let image = slice(2, 4, [0, 2, 4, 6, 8, 10, 12, 14])
    let halved = image.resized(to: ImageSize(height: 1, width: 2))
    #expect(halved.pixels == [5, 9])
    #expect(halved.frame.spacing == SIMD3(2, 2, 1))
    let thirds = slice(1, 3, [0, 3, 9]).resized(to: ImageSize(height: 1, width: 2))
    #expect(abs(thirds.pixels[0] - 1) < 1e-6 && abs(thirds.pixels[1] - 7) < 1e-6)
    let grown = slice(1, 2, [0, 4]).resized(to: ImageSize(height: 2, width: 4))
    #expect(grown.pixels == [0, 1, 3, 4, 0, 1, 3, 4])
    #expect(grown.frame.spacing == SIMD3(0.5, 0.5, 1))
    #expect(slice(1, 1, [7]).resized(to: ImageSize(height: 2, width: 3)).pixels == [7, 7, 7, 7, 7, 7])
    #expect(slice(3, 1, [1, 2, 3]).resized(to: ImageSize(height: 1, width: 1)).pixels == [2])
  }

  /// Whatever the lengths, a resampling keeps constants and straight lines inside, and shrinking keeps the mean.
  @Test(arguments: [(7, 3), (208, 64), (64, 208), (5, 5), (100, 99), (1, 4), (31, 1)])
  func resamplingKeepsWhatItShould(from old: Int, to new: Int) {
    let map = Resampling(from: old, to: new)
    #expect(map.weights.allSatisfy { abs($0.reduce(0, +) - 1) < 1e-12 && $0.allSatisfy { $0 >= 0 } })
    #expect(zip(map.starts, map.weights).allSatisfy { $0 >= 0 && $0 + $1.count <= old })
    let totals = zip(map.starts, map.weights).reduce(into: [Double](repeating: 0, count: old)) { totals, pixel in
      for (offset, weight) in pixel.1.enumerated() { totals[pixel.0 + offset] += weight }
    }
    if new <= old { #expect(totals.allSatisfy { abs($0 - Double(new) / Double(old)) < 1e-9 }) }
    for (index, (start, weights)) in zip(map.starts, map.weights).enumerated() where new > old && old > 1 {
      let centre = (Double(index) + 0.5) * Double(old) / Double(new) - 0.5
      let mean = weights.enumerated().reduce(0) { $0 + Double(start + $1.offset) * $1.element }
      #expect(abs(mean - min(max(centre, 0), Double(old - 1))) < 1e-9)
    }
  }

  @Test func survivesJSON() throws {
    let preprocessing = Preprocessing(intensity: .none, size: ImageSize(height: 208, width: 176), fit: .resize)
    let data = try JSONEncoder().encode(preprocessing)
    #expect(try JSONDecoder().decode(Preprocessing.self, from: data) == preprocessing)
    #expect(String(decoding: data, as: UTF8.self).contains("\"resize\""))
  }

  @Test(arguments: [("208x176", 208, 176), ("64", 64, 64), ("1x16384", 1, 16384)])
  func sizesAreRead(text: String, height: Int, width: Int) {
    #expect(ImageSize(text) == ImageSize(height: height, width: width))
  }

  @Test(arguments: ["", "x", "0x4", "4x0", "4x4x4", "-3", "16385", "a", "4 x 4"])
  func otherTextIsNoSize(text: String) {
    #expect(ImageSize(text) == nil)
  }
}
