extension Recipe: Codable {
  private struct Key: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// Writes sections within sections under the keys that YAML has.
  public func encode(to encoder: any Encoder) throws {
    try encode(section: "", to: encoder.container(keyedBy: Key.self))
  }

  private func encode(section: String, to container: KeyedEncodingContainer<Key>) throws {
    var container = container
    for name in Recipe.names(in: section) {
      let key = Key(stringValue: name)
      let path = section.isEmpty ? name : "\(section).\(name)"
      if let setting = Recipe.setting(path) {
        guard setting.isRecorded, let value = setting.value(in: self) else { continue }
        switch value {
        case .integer(let number): try container.encode(number, forKey: key)
        case .number(let number): try container.encode(number, forKey: key)
        case .text(let text): try container.encode(text, forKey: key)
        case .list(let words): try container.encode(words, forKey: key)
        case .flag(let value): try container.encode(value, forKey: key)
        }
      } else if (path != "data.phantom" || data.phantom != nil) && (path != "data.shapes" || data.shapes != nil) {
        try encode(section: path, to: container.nestedContainer(keyedBy: Key.self, forKey: key))
      }
    }
  }

  /// Reads what `encode(to:)` writes, as strictly as a recipe file is read.
  public init(from decoder: any Decoder) throws {
    self.init()
    try decode(section: "", from: decoder.container(keyedBy: Key.self))
    try check()
  }

  private mutating func decode(section: String, from container: KeyedDecodingContainer<Key>) throws {
    for key in container.allKeys.sorted(by: { $0.stringValue < $1.stringValue }) {
      let path = section.isEmpty ? key.stringValue : "\(section).\(key.stringValue)"
      if let setting = Recipe.setting(path) {
        self = try self.setting(path, to: Self.text(of: setting, key, in: container))
      } else if Recipe.sections.contains(where: { $0.name == path }) {
        if path == "data.phantom" { data.phantom = PhantomSettings() }
        if path == "data.shapes" { data.shapes = ShapesSettings() }
        try decode(section: path, from: container.nestedContainer(keyedBy: Key.self, forKey: key))
      } else {
        throw ExperimentsError.settings(problem: Recipe.unknownKey(key.stringValue, in: section))
      }
    }
  }

  private static func text(
    of setting: Setting, _ key: Key, in container: KeyedDecodingContainer<Key>
  ) throws -> String {
    switch setting.kind {
    case .choices, .names:
      return try container.decode([String].self, forKey: key).joined(separator: ",")
    case .integer, .slice:
      return try (try? container.decode(Int.self, forKey: key)).map { "\($0)" }
        ?? container.decode(String.self, forKey: key)
    case .number:
      return try (try? container.decode(Double.self, forKey: key)).map { "\($0)" }
        ?? container.decode(String.self, forKey: key)
    case .flag:
      return try (try? container.decode(Bool.self, forKey: key)).map { "\($0)" }
        ?? container.decode(String.self, forKey: key)
    case .choice, .intensities, .name, .text, .path:
      return try container.decode(String.self, forKey: key)
    }
  }
}
