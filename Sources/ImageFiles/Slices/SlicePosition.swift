import Files

/// Which slice of a volume, along a plane's normal.
public enum SlicePosition: Sendable, Equatable, Codable, CustomStringConvertible {
  /// Number from 0 of the slice, counted to the patient's right (sagittal), front (coronal) or top (axial).
  case index(Int)
  /// Coordinate of the slice along x (sagittal), y (coronal) or z (axial); the nearest slice is taken.
  case millimetres(Double)
  /// Slice number count / 2, rounded down.
  case middle

  /// `middle`, an index such as `90`, or a position such as `-12.5mm`; nil for anything else.
  public init?(_ text: String) {
    if text == "middle" {
      self = .middle
    } else if text.hasSuffix("mm") {
      guard let value = DecimalText.number(text.dropLast(2)) else { return nil }
      self = .millimetres(value)
    } else {
      guard let index = DecimalText.whole(text), index >= 0 else { return nil }
      self = .index(index)
    }
  }

  public var description: String {
    switch self {
    case .index(let index): "\(index)"
    case .millimetres(let value): DecimalText.shortest(value) + "mm"
    case .middle: "middle"
    }
  }

  /// The slice's number among those of a volume.
  ///
  /// - Parameters:
  ///   - count: of the slices across the plane, at least 1.
  ///   - ends: coordinates of the first and the last of them, in millimetres.
  ///   - path: of the volume, for the error.
  /// - Throws: `ImagingError` where the volume has no such slice.
  package func index(
    of plane: Plane, count: Int, ends: (first: Double, last: Double), path: String
  ) throws -> Int {
    func refuse(_ asked: String, _ range: String) -> ImagingError {
      .unreadable(
        path: path, reason: "it has no \(plane.rawValue) slice \(asked)", remedy: "choose one of \(range)")
    }
    switch self {
    case .middle: return count / 2
    case .index(let index):
      guard (0..<count).contains(index) else { throw refuse("number \(index)", "0 to \(count - 1)") }
      return index
    case .millimetres(let coordinate):
      let step = count > 1 ? (ends.last - ends.first) / Double(count - 1) : 1
      let place = ((coordinate - ends.first) / step).rounded()
      guard place >= 0, place < Double(count) else {
        let texts = [ends.first, ends.last].map { "\(($0 * 10).rounded() / 10)" }
        throw refuse("at \(coordinate) mm", "\(texts[0]) to \(texts[1]) mm")
      }
      return Int(place)
    }
  }
}
