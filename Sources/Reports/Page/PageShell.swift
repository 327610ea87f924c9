/// The page around the sections: head, answer, warnings, links to the sections, foot.
struct PageShell {
  private let title: String
  private let answer: String
  private let facts: [LabelledText]
  private let warningsHeading: String
  private let warnings: [String]
  private let hasWarnings: Bool
  private let notes: [String]
  private let hasNotes: Bool
  private let sections: [PageSection]
  private let hasLinks: Bool
  private let style = StyleSheet.text

  init(_ content: ReportContent, sections: [PageSection]) {
    title = content.title
    answer = content.answer
    facts = content.facts
    warnings = content.warnings
    hasWarnings = !content.warnings.isEmpty
    warningsHeading = content.warnings.count == 1 ? "One warning" : "\(content.warnings.count) warnings"
    notes = content.notes
    hasNotes = !content.notes.isEmpty
    self.sections = sections
    hasLinks = sections.count > 1
  }

  func html() throws -> String { try PageTemplate(name: "page", source: Self.source).render(self) }

  private static let source = """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8"/>
    <meta name="viewport" content="width=device-width, initial-scale=1"/>
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"/>
    <meta name="color-scheme" content="light dark"/>
    <title>{{title}}</title>
    <style>
    {{{style}}}
    </style>
    </head>
    <body>
    <a class="skip" href="#content">Skip to the results</a>
    <header>
    <h1>{{title}}</h1>
    <p class="answer">{{answer}}</p>
    {{#facts}}<p class="fact"><span>{{label}}</span> {{value}}</p>{{/facts}}
    </header>
    {{#hasLinks}}
    <nav aria-label="Sections"><ul>
    {{#sections}}
    <li><a href="#{{anchor}}">{{heading}}</a></li>
    {{/sections}}
    </ul></nav>
    {{/hasLinks}}
    <main id="content">
    {{#hasWarnings}}
    <section class="warnings" aria-labelledby="warnings-heading">
    <h2 id="warnings-heading">{{warningsHeading}}</h2>
    <ul>
    {{#warnings}}
    <li>{{.}}</li>
    {{/warnings}}
    </ul>
    </section>
    {{/hasWarnings}}
    {{#sections}}
    <section id="{{anchor}}" aria-labelledby="{{anchor}}-heading">
    <h2 id="{{anchor}}-heading">{{heading}}</h2>
    {{{body}}}
    </section>
    {{/sections}}
    {{#hasNotes}}
    <section aria-labelledby="notes-heading">
    <h2 id="notes-heading">Notes</h2>
    <ul class="notes">
    {{#notes}}
    <li>{{.}}</li>
    {{/notes}}
    </ul>
    </section>
    {{/hasNotes}}
    </main>
    </body>
    </html>

    """
}
