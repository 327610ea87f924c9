import Foundation
import ImageFiles
import ImageSets
import TestFiles
import Testing

/// Pictures go out in every kind and number of bits, and come in again as they were.
@Suite struct PictureWritingTests {
  private func slice(channels: Int, largest: Float) -> Slice {
    let pixels = PictureBytes.slope(width: 23, height: 17, channels: channels).map { Float($0) / 255 * largest }
    return Slice(height: 17, width: 23, channels: channels, pixels: pixels, frame: .unoriented())
  }

  @Test(
    arguments: [ImageStorage(.png, bits: 8), .init(.png, bits: 16), .init(.tiff, bits: 8), .init(.tiff, bits: 16)],
    [1, 3])
  func wholeNumbersComeBackWithinHalfAStep(storage: ImageStorage, channels: Int) throws {
    let scratch = try ImageScratch()
    let url = scratch.path("a" + storage.suffix)
    let slice = slice(channels: channels, largest: Float(storage.largest))
    try ImageFile.write(slice, as: storage, to: url)
    let again = try ImageFile.read(url)
    #expect((again.height, again.width, again.channels) == (17, 23, channels))
    #expect(zip(slice.pixels, again.pixels).allSatisfy { abs($0 - $1) <= 0.5 })
    #expect(again.storage == storage)
    #expect(try ImageFile.header(url).dataType == "uint\(storage.bits)")
    #expect(try scratch.names == ["a" + storage.suffix])
    // What does not go into the numbers is clipped.
    var outside = slice
    (outside.pixels[0], outside.pixels[1]) = (-3, Float(storage.largest) + 900)
    try ImageFile.write(outside, as: storage, to: url)
    #expect(try ImageFile.read(url).pixels.prefix(2) == [0, Float(storage.largest)])
  }

  @Test(arguments: [1, 3]) func jpegComesBackNearly(channels: Int) throws {
    let scratch = try ImageScratch()
    let slice = slice(channels: channels, largest: 255)
    try ImageFile.write(slice, as: ImageStorage(.jpeg, bits: 16), to: scratch.path("a.jpg"))
    let again = try ImageFile.read(scratch.path("a.jpg"))
    let differences = zip(slice.pixels, again.pixels).map { abs($0 - $1) }
    #expect(again.channels == channels && differences.count == slice.pixels.count)
    #expect(differences.reduce(0, +) / Float(differences.count) < 2.5, "\(differences.max() ?? 0)")
    #expect(ImageStorage(.jpeg, bits: 16).bits == 8 && ImageStorage.Kind.jpeg.isLossy)
  }

  @Test func numbersThatAreNoneAreRefused() throws {
    let scratch = try ImageScratch()
    var slice = slice(channels: 1, largest: 255)
    slice.pixels[5] = .nan
    expectError("NaN or infinite") {
      try ImageFile.write(slice, as: ImageStorage(.tiff, bits: 8), to: scratch.path("a.tif"))
    }
    #expect(try scratch.names.isEmpty)
  }

  @Test func severalKindsAreHeldWithoutLoss() {
    let (png8, png16) = (ImageStorage(.png, bits: 8), ImageStorage(.png, bits: 16))
    #expect(ImageStorage(holding: [png8, png8]) == png8)
    #expect(ImageStorage(holding: [png8, png16]) == png16)
    #expect(ImageStorage(holding: [.init(.jpeg, bits: 8), .init(.jpeg, bits: 8)]) == .init(.jpeg, bits: 8))
    #expect(ImageStorage(holding: [.init(.jpeg, bits: 8), .init(.tiff, bits: 16)]) == png16)
    #expect(ImageStorage(holding: [png8, .nifti]) == .nifti)
    #expect(ImageStorage(holding: []) == .nifti)
  }

