/// One key of a recipe: its name, what it takes, what it means, and where it lives in a `Recipe`.
///
/// The table of all settings (`Recipe.sections`) is the only place that knows the keys. It drives strict reading, the
/// resolved recipe, options that override, and `manikin recipe --explain`.
public struct Setting: Sendable {
  /// The full key, such as `generator.batch-size`.
  public let key: String
  public let kind: SettingKind
  /// What the setting does, in plain words.
  public let meaning: String
  /// Where the default or the idea comes from.
  public let source: String?
  /// False for what only says where results go; it stays out of the resolved recipe.
  public let isRecorded: Bool
  let read: @Sendable (Recipe) -> SettingValue?
  package let write: @Sendable (inout Recipe, SettingValue) -> Void

  init(
    _ key: String, _ kind: SettingKind, _ meaning: String, source: String? = nil, isRecorded: Bool = true,
    read: @escaping @Sendable (Recipe) -> SettingValue?,
    write: @escaping @Sendable (inout Recipe, SettingValue) -> Void
  ) {
    self.key = key
    self.kind = kind
    self.meaning = meaning
    self.source = source
    self.isRecorded = isRecorded
    self.read = read
    self.write = write
  }

  /// The last part of the key, such as `batch-size`.
  public var name: String { key.split(separator: ".").last.map(String.init) ?? key }

  /// The section, such as `generator` or `data.split`; empty at the top of a recipe.
  public var section: String { key.split(separator: ".").dropLast().joined(separator: ".") }

  /// The value in a recipe; nil when it is absent there.
  public func value(in recipe: Recipe) -> SettingValue? { read(recipe) }
}

/// A section of a recipe with its settings in the order in which they are written.
public struct RecipeSection: Sendable {
  /// The section's key, such as `generator`; empty at the top.
  public let name: String
  public let meaning: String
  public let settings: [Setting]

  package init(name: String, meaning: String, settings: [Setting]) {
    (self.name, self.meaning, self.settings) = (name, meaning, settings)
  }
}

// MARK: Makers, one for each type of property.

package typealias RecipePath<Value> = WritableKeyPath<Recipe, Value> & Sendable

extension Setting {
  package static func integer(
    _ key: String, _ path: RecipePath<Int>, _ range: ClosedRange<Int>, _ meaning: String, source: String? = nil
  ) -> Setting {
    Setting(
      key, .integer(range), meaning, source: source,
      read: { .integer($0[keyPath: path]) },
      write: { if case .integer(let value) = $1 { $0[keyPath: path] = value } })
  }

  /// A whole number where `word` stands for nil.
  static func integer(
    _ key: String, _ path: RecipePath<Int?>, _ range: ClosedRange<Int>, or word: String, _ meaning: String,
    source: String? = nil
  ) -> Setting {
    Setting(
      key, .integer(range, word: word), meaning, source: source,
      read: { $0[keyPath: path].map { .integer($0) } ?? .text(word) },
      write: { if case .integer(let value) = $1 { $0[keyPath: path] = value } else { $0[keyPath: path] = nil } })
  }

  static func number(
    _ key: String, _ path: RecipePath<Double>, _ range: NumberRange, _ meaning: String, source: String? = nil
  ) -> Setting {
    Setting(
      key, .number(range), meaning, source: source,
      read: { .number($0[keyPath: path]) },
      write: { if case .number(let value) = $1 { $0[keyPath: path] = value } })
  }

  /// A number where `word` stands for nil.
  static func number(
    _ key: String, _ path: RecipePath<Double?>, _ range: NumberRange, or word: String, _ meaning: String,
    source: String? = nil
  ) -> Setting {
    Setting(
      key, .number(range, word: word), meaning, source: source,
      read: { $0[keyPath: path].map { .number($0) } ?? .text(word) },
      write: { if case .number(let value) = $1 { $0[keyPath: path] = value } else { $0[keyPath: path] = nil } })
  }

  static func choice<Choice>(
    _ key: String, _ path: RecipePath<Choice>, _ meaning: String, source: String? = nil
  ) -> Setting where Choice: RawRepresentable<String> & CaseIterable & Sendable {
    Setting(
      key, .choice(Choice.allCases.map(\.rawValue)), meaning, source: source,
      read: { .text($0[keyPath: path].rawValue) },
      write: {
        if case .text(let word) = $1, let value = Choice(rawValue: word) { $0[keyPath: path] = value }
      })
  }

  /// One of some words, or absent.
  static func choice<Choice>(
    _ key: String, _ path: RecipePath<Choice?>, _ meaning: String, source: String? = nil
  ) -> Setting where Choice: RawRepresentable<String> & CaseIterable & Sendable {
    Setting(
      key, .choice(Choice.allCases.map(\.rawValue)), meaning, source: source,
      read: { $0[keyPath: path].map { .text($0.rawValue) } },
      write: { if case .text(let word) = $1 { $0[keyPath: path] = Choice(rawValue: word) } })
  }

  static func choices<Choice>(
    _ key: String, _ path: RecipePath<[Choice]>, _ meaning: String, source: String? = nil
  ) -> Setting where Choice: RawRepresentable<String> & CaseIterable & Sendable {
    Setting(
      key, .choices(Choice.allCases.map(\.rawValue)), meaning, source: source,
      read: { .list($0[keyPath: path].map(\.rawValue)) },
      write: {
        if case .list(let words) = $1 { $0[keyPath: path] = words.compactMap(Choice.init(rawValue:)) }
      })
  }

  static func text(
    _ key: String, _ path: RecipePath<String>, as kind: SettingKind = .text, _ meaning: String, source: String? = nil
  ) -> Setting {
    Setting(
      key, kind, meaning, source: source,
      read: { .text($0[keyPath: path]) },
      write: { if case .text(let value) = $1 { $0[keyPath: path] = value } })
  }

  /// Text that may be absent.
  static func text(
    _ key: String, _ path: RecipePath<String?>, as kind: SettingKind = .text, _ meaning: String, source: String? = nil,
    isRecorded: Bool = true
  ) -> Setting {
    Setting(
      key, kind, meaning, source: source, isRecorded: isRecorded,
      read: { $0[keyPath: path].map { .text($0) } },
      write: { if case .text(let value) = $1 { $0[keyPath: path] = value } })
  }
}
