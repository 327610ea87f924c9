/// Decoded curves between two codes of one class, a strip of pictures for each way of going from one to the other.
public struct InterpolationStrips: Sendable, Equatable {
  /// What is shown, for example `shapes: disk-003 to ring-017`.
  public var title: String
  public var strips: [Strip]

  public init(title: String, strips: [Strip]) {
    self.title = title
    self.strips = strips
  }

  /// The pictures along one curve.
  public struct Strip: Sendable, Equatable {
    /// The way, for example `affine`.
    public var name: String
    /// What it is and how long, in a sentence.
    public var meaning: String
    /// From one end to the other; at least one.
    public var pictures: [Picture]

    public init(name: String, meaning: String, pictures: [Picture]) {
      self.name = name
      self.meaning = meaning
      self.pictures = pictures
    }
  }
}
