import Files
import Foundation
import ImageFiles

/// Reads images and preprocesses them, several at a time; the result does not depend on how many.
public struct CohortReader: Sendable {
  public var preprocessing: Preprocessing
  /// Which slice to take of volumes; nil if the images are 2D.
  public var selection: SliceSelection?
  /// The most bytes of pixels that are kept in memory; more go to a temporary file.
  package var pixelLimit = PixelStore.memoryLimit

  public init(preprocessing: Preprocessing = Preprocessing(), selection: SliceSelection? = nil) {
    self.preprocessing = preprocessing
    self.selection = selection
  }

  /// How many channels these images get together, 1 or 3.
  ///
  /// Headers are read, and pixels only where a header says that colours are stored, up to the first image in colour. An
  /// image that cannot be read counts as grey; reading it says why.
  public func channels(of images: [CohortImage]) throws -> Int {
    switch preprocessing.colour {
    case .grey: return 1
    case .rgb: return 3
    case .auto:
      let mayBe = try ParallelMap.map(count: images.count) {
        (try? ImageFile.header(images[$0].url))?.mayBeColour ?? false
      }
      for (image, mayBe) in zip(images, mayBe) where mayBe {
        if let slice = try? ImageFile.read(image.url, selection: selection), slice.isColour { return 3 }
      }
      return 1
    }
  }

  /// Reads the images, in the order given, each straight to its place, in memory or in a temporary file (`PixelStore`):
  /// beside it there are no more whole images at any time than threads.
  ///
  /// - Parameters:
  ///   - images: at least one, all of one size after preprocessing.
  ///   - progress: called now and then, on the caller's thread, with the number of images read.
  /// - Throws: the `ImagingError` of the first image that cannot be read or preprocessed, or whose size differs from
  ///   the first one's; `ImagingError.unwritable` when there is no room for the file.
  public func read(_ images: [CohortImage], progress: ((Int) -> Void)? = nil) throws -> ImageSet {
    try read(images, channels: channels(of: images), progress: progress)
  }

  /// The same with this number of channels, 1 or 3, whatever the files store.
  public func read(_ images: [CohortImage], channels: Int, progress: ((Int) -> Void)? = nil) throws -> ImageSet {
    guard let first = images.first else {
      throw ImagingError.invalid(what: "there are no images to read", remedy: "check the cohort")
    }
    var own = self
    own.preprocessing = preprocessing.with(channels: channels)
    return try own.read(images, first, channels: channels, progress: progress)
  }

  private func read(
    _ images: [CohortImage], _ first: CohortImage, channels: Int, progress: ((Int) -> Void)?
  ) throws -> ImageSet {
    let size = try preprocessing.size ?? Self.size(of: prepared(first).slice)
    let length = size.height * size.width * channels
    let (total, overflows) = length.multipliedReportingOverflow(by: images.count)
    guard !overflows, total <= Self.largestPixelCount else {
      throw ImagingError.invalid(
        what: "\(images.count) images of \(size) are more than can be read at once",
        remedy: "set a smaller size in preprocessing")
    }

    var parts: [Part] = []
    let pixels = try PixelStore(
      rows: images.count, length: length, limit: pixelLimit, what: "\(images.count) images of \(size)",
      sample: try prepared(first).slice.pixels
    ) { write in
      parts = try ParallelMap.map(count: images.count, progress: progress) { index in
        let (slice, limits) = try prepared(images[index])
        guard Self.size(of: slice) == size else { throw mismatch(first, size, images[index], Self.size(of: slice)) }
        try write(index, slice.pixels)
        return Part(
          frame: slice.frame, nonFinite: slice.nonFiniteCount, isColour: slice.isColour, isTurned: slice.isTurned,
          storage: slice.storage, limits: limits,
          spread: preprocessing.intensity == .minMax ? IntensitySpread(slice.pixels) : nil)
      }
    }
    let common = ImageStorage(holding: parts.map(\.storage))
    return ImageSet(
      images: images, size: size, channels: channels, pixels: pixels, frames: parts.map(\.frame),
      notes: Self.notes(images, parts, channels: channels), storage: common,
      limits: parts.map { $0.limits * Float(common.factor(from: $0.storage)) })
  }

  /// What is kept of an image beside its pixels.
  private struct Part: Sendable {
    var frame: SliceFrame
    var nonFinite: Int
    var isColour: Bool
    var isTurned: Bool
    var storage: ImageStorage
    /// What became 0 and 1.
    var limits: SIMD2<Float>
    /// After preprocessing; nil where intensities are taken as they are.
    var spread: IntensitySpread?
  }

  private static func notes(_ images: [CohortImage], _ parts: [Part], channels: Int) -> [String] {
    func paths(_ condition: (Part) -> Bool) -> [String] {
      images.indices.filter { condition(parts[$0]) }.map { images[$0].path }
    }
    let affected = paths { $0.nonFinite > 0 }
    let nonFinite =
      affected.isEmpty
      ? nil
      : "\(TextList.count(affected.count, "image")) with NaN or infinite voxels, which are read as 0: "
        + TextList.firstFew(affected)
    return [
      nonFinite, ReadingNotes.turned(paths(\.isTurned)),
      ReadingNotes.colour(zip(images, parts).map { ($0.path, $0.className, $1.isColour) }, channels: channels),
      ReadingNotes.concentration(
        zip(images, parts).compactMap { image, part in part.spread.map { (image.path, $0) } }, of: images.count),
    ].compactMap { $0 }
  }

  /// 512 GiB of float32.
  private static let largestPixelCount = 1 << 37

  private func prepared(_ image: CohortImage) throws -> (slice: Slice, limits: SIMD2<Float>) {
    try preprocessing.applied(ImageFile.read(image.url, selection: selection), from: image.url)
  }

  private static func size(of slice: Slice) -> ImageSize { ImageSize(height: slice.height, width: slice.width) }

  private func mismatch(
    _ first: CohortImage, _ size: ImageSize, _ other: CohortImage, _ otherSize: ImageSize
  ) -> ImagingError {
    .invalid(
      what: "\(first.url.path) is \(size) pixels and \(other.url.path) is \(otherSize)",
      remedy: "bring them to one, such as --size \(size.height)x\(size.width)")
  }
}
