/// What can go wrong while a report is made.
public enum ReportsError: Error, CustomStringConvertible, Equatable {
  /// A picture could not be encoded as PNG.
  case picture(name: String, reason: String)
  /// A template of the page is not well formed, which is a fault of this library.
  case template(name: String, reason: String)

  /// One sentence: what failed, and what to do.
  public var description: String {
    switch self {
    case .picture(let name, let reason):
      "The picture \(name) could not be encoded for the report (\(reason)); leave it out and make the report again."
    case .template(let name, let reason):
      "The report's template \(name) could not be read (\(reason)); please report this as a fault of Manikin."
    }
  }
}
