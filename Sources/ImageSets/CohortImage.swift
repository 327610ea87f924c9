import Foundation

/// One image file of a cohort, with what is known about it before it is read.
public struct CohortImage: Sendable, Equatable {
  public var url: URL
  /// The file's path below the cohort's folder, with `/` between its parts.
  public var path: String
  /// Who is in the image; images of one subject stay on one side of a split. `SubjectName` says how it is found.
  public var subject: String
  public var className: String
  /// The side the image is on; nil if the cohort is not split.
  public var split: Split?

  public init(url: URL, path: String, subject: String, className: String, split: Split? = nil) {
    self.url = url
    self.path = path
    self.subject = subject
    self.className = className
    self.split = split
  }
}
