/// How long what is left of a run takes on this machine, and how much memory and disk, before it is begun.
///
/// Seconds follow from a second or so of the real work (`WorkTrial`) and the amounts of it (`WorkAmounts`); what is not
/// measured, chains, files and tables, is estimated by stated rates (`WorkRates`). Work that an early stop leaves out is counted.
package struct RunForecast: Sendable, Equatable {
  /// A part of the work, in the order in which it is done.
  package struct Stage: Sendable, Equatable, Codable {
    /// Such as "models".
    package var name: String
    /// What is done, in a few words.
    package var work: String
    package var seconds: Double

    package init(name: String, work: String, seconds: Double) {
      (self.name, self.work, self.seconds) = (name, work, seconds)
    }
  }

  package var stages: [Stage]
  /// At most at any time.
  package var memoryBytes: Int
  /// That the run folder grows by.
  package var diskBytes: Int
  /// Whether the images lie in a temporary file while they are worked on.
  package var readsFromFile: Bool

  package var seconds: Double { stages.reduce(0) { $0 + $1.seconds } }

  package init(stages: [Stage], memoryBytes: Int, diskBytes: Int, readsFromFile: Bool) {
    (self.stages, self.memoryBytes, self.diskBytes) = (stages, memoryBytes, diskBytes)
    self.readsFromFile = readsFromFile
  }
}
