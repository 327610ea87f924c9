/// Real and synthetic images of one class, as the page shows them.
public struct ClassPictures: Sendable, Equatable {
  /// The class that this is about.
  public var className: String
  /// A few words, for example `70 training images, 221 synthetic by manifold`.
  public var summary: String?
  /// Training images, shown together on one contact sheet.
  public var real: [NamedPicture]
  /// Synthetic images, each shown beside its nearest training image.
  public var synthetic: [SyntheticPicture]

  /// Takes every value as given.
  public init(
    className: String, summary: String? = nil, real: [NamedPicture] = [], synthetic: [SyntheticPicture] = []
  ) {
    self.className = className
    self.summary = summary
    self.real = real
    self.synthetic = synthetic
  }
}

/// A picture with the name of its file.
public struct NamedPicture: Sendable, Equatable {
  /// The name of the file.
  public var name: String
  /// The picture itself.
  public var picture: Picture

  /// Takes every value as given.
  public init(name: String, picture: Picture) {
    self.name = name
    self.picture = picture
  }
}

/// A synthetic picture and the training image that is nearest to it.
public struct SyntheticPicture: Sendable, Equatable {
  /// The name of the file.
  public var name: String
  /// The picture itself.
  public var picture: Picture
  /// The training image that is nearest to this one.
  public var nearest: NamedPicture?
  /// The distance to the nearest training image, in the unit that `ReportContent.distanceMeaning` explains.
  public var distance: Double?

  /// Takes every value as given.
  public init(name: String, picture: Picture, nearest: NamedPicture? = nil, distance: Double? = nil) {
    self.name = name
    self.picture = picture
    self.nearest = nearest
    self.distance = distance
  }
}