  @Test func theLightOfAnOriginalIsKept() {
    let (png8, png16) = (ImageStorage(.png, bits: 8), ImageStorage(.png, bits: 16))
    let plain = Preprocessing()
    func window(
      _ preprocessing: Preprocessing, _ storage: ImageStorage, _ source: ImageStorage?, _ limits: SIMD2<Float>?
    ) -> [Double] {
      let (low, high) = preprocessing.pictureWindow(storage, source: source, limits: limits)
      return [low, high]
    }
    #expect(window(plain, png8, png8, SIMD2(12, 200)) == [12, 200])
    #expect(window(plain, png16, png8, SIMD2(12, 200)) == [12 * 257, 200 * 257])
    #expect(window(plain, png8, png16, SIMD2(257, 65535)) == [1, 255])
    // Floats have no place among whole numbers.
    #expect(window(plain, png8, .nifti, SIMD2(0, 1)) == [0, 255])
    #expect(window(plain, png8, nil, nil) == [0, 255])
    let wide = Preprocessing(range: .window(-160, 240))
    #expect(window(wide, png8, .nifti, SIMD2(-160, 240)) == [0, 255])
    #expect(window(Preprocessing(range: .window(0, 200)), png8, .nifti, SIMD2(0, 200)) == [0, 200])
    #expect(window(Preprocessing(range: .window(0, 1)), png8, .nifti, SIMD2(0, 1)) == [0, 255])
  }

  /// Signed numbers and floats keep their units; they have no place among whole numbers.
  @Test func floatsAndSignedNumbersKeepTheirUnits() throws {
    let scratch = try ImageScratch()
    let floats = ImageStorage(.tiff, bits: 32)
    var slice = slice(channels: 1, largest: 1)
    slice.pixels = slice.pixels.map { 1.5 * $0 - 0.25 }
    try ImageFile.write(slice, as: floats, to: scratch.path("a.tif"))
    let again = try ImageFile.read(scratch.path("a.tif"))
    #expect(again.pixels == slice.pixels && again.storage == floats)
    #expect(try ImageFile.header(scratch.path("a.tif")).dataType == "float32")
    let (low, high) = Preprocessing().pictureWindow(floats, source: floats, limits: SIMD2(-499, 451))
    #expect(low == -499 && high == 451)
    let whole = Preprocessing().pictureWindow(.init(.png, bits: 16), source: floats, limits: SIMD2(0.25, 0.5))
    #expect(whole.low == 0 && whole.high == 65535)
    #expect(ImageStorage(.png, bits: 32).bits == 16 && floats.text == "TIFF of 32-bit floats")
    #expect(ImageStorage(holding: [floats, .init(.png, bits: 8)]) == floats)
  }

  /// Of 8 and 16 bits side by side, white is white.
  @Test func limitsOfSeveralDepthsHaveOneScale() throws {
    let scratch = try ImageScratch()
    for bits in [8, 16] {
      let storage = ImageStorage(.png, bits: bits)
      try ImageFile.write(
        slice(channels: 1, largest: Float(storage.largest)), as: storage, to: scratch.path("\(bits).png"))
    }
    let images = [8, 16].map { bits in
      CohortImage(url: scratch.path("\(bits).png"), path: "\(bits).png", subject: "\(bits)", className: "A")
    }
    let set = try CohortReader().read(images)
    #expect(set.storage == ImageStorage(.png, bits: 16))
    #expect(abs(set.limits[0][1] - set.limits[1][1]) <= 257, "\(set.limits)")
  }

  @Test(arguments: [IntensityLimits.extremes, .window(0, 200), .window(-50, 300), .percentiles(1, 99)])
  func whatIsWrittenIsPreparedAsItWas(range: IntensityLimits) throws {
    let preprocessing = Preprocessing(range: range)
    let storage = ImageStorage(.png, bits: 8)
    let original = slice(channels: 1, largest: 255)
    let prepared = try preprocessing.apply(original)
    var limits = SIMD2(original.pixels.min()!, original.pixels.max()!)
    if case .window(let low, let high) = range { limits = SIMD2(Float(low), Float(high)) }
    let (low, high) = preprocessing.pictureWindow(storage, source: storage, limits: limits)
    var stored = prepared
    stored.pixels = prepared.pixels.map { (Float(low) + $0 * Float(high - low)).rounded() }
    let again = try preprocessing.ofWritten(storage, source: storage).apply(stored)
    #expect(zip(prepared.pixels, again.pixels).allSatisfy { abs($0 - $1) <= 0.51 / Float(high - low) * 1.02 })
  }
}
