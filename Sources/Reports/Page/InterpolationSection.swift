import Figures

/// Strips of decoded pictures between two codes.
struct InterpolationSection {
  private let groups: [StripGroup]

  private struct StripGroup {
    let title: String
    let strips: [StripView]
  }

  private struct StripView {
    let name: String
    let meaning: String
    let image: EmbeddedPicture
  }

  init?(_ content: ReportContent) throws {
    let shown = content.interpolations.filter { !$0.strips.isEmpty }
    guard !shown.isEmpty else { return nil }
    groups = try shown.map { group in
      StripGroup(
        title: group.title,
        strips: try group.strips.map { strip in
          StripView(
            name: strip.name, meaning: strip.meaning,
            image: try EmbeddedPicture(
              strip.pictures, columns: strip.pictures.count,
              alternative: "\(strip.pictures.count) decoded pictures along the \(strip.name) curve, \(group.title)",
              name: "of the \(strip.name) curve"))
        })
    }
  }

  func html() throws -> PageSection {
    PageSection(
      anchor: "interpolation", heading: "Interpolation",
      body: try PageTemplate(name: "interpolation", source: Self.source).render(self))
  }

  private static let source = """
    {{#groups}}
    <h3>{{title}}</h3>
    {{#strips}}
    <figure class="strip">
    {{#image}}\(EmbeddedPicture.source){{/image}}
    <figcaption><strong>{{name}}</strong> {{meaning}}</figcaption>
    </figure>
    {{/strips}}
    {{/groups}}

    """
}
