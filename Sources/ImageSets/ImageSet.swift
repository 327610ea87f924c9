import ImageFiles

/// The preprocessed images of a cohort, or of a part of it.
public struct ImageSet: Sendable {
  /// What each image is.
  public let images: [CohortImage]
  /// Of every image, in pixels.
  public let size: ImageSize
  /// 1 for grey, 3 for red, green and blue.
  public let channels: Int
  /// In [0, 1], `[height, width, channel]` each.
  public let pixels: PixelStore
  /// Where each image's pixels lie, after preprocessing.
  public let frames: [SliceFrame]
  /// What a user should know about the images, such as NaN voxels read as 0; one sentence each.
  public let notes: [String]
  /// What kind of file holds them all as they came in.
  public let storage: ImageStorage
  /// The stored intensities that became 0 and 1, of each image; empty if they are not known.
  public let limits: [SIMD2<Float>]

  public init(
    images: [CohortImage], size: ImageSize, channels: Int = 1, pixels: PixelStore, frames: [SliceFrame],
    notes: [String] = [], storage: ImageStorage = .nifti, limits: [SIMD2<Float>] = []
  ) {
    precondition(
      pixels.rowCount == images.count && pixels.length == size.height * size.width * channels
        && frames.count == images.count && [0, images.count].contains(limits.count),
      "\(images.count) images of \(size) x \(channels) with \(pixels.rowCount) x \(pixels.length) pixels and "
        + "\(frames.count) frames")
    self.images = images
    self.size = size
    self.channels = channels
    self.pixels = pixels
    self.frames = frames
    self.notes = notes
    self.storage = storage
    self.limits = limits
  }

  public var count: Int { images.count }

  /// One image as a slice.
  public func slice(_ index: Int) -> Slice {
    Slice(
      height: size.height, width: size.width, channels: channels,
      pixels: pixels.withPixels(index) { Array($0) }, frame: frames[index])
  }

  /// The numbers of the images of one class, of one side or of all, ascending.
  public func indices(of className: String? = nil, in split: Split? = nil) -> [Int] {
    images.indices.filter {
      (className == nil || images[$0].className == className) && (split == nil || images[$0].split == split)
    }
  }
}
