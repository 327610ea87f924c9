extension Setting {
  /// `true` or `false`.
  static func flag(
    _ key: String, _ path: RecipePath<Bool>, _ meaning: String, source: String? = nil
  ) -> Setting {
    Setting(
      key, .flag, meaning, source: source,
      read: { .flag($0[keyPath: path]) },
      write: { if case .flag(let value) = $1 { $0[keyPath: path] = value } })
  }

  /// A list of names, absent when it is empty.
  static func names(
    _ key: String, _ path: RecipePath<[String]>, _ meaning: String, source: String? = nil
  ) -> Setting {
    Setting(
      key, .names, meaning, source: source,
      read: { $0[keyPath: path].isEmpty ? nil : .list($0[keyPath: path]) },
      write: { if case .list(let names) = $1 { $0[keyPath: path] = names } })
  }
}
