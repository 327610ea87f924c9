import Files
import Foundation
import Recipes
import Runs

/// Finished trials on disk, one file each, so that a run goes on where it was.
package struct TrialStore: Sendable {
  /// What one trial came to.
  package struct Trial: Codable, Sendable, Equatable {
    package var heldOut: HeldOut
    /// Why the way may not be taken after it; nil where it may.
    package var refusal: String?
  }

  /// Of one part of a run, such as a division; nil keeps nothing.
  let folder: URL?

  package init(_ folder: URL?) { self.folder = folder }

  private func file(_ job: Race.Job) -> URL? {
    folder?.appending(component: job.way, directoryHint: .isDirectory)
      .appending(component: "repeat-\(job.place.repeat + 1)-fold-\(job.place.fold + 1).json")
  }

  /// Nil where the trial was not finished.
  ///
  /// - Throws: `ExperimentsError.damaged`.
  package func read(_ job: Race.Job) throws -> Trial? {
    guard let file = file(job), let data = try? Data(contentsOf: file) else { return nil }
    guard let trial = try? JSONDecoder().decode(Trial.self, from: data) else {
      throw ExperimentsError.damaged(path: file.relativePath, line: nil, problem: "this is no trial")
    }
    return trial
  }

  package func write(_ trial: Trial, of job: Race.Job) throws {
    guard let file = file(job) else { return }
    try AtomicFile.makeFolder(file.deletingLastPathComponent())
    try AtomicFile.write(try CompactJSON.data(trial), to: file)
  }
}
