import Figures

/// What it takes to make the report again: command, recipe, versions.
struct RepeatSection {
  private let command: String?
  private let recipe: String?
  private let versions: [LabelledText]
  private let hasVersions: Bool

  init?(_ content: ReportContent) {
    command = content.command
    recipe = content.recipe
    versions = content.versions
    hasVersions = !versions.isEmpty
    guard command != nil || recipe != nil || hasVersions else { return nil }
  }

  func html() throws -> PageSection {
    PageSection(
      anchor: "repeat", heading: "Repeat it",
      body: try PageTemplate(name: "repeat", source: Self.source).render(self))
  }

  private static let source = """
    {{#command}}
    <pre role="group" tabindex="0" aria-label="Command"><code>{{command}}</code></pre>
    {{/command}}
    {{#recipe}}
    <details>
    <summary>Recipe</summary>
    <pre role="group" tabindex="0" aria-label="Recipe"><code>{{recipe}}</code></pre>
    </details>
    {{/recipe}}
    {{#hasVersions}}
    <details>
    <summary>Versions</summary>
    <table class="versions">
    <caption>What took part, and the seed</caption>
    <thead><tr><th scope="col">Program or library</th><th scope="col">Version</th></tr></thead>
    <tbody>
    {{#versions}}
    <tr><th scope="row">{{label}}</th><td>{{value}}</td></tr>
    {{/versions}}
    </tbody>
    </table>
    </details>
    {{/hasVersions}}

    """
}
