import Foundation

extension Recipe {
  /// The recipe in a YAML file. What it leaves out keeps its default.
  ///
  /// A relative path in the file is relative to the file's own folder, so that a recipe beside its data works from
  /// anywhere; a recipe without a name has that of its file.
  ///
  /// - Throws: `ExperimentsError.recipe` with the file, the line, the key and what was expected; `.unreadable`.
  public init(contentsOf url: URL) throws {
    let text = try RecipeText.read(url)
    self = try Recipe(yaml: text, file: url.relativePath, folder: url.absoluteURL.deletingLastPathComponent())
    let base = url.deletingPathExtension().lastPathComponent
    if name == Recipe().name, base != "recipe" { name = Recipe.name(from: base) }
  }

  /// A name for an experiment after a file or folder: what a name may not hold becomes '-'.
  public static func name(from text: String) -> String {
    let kept = text.unicodeScalars.map { scalar in
      scalar.isASCII
        && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "._-".contains(Character(scalar)))
        ? Character(scalar) : "-"
    }
    let name = String(kept.drop { "._-".contains($0) }.prefix(100))
    return name.isEmpty ? Recipe().name : name
  }

  /// Reads as `init(contentsOf:)` does, from bytes in memory instead of a file.
  package init(bytes: [UInt8], file: String, folder: URL) throws {
    self = try Recipe(yaml: RecipeText.text(of: bytes, file: file), file: file, folder: folder)
  }

  /// The recipe that a YAML text says.
  ///
  /// - Parameters:
  ///   - text: YAML; keys that it leaves out keep their defaults.
  ///   - file: what errors call the text.
  ///   - folder: what relative paths are relative to.
  /// - Throws: `ExperimentsError.recipe` with the line, the key and what was expected.
  public init(yaml text: String, file: String, folder: URL) throws {
    var reader = RecipeReader(file: file, folder: folder)
    self = try reader.read(text)
  }

  /// This recipe with one setting changed, as an option on the command line does it. A relative path is relative to
  /// the current folder, a list has commas between its words.
  ///
  /// Only this value is checked. Call `check()` after the last one, or use `overriding(_:)`.
  ///
  /// - Parameters:
  ///   - key: the full key, such as `generator.epochs`.
  ///   - text: the value as one writes it on the command line.
  ///   - option: what errors call the setting, such as `--epochs`; the key when left out.
  /// - Throws: `ExperimentsError.option` for a key that does not exist and a value that it cannot have.
  public func setting(_ key: String, to text: String, option: String? = nil) throws -> Recipe {
    guard let setting = Recipe.setting(key) else {
      let parts = key.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
      let section = parts.dropLast().joined(separator: ".")
      let isKnown = Recipe.sections.contains { $0.name == section }
      throw ExperimentsError.option(
        name: option ?? key, problem: Recipe.unknownKey(isKnown ? parts.last ?? "" : key, in: isKnown ? section : ""))
    }
    let folder = URL(filePath: FileManager.default.currentDirectoryPath, directoryHint: .isDirectory)
    guard let value = setting.kind.value(of: text, relativeTo: folder) else {
      throw ExperimentsError.option(
        name: option ?? key, problem: "the value must be \(setting.kind.expectation), not '\(text)'")
    }
    var changed = self
    setting.write(&changed, value)
    return changed
  }

  /// One option on the command line that sets a key.
  public struct Override: Sendable {
    public var key: String
    public var text: String
    /// What errors call it, such as `--epochs`.
    public var option: String

    public init(key: String, text: String, option: String) {
      self.key = key
      self.text = text
      self.option = option
    }
  }

  /// This recipe with settings changed in order, checked as a whole at the end.
  ///
  /// - Throws: `ExperimentsError.option` for one value, `.settings` for values that do not go together.
  public func overriding(_ overrides: [Override]) throws -> Recipe {
    let changed = try overrides.reduce(self) { try $0.setting($1.key, to: $1.text, option: $1.option) }
    try changed.check()
    return changed
  }
}

// MARK: Sentences about keys.

extension Recipe {
  /// The names of the keys and sections directly in a section.
  static func names(in section: String) -> [String] {
    let keys = settings.filter { $0.section == section }.map(\.name)
    let parent = section.isEmpty ? "" : section + "."
    let sections = sections.map(\.name).filter {
      $0.hasPrefix(parent) && !$0.isEmpty && !$0.dropFirst(parent.count).contains(".") && $0 != section
    }
    return keys + sections.map { String($0.dropFirst(parent.count)) }
  }

  /// "unknown key 'epoch' in 'generator'; did you mean 'epochs'? expected one of: ..."
  static func unknownKey(_ name: String, in section: String) -> String {
    let known = names(in: section)
    var sentence = "unknown key '\(name.prefix(80))'" + (section.isEmpty ? "" : " in '\(section)'")
    if let near = Suggestion.nearest(to: name, among: known) {
      sentence += "; did you mean '\(near)'?"
    } else {
      let homes = settings.filter { $0.name == name || $0.key == name }.map {
        "'\($0.section.isEmpty ? "the top" : $0.section)'"
      }
      if !homes.isEmpty { sentence += "; it belongs in \(homes.joined(separator: " or "));" } else { sentence += ";" }
    }
    return sentence + " expected one of: " + known.joined(separator: ", ")
  }

  /// "'epochs' in 'generator'"
  static func place(_ setting: Setting) -> String {
    "'\(setting.name)'" + (setting.section.isEmpty ? "" : " in '\(setting.section)'")
  }

  /// "'epochs' in 'generator' must be a whole number of 1 or more, not 'ten'"
  static func refusal(_ setting: Setting, of text: String) -> String {
    var sentence = "\(place(setting)) must be \(setting.kind.expectation), not \(text.prefix(80))"
    if case .choice(let words) = setting.kind,
      let near = Suggestion.nearest(to: text.trimmingCharacters(in: CharacterSet(charactersIn: "'\"")), among: words)
    {
      sentence += "; did you mean '\(near)'?"
    }
    return sentence
  }
}
