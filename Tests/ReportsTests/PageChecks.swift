import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// A page read as XML, which the report's HTML also is: elements with their attributes and the text inside them.
final class ParsedPage: NSObject, XMLParserDelegate {
  struct Element {
    let name: String
    let attributes: [String: String]
    /// The number of the element that holds this one; nil for the outermost.
    let parent: Int?
    var text = ""
  }

  private(set) var elements: [Element] = []
  private(set) var problem: String?
  private var open: [Int] = []

  init(_ html: String) {
    super.init()
    let parser = XMLParser(data: Data(html.utf8))
    parser.delegate = self
    if !parser.parse() {
      problem = "line \(parser.lineNumber), column \(parser.columnNumber): \(String(describing: parser.parserError))"
    }
  }

  func all(_ name: String) -> [Element] { elements.filter { $0.name == name } }

  /// The numbers of all elements inside one, in their order.
  func inside(_ index: Int, _ name: String? = nil) -> [Int] {
    elements.indices.filter { candidate in
      (name == nil || elements[candidate].name == name) && ancestors(of: candidate).contains(index)
    }
  }

  /// The numbers of the elements directly inside one.
  func children(of index: Int) -> [Int] { elements.indices.filter { elements[$0].parent == index } }

  func ancestors(of index: Int) -> [Int] {
    Array(
      sequence(state: index) { [elements] state in
        guard let parent = elements[state].parent else { return nil }
        state = parent
        return parent
      })
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String] = [:]
  ) {
    elements.append(Element(name: name, attributes: attributes, parent: open.last))
    open.append(elements.count - 1)
  }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
    open.removeLast()
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) {
    for index in open { elements[index].text += string }
  }
}

/// The colours of a theme by name, read from declarations such as `--ink: #1b1f23;`.
func colours(in declarations: String) -> [String: Int] {
  var colours: [String: Int] = [:]
  for declaration in declarations.split(separator: ";") {
    let parts = declaration.split(separator: ":").map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
    if parts.count == 2, parts[1].hasPrefix("#") { colours[parts[0]] = Int(parts[1].dropFirst(), radix: 16) }
  }
  return colours
}

/// The contrast of two sRGB colours, 1 to 21. Source: WCAG 2.2, "contrast ratio" and "relative luminance".
func contrast(_ first: Int, _ second: Int) -> Double {
  func luminance(_ colour: Int) -> Double {
    let channels = [16, 8, 0].map { shift -> Double in
      let value = Double((colour >> shift) & 255) / 255
      return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]
  }
  let (one, other) = (luminance(first), luminance(second))
  return (max(one, other) + 0.05) / (min(one, other) + 0.05)
}
