import Files
import ImageFiles

/// Which slices of a volume an importer takes.
///
/// Indices count from 0 to the patient's right (sagittal), front (coronal) or top (axial).
public struct SliceChoice: Sendable, Equatable {
  public enum Position: Sendable, Equatable {
    case at(SlicePosition)
    /// The slice with the most voxels of the head or brain: see `Volume.largestSlice`.
    case largestArea

    /// Reads `90`, `12.5mm`, `middle` or `largest`; nil for anything else.
    public init?(_ text: String) {
      if text == "largest" {
        self = .largestArea
      } else {
        guard let position = SlicePosition(text) else { return nil }
        self = .at(position)
      }
    }

    public var description: String {
      switch self {
      case .at(let position): position.description
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
        ![first, last].contains(.at(.middle)), ![first, last].contains(.largestArea)
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
    plane: Plane = .axial, position: Position = .at(.middle), extent: Extent = .count(1), volume: Int? = nil
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
    switch position {
    case .largestArea: return volume.largestSlice(across: plane)
    case .at(let place):
      let count = volume.count(across: plane)
      let ends = [0, count - 1].map { volume.millimetres(of: plane, index: $0) }
      return try place.index(of: plane, count: count, ends: (ends[0], ends[1]), path: volume.path)
    }
  }

  /// To a tenth.
  static func text(_ millimetres: Double) -> String { "\((millimetres * 10).rounded() / 10)" }
}
