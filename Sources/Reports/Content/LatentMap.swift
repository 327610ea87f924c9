/// Latent codes drawn in two dimensions.
public struct LatentMap: Sendable, Equatable {
  public var title: String
  /// The labels of the two axes, for example `First principal axis (38 % of the variance)`.
  public var horizontalLabel: String
  public var verticalLabel: String
  public var groups: [Group]

  public init(title: String, horizontalLabel: String, verticalLabel: String, groups: [Group]) {
    self.title = title
    self.horizontalLabel = horizontalLabel
    self.verticalLabel = verticalLabel
    self.groups = groups
  }

  /// Points drawn alike.
  public struct Group: Sendable, Equatable {
    public var name: String
    public var kind: Kind
    public var points: [Point]

    public init(name: String, kind: Kind, points: [Point]) {
      self.name = name
      self.kind = kind
      self.points = points
    }
  }

  /// What a group's points are; it chooses their mark.
  public enum Kind: Sendable, Equatable {
    case real
    case synthetic
    case centroid
  }

  /// A position on the map; a point that is not finite is not drawn.
  public struct Point: Sendable, Equatable {
    public var x: Double
    public var y: Double

    public init(x: Double, y: Double) {
      self.x = x
      self.y = y
    }

    package var isFinite: Bool { x.isFinite && y.isFinite }
  }
}
