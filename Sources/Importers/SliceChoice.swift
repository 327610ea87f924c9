import Files
import ImageFiles

/// Which slices of a volume an importer takes.
///
/// Indices count from 0 to the patient's right (sagittal), front (coronal) or top (axial).
public struct SliceChoice: Sendable, Equatable {
  public enum Position: Sendable, Equatable {
    case index(Int)
    /// Along x (sagittal), y (coronal) or z (axial); the nearest slice.
    case millimetres(Double)
    /// Number count / 2, rounded down.
    case middle
    /// The slice with the most voxels of the head or brain: see `Volume.largestSlice`.
    case largestArea

    /// Reads `90`, `12.5mm`, `middle` or `largest`; nil for anything else.
    public init?(_ text: String) {
      switch text {
      case "middle": self = .middle
      case "largest": self = .largestArea
      default:
        if text.hasSuffix("mm") {
          guard let value = Double(text.dropLast(2)), value.isFinite else { return nil }
          self = .millimetres(value)
        } else {
          guard let index = Int(text), index >= 0 else { return nil }
          self = .index(index)
        }
      }
    }

    public var description: String {
      switch self {
      case .index(let index): "\(index)"
      case .millimetres(let value): "\(value)mm"
      case .middle: "middle"
      case .largestArea: "largest"
      }
    }
  }

  /// How many.
  public enum Extent: Sendable, Equatable {
    /// So many neighbours, the position in their middle (for an even number, just before it).
    case count(Int)
    /// All from one slice to another, both included; each an index or in millimetres.
    case range(Position, Position)

    /// Reads `5`, `80..95` or `-5mm..10mm`; nil for anything else.
    public init?(_ text: String) {
      if let count = Int(text) {
        guard (1...10_000).contains(count) else { return nil }
        self = .count(count)
        return
      }
      guard let dots = text.firstRange(of: ".."),
        let first = Position(String(text[..<dots.lowerBound])), let last = Position(String(text[dots.upperBound...])),
        ![first, last].contains(.middle), ![first, last].contains(.largestArea)
      else { return nil }
      self = .range(first, last)
    }

    public var description: String {
      switch self {
      case .count(let count): "\(count)"
      case .range(let first, let last): "\(first.description)..\(last.description)"
      }
    }
  }

  public var plane: Plane
  public var position: Position
  public var extent: Extent
  /// Which image of a series, from 0; nil: a series is refused.
  public var volume: Int?

  public init(
    plane: Plane = .axial, position: Position = .middle, extent: Extent = .count(1), volume: Int? = nil
  ) {
    self.volume = volume
    self.plane = plane
    self.position = position
    self.extent = extent
  }

  /// The indices of the slices, ascending.
  ///
  /// - Throws: `ImagingError` if the volume lacks one of them.
  func indices(in volume: Volume) throws -> [Int] {
    let count = volume.count(across: plane)
    switch extent {
    case .count(let wanted):
      let index = try self.index(of: position, in: volume)
      let first = index - (wanted - 1) / 2
      guard first >= 0, first + wanted <= count else {
        throw ImagingError.unreadable(
          path: volume.path,
          reason: "it has \(count) \(plane.rawValue) slices, and \(wanted) about number \(index) do not fit in",
          remedy: "ask for fewer, or for others")
      }
      return Array(first..<first + wanted)
    case .range(let first, let last):
      let ends = try [first, last].map { try index(of: $0, in: volume) }
      guard ends[0] <= ends[1] else {
        throw ImagingError.invalid(
          what: "the slices \(extent.description) run backwards in \(volume.path)", remedy: "name the lower end first")
      }
      return Array(ends[0]...ends[1])
    }
  }

  private func index(of position: Position, in volume: Volume) throws -> Int {
    let count = volume.count(across: plane)
    func refuse(_ asked: String, _ range: String) -> ImagingError {
      .unreadable(
        path: volume.path, reason: "it has no \(plane.rawValue) slice \(asked)", remedy: "choose one of \(range)")
    }
    switch position {
    case .middle: return count / 2
    case .largestArea: return volume.largestSlice(across: plane)
    case .index(let index):
      guard index < count else { throw refuse("number \(index)", "0 to \(count - 1)") }
      return index
    case .millimetres(let coordinate):
      let (first, last) = (volume.millimetres(of: plane, index: 0), volume.millimetres(of: plane, index: count - 1))
      let step = count > 1 ? (last - first) / Double(count - 1) : 1
      let place = ((coordinate - first) / step).rounded()
      guard place >= 0, place < Double(count) else {
        throw refuse("at \(coordinate) mm", "\(Self.text(first)) to \(Self.text(last)) mm")
      }
      return Int(place)
    }
  }

  /// To a tenth.
  static func text(_ millimetres: Double) -> String { "\((millimetres * 10).rounded() / 10)" }
}
