extension LatentMap {
  /// A rectangle of the plane.
  public struct Region: Sendable, Equatable {
    public var horizontal: ClosedRange<Double>
    public var vertical: ClosedRange<Double>

    public init(horizontal: ClosedRange<Double>, vertical: ClosedRange<Double>) {
      self.horizontal = horizontal
      self.vertical = vertical
    }

    /// The width over the height, both above 0.
    package var aspectRatio: Double {
      (horizontal.upperBound - horizontal.lowerBound) / (vertical.upperBound - vertical.lowerBound)
    }

    /// A region around all finite points with a margin; one that is much longer one way is widened until its sides are
    /// about 2 to 1.
    public init(around points: [Point]) {
      let finite = points.filter(\.isFinite)
      let across = Scale.linear(covering: finite.map(\.x), reachesTicks: false)
      let up = Scale.linear(covering: finite.map(\.y), reachesTicks: false)
      let (width, height) = (across.upper - across.lower, up.upper - up.lower)
      let margin = 0.04 * max(width, height)
      let addedWidth = margin + max(0, height / 2 - width) / 2
      let addedHeight = margin + max(0, width / 2 - height) / 2
      horizontal = (across.lower - addedWidth)...(across.upper + addedWidth)
      vertical = (up.lower - addedHeight)...(up.upper + addedHeight)
    }
  }

  /// A number for each cell of a grid over the map's region.
  public struct Density: Sendable, Equatable {
    /// What the numbers are, for the key, for example `log √det G`.
    public var name: String
    public var columns: Int
    public var rows: Int
    /// `[row, column]`, the top row first.
    public var values: [Double]

    /// Takes every value as given; there must be `rows * columns` of them, at least one.
    public init(name: String, columns: Int, rows: Int, values: [Double]) {
      precondition(
        columns > 0 && rows > 0 && values.count == rows * columns, "\(values.count) values for \(rows) x \(columns)")
      self.name = name
      self.columns = columns
      self.rows = rows
      self.values = values
    }

    /// The least and the greatest finite value; nil when there is none.
    package var range: ClosedRange<Double>? {
      let finite = values.filter(\.isFinite)
      guard let least = finite.min(), let most = finite.max() else { return nil }
      return least...most
    }

    /// The grid as a picture: the least value white, the greatest dark; what is not finite is white.
    package var picture: Picture {
      let range = range ?? 0...0
      let span = range.upperBound - range.lowerBound
      return Picture(
        width: columns, height: rows,
        pixels: values.map { value in
          guard value.isFinite, span > 0 else { return Self.lightest }
          let share = (value - range.lowerBound) / span
          return Self.lightest - UInt8((share * Double(Self.lightest - Self.darkest)).rounded())
        })
    }

    /// Greys of the least and the greatest value.
    package static let lightest: UInt8 = 255
    package static let darkest: UInt8 = 70
  }
}
