/// Latent codes drawn in two dimensions.
public struct LatentMap: Sendable, Equatable {
  /// What is mapped, for example the class.
  public var title: String
  /// The label of the horizontal axis, for example `First principal axis (38 % of the variance)`.
  public var horizontalLabel: String
  /// The label of the vertical axis, in the same form.
  public var verticalLabel: String
  /// The groups of points, drawn in this order.
  public var groups: [Group]
  /// Lines over the map, drawn above the points.
  public var curves: [Curve]
  /// The part of the plane that is shown; nil frames all points.
  public var region: Region?
  /// What lies beneath the points; it covers `region`, which must be given with it.
  public var density: Density?

  /// Takes every value as given.
  public init(
    title: String, horizontalLabel: String, verticalLabel: String, groups: [Group], curves: [Curve] = [],
    region: Region? = nil, density: Density? = nil
  ) {
    precondition(density == nil || region != nil, "a density without the region that it covers")
    self.title = title
    self.horizontalLabel = horizontalLabel
    self.verticalLabel = verticalLabel
    self.groups = groups
    self.curves = curves
    self.region = region
    self.density = density
  }

  /// A line with a name for the key.
  public struct Curve: Sendable, Equatable {
    public var name: String
    public var points: [Point]

    public init(name: String, points: [Point]) {
      self.name = name
      self.points = points
    }
  }

  /// Points drawn alike.
  public struct Group: Sendable, Equatable {
    /// What the key calls the points, for example `real`.
    public var name: String
    /// What the points are.
    public var kind: Kind
    /// Where the points lie.
    public var points: [Point]

    /// Takes every value as given.
    public init(name: String, kind: Kind, points: [Point]) {
      self.name = name
      self.kind = kind
      self.points = points
    }
  }

  /// What a group's points are; it chooses their mark.
  public enum Kind: Sendable, Equatable {
    /// Codes of training images.
    case real
    /// Codes of synthetic images.
    case synthetic
    /// Centroids of the metric.
    case centroid
    /// Codes of training images of a second sort, drawn as open circles.
    case open
  }

  /// A position on the map; a point that is not finite is not drawn.
  public struct Point: Sendable, Equatable {
    /// The position along the horizontal axis.
    public var x: Double
    /// The position along the vertical axis.
    public var y: Double

    /// Takes every value as given.
    public init(x: Double, y: Double) {
      self.x = x
      self.y = y
    }

    package var isFinite: Bool { x.isFinite && y.isFinite }
  }
}
