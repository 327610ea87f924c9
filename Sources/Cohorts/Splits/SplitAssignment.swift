import ImageSets

/// The side that one image was put on, as it is recorded with a run.
public struct SplitAssignment: Codable, Sendable, Equatable {
  /// The image's path below the cohort's folder.
  public var path: String
  public var subject: String
  public var className: String
  public var split: Split

  public init(path: String, subject: String, className: String, split: Split) {
    self.path = path
    self.subject = subject
    self.className = className
    self.split = split
  }
}
