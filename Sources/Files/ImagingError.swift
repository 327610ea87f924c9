/// Why an image or a set of images could not be read, used or written.
///
/// The description is one sentence: what went wrong, where, and what to do.
public enum ImagingError: Error, Equatable, CustomStringConvertible {
  /// A file that cannot be opened, is damaged, or is of a kind that is not supported.
  case unreadable(path: String, reason: String, remedy: String)
  /// A file or folder that cannot be written.
  case unwritable(path: String, reason: String, remedy: String)
  /// Readable data, or a request, that makes no sense; `what` names the place.
  case invalid(what: String, remedy: String)

  public var description: String {
    switch self {
    case .unreadable(let path, let reason, let remedy): "cannot read \(path): \(reason); \(remedy)"
    case .unwritable(let path, let reason, let remedy): "cannot write \(path): \(reason); \(remedy)"
    case .invalid(let what, let remedy): "\(what); \(remedy)"
    }
  }
}
