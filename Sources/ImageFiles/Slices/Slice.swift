/// A 2D image in display orientation, with its place in space.
///
/// Pixels are row-major, `[height, width]` or, in colour, `[height, width, channel]`. For a file that states an orientation (qform or sform), rows and columns
/// run along the anatomical axes nearest to the file's own axes, so that the same anatomy looks alike whatever order it
/// was stored in:
///
/// | plane | rows, top to bottom | columns, left to right |
/// |---|---|---|
/// | axial | anterior to posterior | patient left to right (-x to +x) |
/// | coronal | superior to inferior | patient left to right (-x to +x) |
/// | sagittal | superior to inferior | anterior to posterior (+y to -y) |
///
/// For a file without orientation (ANALYZE, PNG, both codes 0), columns run along the faster file axis and rows along
/// the slower one, without flips.
public struct Slice: Sendable, Equatable {
  public var height: Int
  public var width: Int
  /// 1 for grey, 3 for red, green and blue.
  public var channels: Int
  /// Finite values, `[height, width, channel]`.
  public var pixels: [Float]
  public var frame: SliceFrame
  /// How many pixels the file stored as NaN or infinite; they read as 0. (SPM writes NaN outside the brain.)
  public var nonFiniteCount: Int
  /// Whether the file stored colours, whatever the pixels are now; not for one that stores greys as red, green and blue.
  public var isColour: Bool
  /// Whether the file said that it is to be turned, and it was.
  public var isTurned = false
  /// What kind of file it came from.
  public var storage = ImageStorage.nifti

  public init(
    height: Int, width: Int, channels: Int = 1, pixels: [Float], frame: SliceFrame, nonFiniteCount: Int = 0,
    isColour: Bool = false
  ) {
    precondition(
      height > 0 && width > 0 && (channels == 1 || channels == 3) && pixels.count == height * width * channels,
      "a slice of \(height) x \(width) x \(channels) has 1 or 3 channels and not \(pixels.count) values")
    self.height = height
    self.width = width
    self.channels = channels
    self.pixels = pixels
    self.frame = frame
    self.nonFiniteCount = nonFiniteCount
    self.isColour = isColour
  }

  /// The pixel at (row, column) of a channel, all from 0.
  public subscript(row: Int, column: Int, channel: Int = 0) -> Float {
    get { pixels[(row * width + column) * channels + channel] }
    set { pixels[(row * width + column) * channels + channel] = newValue }
  }
}
