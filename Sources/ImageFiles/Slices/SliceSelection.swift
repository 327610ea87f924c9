/// An anatomical plane.
public enum Plane: String, Sendable, CaseIterable, Codable {
  case axial, coronal, sagittal
}

/// Which slice of a 3D volume to take, and which volume of a series of them.
///
/// The plane is found by anatomy, through the file's affine: the slice is perpendicular to the file axis nearest to
/// the plane's normal (oblique volumes are not resampled). A volume without orientation is taken as stored
/// right, anterior, superior.
public struct SliceSelection: Sendable, Equatable, Codable {
  /// Where along the plane's normal.
  public enum Position: Sendable, Equatable, Codable {
    /// Number from 0 of the slice, counted to the patient's right (sagittal), front (coronal) or top (axial).
    case index(Int)
    /// Coordinate of the slice along x (sagittal), y (coronal) or z (axial); the nearest slice is taken.
    case millimetres(Double)
    /// Slice number count / 2, rounded down.
    case middle
  }

  /// Nil: only of a series is something chosen, and its images are slices.
  public var plane: Plane?
  public var position: Position
  /// Which image of a series, from 0; nil: a series is refused. Ignored for a file of one slice.
  public var volume: Int?

  public init(plane: Plane?, position: Position = .middle, volume: Int? = nil) {
    self.plane = plane
    self.position = position
    self.volume = volume
  }
}
