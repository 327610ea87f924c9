import Figures

/// The page around the sections: head, answer, facts, links to the sections.
struct PageShell {
  private let title: String
  private let answer: String
  private let answerNumbers: String?
  private let answerDetails: [String]
  private let hasFacts: Bool
  private let facts: [LabelledText]
  private let sections: [PageSection]
  private let hasLinks: Bool
  private let style = StyleSheet.text

  init(_ content: ReportContent, sections: [PageSection]) {
    title = content.title
    answer = content.answer
    answerNumbers = content.answerNumbers
    answerDetails = content.answerDetails
    facts = content.facts
    hasFacts = !content.facts.isEmpty
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
    {{#answerNumbers}}
    <p class="numbers">{{answerNumbers}}</p>
    {{/answerNumbers}}
    {{#answerDetails}}
    <p class="details">{{.}}</p>
    {{/answerDetails}}
    {{#hasFacts}}
    <ul class="facts">{{#facts}}<li><span>{{label}}</span> {{value}}</li>{{/facts}}</ul>
    {{/hasFacts}}
    </header>
    {{#hasLinks}}
    <nav aria-label="Sections"><ul>
    {{#sections}}
    <li><a href="#{{anchor}}">{{heading}}</a></li>
    {{/sections}}
    </ul></nav>
    {{/hasLinks}}
    <main id="content" tabindex="-1">
    {{#sections}}
    <section id="{{anchor}}" aria-labelledby="{{anchor}}-heading">
    <h2 id="{{anchor}}-heading">{{heading}}</h2>
    {{{body}}}
    </section>
    {{/sections}}
    </main>
    </body>
    </html>

    """
}
