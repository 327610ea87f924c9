import Figures

/// Makes the report: one HTML file that holds its style, charts and pictures and needs no network and no script.
public enum HTMLReport {
  /// The page for `content`; the same content gives the same bytes.
  ///
  /// - Throws: `ReportsError` when a picture cannot be encoded.
  public static func render(_ content: ReportContent) throws -> String {
    let sections = [
      try SweepSection(content)?.html(),
      try ModelTableSection(content)?.html(),
      try ScoreSection(content)?.html(),
      try ExternalSection(content)?.html(),
      try RemarkSection.warnings(content)?.html(),
      try PictureSection(content)?.html(),
      try LatentMapSection(content)?.html(),
      try InterpolationSection(content)?.html(),
      try TrainingSection(content)?.html(),
      try SamplerSection(content)?.html(),
      try FidelitySection(content)?.html(),
      try QualitySection(content)?.html(),
      try AuditSection(content)?.html(),
      try RemarkSection.notes(content)?.html(),
      try RepeatSection(content)?.html(),
    ]
    return try PageShell(content, sections: sections.compactMap { $0 }).html()
  }
}

/// One part of the page, with the link that leads to it.
struct PageSection {
  let anchor: String
  let heading: String
  let body: String
}
