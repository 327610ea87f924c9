import Foundation

/// The rules for pages that everyone can use, as far as the markup alone shows them. Source: WCAG 2.2 and the rules of
/// axe-core that bear their names here.
enum AccessibilityRules {
  /// What breaks a rule, a sentence each; empty when all is well.
  static func problems(in page: ParsedPage) -> [String] {
    if let problem = page.problem { return ["not well formed: \(problem)"] }
    return document(page) + headings(page) + identifiers(page) + landmarks(page) + pictures(page) + tables(page)
      + controls(page)
  }

  private static func name(_ element: ParsedPage.Element) -> String {
    element.attributes["aria-label"]?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
  }

  private static func hasText(_ page: ParsedPage, _ index: Int) -> Bool {
    let text = page.elements[index].text.trimmingCharacters(in: .whitespacesAndNewlines)
    return !text.isEmpty || page.inside(index).contains { !name(page.elements[$0]).isEmpty }
  }

  private static func document(_ page: ParsedPage) -> [String] {
    var found: [String] = []
    if page.all("html").first?.attributes["lang"]?.isEmpty ?? true { found.append("html-has-lang") }
    if page.all("title").first?.text.isEmpty ?? true { found.append("document-title") }
    let view = page.all("meta").first { $0.attributes["name"] == "viewport" }?.attributes["content"] ?? ""
    if !view.contains("width=device-width") || view.contains("maximum-scale") || view.contains("user-scalable") {
      found.append("meta-viewport: '\(view)'")
    }
    return found
  }

  private static func headings(_ page: ParsedPage) -> [String] {
    var found: [String] = []
    let headings = page.elements.indices.compactMap { index -> (level: Int, index: Int)? in
      let name = page.elements[index].name
      guard name.count == 2, name.first == "h", let level = Int(name.dropFirst()) else { return nil }
      return (level, index)
    }
    if headings.count(where: { $0.level == 1 }) != 1 { found.append("page-has-heading-one: not exactly one") }
    var level = 0
    for heading in headings {
      if heading.level > level + 1 { found.append("heading-order: h\(heading.level) after h\(level)") }
      if !hasText(page, heading.index) { found.append("empty-heading: h\(heading.level)") }
      level = heading.level
    }
    return found
  }

  private static func identifiers(_ page: ParsedPage) -> [String] {
    let all = page.elements.compactMap { $0.attributes["id"] }
    let repeated = Set(all).filter { id in all.count(where: { $0 == id }) > 1 }
    var found = repeated.sorted().map { "duplicate-id: \($0)" }
    for element in page.elements {
      for reference in (element.attributes["aria-labelledby"] ?? "").split(separator: " ").map(String.init)
      where !all.contains(reference) {
        found.append("aria-valid-attr-value: no '\(reference)'")
      }
      if let target = element.attributes["href"], target.hasPrefix("#"), !all.contains(String(target.dropFirst())) {
        found.append("skip-link: no '\(target)'")
      }
    }
    return found
  }

  private static func landmarks(_ page: ParsedPage) -> [String] {
    var found: [String] = []
    for name in ["header", "main"] where page.all(name).count != 1 { found.append("landmark-one-main: \(name)") }
    if let body = page.elements.firstIndex(where: { $0.name == "body" }) {
      for child in page.children(of: body) {
        let element = page.elements[child]
        guard !["header", "nav", "main"].contains(element.name), element.attributes["class"] != "skip" else { continue }
        found.append("region: \(element.name) lies in no landmark")
      }
    }
    let regions = page.elements.filter { $0.attributes["role"] == "region" || $0.name == "nav" }
    for region in regions where name(region).isEmpty { found.append("aria-label: a \(region.name) without a name") }
    let names = regions.map(name)
    for name in Set(names) where names.count(where: { $0 == name }) > 1 { found.append("landmark-unique: \(name)") }
    for section in page.all("section") where section.attributes["aria-labelledby"] == nil {
      found.append("region: a section without a name")
    }
    return found
  }

  private static func pictures(_ page: ParsedPage) -> [String] {
    var found: [String] = []
    for image in page.all("img") where image.attributes["alt"]?.isEmpty ?? true { found.append("image-alt") }
    for (index, element) in page.elements.enumerated() where element.name == "svg" {
      let above = page.ancestors(of: index).map { page.elements[$0] }
      let isPart = above.contains { $0.name == "svg" } || above.contains { $0.attributes["aria-hidden"] == "true" }
      guard !isPart, element.attributes["aria-hidden"] != "true" else { continue }
      if element.attributes["role"] != "img" || name(element).isEmpty { found.append("svg-img-alt") }
    }
    for (index, element) in page.elements.enumerated() where element.name == "figure" {
      let captions = page.children(of: index).filter { page.elements[$0].name == "figcaption" }
      if captions.count != 1 || !hasText(page, captions[0]) { found.append("a figure without a caption") }
    }
    return found
  }

  private static func tables(_ page: ParsedPage) -> [String] {
    var found: [String] = []
    for (table, element) in page.elements.enumerated() where element.name == "table" {
      let captions = page.inside(table, "caption")
      if captions.count != 1 || !hasText(page, captions[0]) { found.append("a table without a caption") }
      let rows = page.inside(table, "tr").map { page.children(of: $0).map { page.elements[$0] } }
      let header = rows.first ?? []
      if header.isEmpty || !header.allSatisfy({ $0.name == "th" && $0.attributes["scope"] == "col" }) {
        found.append("td-has-header: the first row of '\(captions.first.map { page.elements[$0].text } ?? "")'")
      }
      for row in rows.dropFirst() {
        if row.count != header.count { found.append("td-headers-attr: \(row.count) cells under \(header.count)") }
        if row.first?.name != "th" || row.first?.attributes["scope"] != "row"
          || row.dropFirst().contains(where: { $0.name == "th" })
        {
          found.append("scope-attr-valid: a row without its header")
        }
      }
      for cell in page.inside(table, "th") where !hasText(page, cell) { found.append("empty-table-header") }
    }
    return found
  }

  private static func controls(_ page: ParsedPage) -> [String] {
    var found: [String] = []
    for (index, element) in page.elements.enumerated() {
      if ["a", "summary", "li"].contains(element.name), !hasText(page, index) { found.append("\(element.name)-name") }
      if let order = element.attributes["tabindex"].flatMap(Int.init), order > 0 { found.append("tabindex: \(order)") }
      // What scrolls must be reached by keyboard, and say what it is.
      let classes = element.attributes["class"]?.split(separator: " ") ?? []
      let scrolls = element.name == "pre" || classes.contains("scroll")
      if scrolls, element.attributes["tabindex"] != "0" || element.attributes["role"] == nil || name(element).isEmpty {
        found.append("scrollable-region-focusable: \(element.name)")
      }
      if ["ul", "ol"].contains(element.name) {
        for child in page.children(of: index) where page.elements[child].name != "li" {
          found.append("list: \(page.elements[child].name) in \(element.name)")
        }
      }
    }
    return found
  }
}
