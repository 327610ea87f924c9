extension RunForecast {
  /// Of parts one after the other: their time and disk together, the most memory of any.
  ///
  /// - Parameter parts: one or more, each with its name, which stands before its stages'; nil for none.
  package static func sum(_ parts: [(name: String?, forecast: RunForecast)]) -> RunForecast {
    RunForecast(
      stages: parts.flatMap { part in
        part.forecast.stages.map {
          Stage(name: (part.name.map { $0 + " " } ?? "") + $0.name, work: $0.work, seconds: $0.seconds)
        }
      },
      memoryBytes: parts.map(\.forecast.memoryBytes).max() ?? 0,
      diskBytes: parts.reduce(0) { $0 + $1.forecast.diskBytes },
      readsFromFile: parts.contains(where: \.forecast.readsFromFile))
  }
}
