import Foundation
import Yams

/// Reads the YAML of a recipe strictly: whatever is not understood is an error with its line.
struct RecipeReader {
  let file: String
  /// What relative paths are relative to.
  let folder: URL
  private var recipe = Recipe()
  /// The line of each key that the file gives.
  private var lines: [String: Int] = [:]

  init(file: String, folder: URL) {
    self.file = file
    self.folder = folder
  }

  /// The recipe that `text` says, defaults for what it leaves out.
  mutating func read(_ text: String) throws -> Recipe {
    try RecipeText.refuseTraps(in: text, file: file)
    guard let root = try compose(text) else {
      throw ExperimentsError.recipe(file: file, line: nil, problem: "the recipe is empty; it needs at least one key")
    }
    guard case .mapping(let mapping) = root else {
      throw error(root, "a recipe is a list of 'key: value' lines, and this is \(Self.describe(root))")
    }
    try read(mapping, section: "")
    try checkAlternatives()
    if let conflict = recipe.conflict {
      let line = conflict.keys.compactMap { [lines] in lines[$0] }.first
      throw ExperimentsError.recipe(file: file, line: line, problem: conflict.problem)
    }
    return recipe
  }

  private func compose(_ text: String) throws -> Node? {
    do {
      let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
      let root = try parser.singleRoot()
      if case .scalar(let scalar) = root, scalar.string.isEmpty { return nil }
      return root
    } catch let failure as YamlError {
      throw describe(failure, text)
    }
  }

  private mutating func read(_ mapping: Node.Mapping, section: String) throws {
    for (keyNode, node) in mapping {
      guard case .scalar(let keyScalar) = keyNode else {
        throw error(keyNode, "a key must be a word, not \(Self.describe(keyNode))")
      }
      let name = keyScalar.string
      let key = section.isEmpty ? name : "\(section).\(name)"
      lines[key] = keyNode.mark?.line
      if let setting = Recipe.setting(key) {
        setting.write(&recipe, try value(of: node, for: setting, keyNode: keyNode))
      } else if Recipe.sections.contains(where: { $0.name == key }) {
        try read(section: key, node, keyNode)
      } else {
        throw error(keyNode, Recipe.unknownKey(name, in: section))
      }
    }
  }

  private mutating func read(section: String, _ node: Node, _ keyNode: Node) throws {
    switch node {
    case .mapping(let mapping):
      try read(mapping, section: section)
    case .scalar(let scalar) where Self.isNothing(scalar):
      break
    default:
      throw error(
        keyNode, "'\(section)' is a section and needs 'key: value' lines below it, not \(Self.describe(node))")
    }
    // A phantom without keys of its own is the phantom with its defaults, and so with shapes.
    if section == "data.phantom", recipe.data.phantom == nil { recipe.data.phantom = PhantomSettings() }
    if section == "data.shapes", recipe.data.shapes == nil { recipe.data.shapes = ShapesSettings() }
  }

  private func value(of node: Node, for setting: Setting, keyNode: Node) throws -> SettingValue {
    switch (node, setting.kind) {
    case (.scalar(let scalar), _) where Self.isNothing(scalar):
      throw error(keyNode, "\(Recipe.place(setting)) has no value; it must be \(setting.kind.expectation)")
    case (.sequence(let sequence), .choices), (.sequence(let sequence), .names):
      let words = sequence.map { node in node.scalar?.string ?? "" }
      if let value = setting.kind.value(of: words) { return value }
      throw error(node, Recipe.refusal(setting, of: "[\(words.joined(separator: ", "))]"))
    case (.scalar(let scalar), .choices), (.scalar(let scalar), .names):
      throw error(node, Recipe.refusal(setting, of: "'\(scalar.string)'"))
    case (.scalar(let scalar), .integer), (.scalar(let scalar), .number):
      guard scalar.style == .plain || scalar.style == .any else {
        throw error(node, Recipe.refusal(setting, of: "the text \"\(scalar.string)\" in quotes"))
      }
      fallthrough
    case (.scalar(let scalar), _):
      if let value = setting.kind.value(of: scalar.string, relativeTo: folder) { return value }
      throw error(node, Recipe.refusal(setting, of: "'\(scalar.string)'"))
    default:
      throw error(node, Recipe.refusal(setting, of: Self.describe(node)))
    }
  }

  private func checkAlternatives() throws {
    for (first, second) in Recipe.alternatives {
      guard let firstLine = lines[first], let secondLine = lines[second] else { continue }
      throw ExperimentsError.recipe(
        file: file, line: max(firstLine, secondLine),
        problem: "'\(first)' and '\(second)' exclude each other; give one of them")
    }
  }

  private func error(_ node: Node, _ problem: String) -> ExperimentsError {
    .recipe(file: file, line: node.mark?.line, problem: Self.onOneLine(problem))
  }

  /// A sentence that quotes the file, without line breaks and what else a terminal would obey.
  private static func onOneLine(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
  }

  private static func isNothing(_ scalar: Node.Scalar) -> Bool {
    scalar.style == .plain && ["", "~", "null"].contains(scalar.string)
  }

  private static func describe(_ node: Node) -> String {
    switch node {
    case .scalar(let scalar): "'\(scalar.string.prefix(40))'"
    case .mapping: "a section"
    case .sequence: "a list"
    case .alias: "an alias"
    }
  }

  private func describe(_ failure: YamlError, _ text: String) -> ExperimentsError {
    switch failure {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      let line = min(mark.line, text.split(separator: "\n", omittingEmptySubsequences: false).count)
      return .recipe(file: file, line: line, problem: "this is no YAML: \(problem.lowercasedFirst)")
    case .duplicatedKeysInMapping(let keys, let context):
      let name = keys.first ?? ""
      return .recipe(
        file: file, line: context.mark.line,
        problem: Self.onOneLine("the key '\(name.prefix(80))' stands here and once more below; keep one"))
    case .reader(let problem, let offset, _, let yaml):
      let line = offset.map { yaml.prefix($0).count { $0.isNewline } + 1 }
      return .recipe(file: file, line: line, problem: "this is no YAML: \(problem.lowercasedFirst)")
    default:
      return .recipe(file: file, line: nil, problem: "this is no YAML")
    }
  }
}
