import Geometry
import Randomness

/// A way to draw points of a latent space to decode.
public protocol LatentSampler: Sendable {
  /// Draws `count` points; the same stream gives the same points.
  func draw(_ count: Int, stream: RandomStream) throws -> LatentDraw
}

/// Points drawn from a latent space, and where each came from.
public struct LatentDraw: Sendable, Equatable {
  /// `[point, latent dimension]`.
  public let points: Matrix
  /// The training image whose code each point started from, by its row in the codes; nil where there is none.
  public let sources: [Int?]
  /// The mean acceptance probability of each point's chain; nil where there is no chain.
  public let acceptance: [Double?]
  /// For points between two codes: the other one; nil where there is none.
  public let ends: [End?]

  /// The far end of an interpolation.
  public struct End: Sendable, Equatable {
    /// The training image whose code it is, by its row in the codes.
    public let source: Int
    /// How far from the first code to this one the point was taken, in [0, 1].
    public let position: Double

    package init(source: Int, position: Double) { (self.source, self.position) = (source, position) }
  }

  public init(points: Matrix, sources: [Int?]? = nil, acceptance: [Double?]? = nil, ends: [End?]? = nil) {
    self.points = points
    self.sources = sources ?? Array(repeating: nil, count: points.rows)
    self.acceptance = acceptance ?? Array(repeating: nil, count: points.rows)
    self.ends = ends ?? Array(repeating: nil, count: points.rows)
    precondition(
      self.sources.count == points.rows && self.acceptance.count == points.rows && self.ends.count == points.rows,
      "one entry for each point")
  }
}
