import Foundation
import Testing

/// What the documents say of the repository that they lie in.
@Suite struct DocumentationTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  /// Targets of `Package.swift` but for tests, and which of them each depends on.
  private static func targets() throws -> [String: Set<String>] {
    let package = try text("Package.swift")
    let main = try #require(package.split(separator: "targets: [", maxSplits: 1).last).split(separator: ".testTarget")[
      0]
    var needs: [String: Set<String>] = [:]
    for part in main.split(separator: /\.(?:target|executableTarget|systemLibrary)\(/).dropFirst() {
      let name = String(try #require(part.firstMatch(of: /name: "(\w+)"/)?.1))
      let list = part.firstMatch(of: /(?:^|\W)dependencies: \[((?s:.*?))\](?:,|\))/)?.1 ?? ""
      needs[name] = Set(list.matches(of: /"(\w+)"/).map { String($0.1) })
    }
    let names = Set(needs.keys)
    return needs.mapValues { $0.intersection(names) }
  }

  /// All that is reached from each.
  private static func closure(_ needs: [String: Set<String>]) -> [String: Set<String>] {
    func reach(_ name: String) -> Set<String> {
      needs[name, default: []].reduce(into: []) { $0.formUnion(reach($1).union([$1])) }
    }
    return Dictionary(uniqueKeysWithValues: needs.keys.map { ($0, reach($0)) })
  }

  /// The drawing has the targets of `Package.swift` as rooms, and its arrows imply what depends on what, no more and no less.
  @Test func theDrawingIsOfThisPackage() throws {
    let drawing = try Self.text("Documentation/architecture.svg")
    let rooms = Set(drawing.matches(of: /data-room="(\w+)"/).map { String($0.1) })
    var arrows = Dictionary(uniqueKeysWithValues: rooms.map { ($0, Set<String>()) })
    for arrow in drawing.matches(of: /data-from="(\w+)" data-to="(\w+)"/) {
      arrows[String(arrow.1), default: []].insert(String(arrow.2))
    }
    let needs = try Self.targets()
    #expect(needs.count > 20 && needs["Generators"]!.contains("Geometry"))
    #expect(rooms == Set(needs.keys))
    #expect(Self.closure(arrows) == Self.closure(needs))
    // A missing arrow is found.
    var broken = arrows
    broken["Experiments"]!.remove("RunReports")
    #expect(Self.closure(broken) != Self.closure(needs))
    // The first cells of the table name each room once.
    let rows = try Self.text("Documentation/Architecture.md").split(separator: "\n").filter { $0.hasPrefix("| `") }
    let named = rows.flatMap { $0.split(separator: "|")[0].matches(of: /`(\w+)`/).map { String($0.1) } }
    #expect(named.sorted() == rooms.sorted())
  }

  /// Every link of the documents to a file of the repository leads to one.
  @Test func linksLeadSomewhere() throws {
    let pages = try FileManager.default.contentsOfDirectory(atPath: Self.root.appending(path: "Documentation").path)
      .filter { $0.hasSuffix(".md") }.map { "Documentation/\($0)" }
    #expect(pages.count > 15)
    var links = 0
    for page in pages + ["README.md", "CONTRIBUTING.md"] {
      let folder = Self.root.appending(path: page).deletingLastPathComponent()
      for link in try Self.text(page).matches(of: /\]\((?!https?:)([^)#\s]+)(#[^)\s]*)?\)/) {
        links += 1
        let file = folder.appending(path: String(link.1)).standardizedFileURL
        #expect(FileManager.default.fileExists(atPath: file.path), "\(page) links to \(link.1)")
      }
    }
    #expect(links > 40)
  }

  /// The README is for a first visit.
  @Test func theReadmeIsShort() throws {
    #expect(try Self.text("README.md").split(separator: "\n", omittingEmptySubsequences: false).count <= 150)
  }
}
