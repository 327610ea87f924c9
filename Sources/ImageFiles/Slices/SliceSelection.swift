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
  /// Nil: only of a series is something chosen, and its images are slices.
  public var plane: Plane?
  public var position: SlicePosition
  /// Which image of a series, from 0; nil: a series is refused. Ignored for a file of one slice.
  public var volume: Int?

  public init(plane: Plane?, position: SlicePosition = .middle, volume: Int? = nil) {
    self.plane = plane
    self.position = position
    self.volume = volume
  }
}
