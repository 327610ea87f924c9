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

  public init() {}
}
