import ImageFiles

/// Which images an import of arrays takes, and what it calls their classes.
public struct ArrayOptions: Sendable, Equatable {
  /// Images of each class on each side at most; nil for all.
  public var perClass: Int?
  /// Labels or names of the classes to take; empty for all.
  public var classes: [String] = []
  /// Names for the labels that occur, in ascending order of these; empty: the data set's own names, else the labels.
  public var classNames: [String] = []
  /// Share of each class's training images that become validation images, in [0, 1).
  public var validation = 0.0
  /// Which images are taken follows from it.
  public var seed = 0
  /// Of several labels for each image, which is the class, from 0; nil: several are refused.
  public var labelColumn: Int?
  /// The plane to take a slice of from every volume, an array's axes taken as z, y, x; nil: volumes are refused.
  public var plane: Plane?
  /// Which slice of that plane, from 0; nil: number count / 2, rounded down.
  public var slice: Int?

  public init() {}
}
