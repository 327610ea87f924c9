import Figures
import Mustache

/// A Mustache template of a part of the page, whose variables are escaped by `HTMLText`.
struct PageTemplate {
  private let name: String
  private let template: MustacheTemplate

  /// Reads a template; its variables are the stored properties of the value that it renders.
  init(name: String, source: String) throws {
    self.name = name
    do {
      template = try MustacheTemplate(string: "{{% CONTENT_TYPE: \(EscapedText.registeredName)}}\n" + source)
    } catch {
      throw ReportsError.template(name: name, reason: "\(error)")
    }
  }

  func render(_ view: Any) -> String { template.render(view) }
}

/// The library's own escaping goes by `Character`, which lets a quote with a combining accent through; this one does
/// not.
private struct EscapedText: MustacheContentType {
  static let registeredName: String = {
    MustacheContentTypes.register(EscapedText(), named: "MANIKIN")
    return "MANIKIN"
  }()

  func escapeText(_ text: String) -> String { HTMLText.escape(text) }
}
