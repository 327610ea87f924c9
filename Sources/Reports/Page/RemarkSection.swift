import Figures

/// A list of sentences: the warnings, or the notes.
struct RemarkSection {
  private let anchor: String
  private let heading: String
  private let style: String
  private let remarks: [String]

  /// What must be known before the numbers are trusted, or nil when there is nothing.
  static func warnings(_ content: ReportContent) -> RemarkSection? {
    let count = content.warnings.count
    return RemarkSection(
      anchor: "warnings", heading: count == 1 ? "One warning" : "\(count) warnings", style: "warnings",
      remarks: content.warnings)
  }

  /// Further remarks, or nil when there are none.
  static func notes(_ content: ReportContent) -> RemarkSection? {
    RemarkSection(anchor: "notes", heading: "Notes", style: "notes", remarks: content.notes)
  }

  private init?(anchor: String, heading: String, style: String, remarks: [String]) {
    guard !remarks.isEmpty else { return nil }
    self.anchor = anchor
    self.heading = heading
    self.style = style
    self.remarks = remarks
  }

  func html() throws -> PageSection {
    PageSection(
      anchor: anchor, heading: heading, body: try PageTemplate(name: "remarks", source: Self.source).render(self))
  }

  private static let source = """
    <ul class="{{style}}">
    {{#remarks}}
    <li>{{.}}</li>
    {{/remarks}}
    </ul>

    """
}
