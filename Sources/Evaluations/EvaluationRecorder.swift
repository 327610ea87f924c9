import Foundation
import Recipes
import Runs

/// The predictions of an experiment as they come in from several threads; on disk after each classifier.
///
/// `predictions.csv` is written first and `results.csv` follows from it, so that a run that was killed between the two
/// finds all that it needs.
package final class EvaluationRecorder: @unchecked Sendable {
  private let lock = NSLock()
  private var current: PredictionTable
  private var validation: ValidationTable
  private let folder: RunFolder

  /// Takes up what an earlier start of the run left.
  ///
  /// - Throws: `ExperimentsError.damaged`, `.unwritable`.
  package init(methods: [EvaluationMethod], classes: [String], folder: RunFolder) throws {
    self.folder = folder
    (current, validation) = try Self.read(folder, methods: methods.map(\.rawValue), classes: classes)
    if !current.identities.isEmpty {
      let results = current.results.csv
      if (try? String(contentsOf: folder.resultsFile, encoding: .utf8)) != results {
        try AtomicFile.write(results, to: folder.resultsFile)
      }
    }
  }

  /// Takes up what was recorded in other folders, a part each, and writes all of it.
  ///
  /// - Parameter runs: of these runs alone, from 0; nil for all.
  package func take(from folders: [RunFolder], runs: Range<Int>? = nil) throws {
    try lock.withLock {
      for other in folders {
        let part = try EvaluationRecorder.read(
          other, methods: current.methods, classes: current.classes)
        let taken = part.predictions.identities.filter { runs?.contains($0.run) ?? true }
        validation.add(part.validation, of: Set(taken))
        for identity in taken { current.add(identity, part.predictions.rows[identity]!) }
      }
      try writeAll(to: folder)
    }
  }

  /// Writes all that is recorded to another folder.
  package func write(to other: RunFolder) throws { try lock.withLock { try writeAll(to: other) } }

  private func writeAll(to folder: RunFolder) throws {
    // Before the predictions, by which a classifier counts as done.
    if !validation.isEmpty {
      try AtomicFile.write(validation.csv(methods: current.methods), to: folder.validationFile)
    }
    try AtomicFile.write(current.csv, to: folder.predictionsFile)
    try AtomicFile.write(current.results.csv, to: folder.resultsFile)
  }

  private static func read(
    _ folder: RunFolder, methods: [String], classes: [String]
  ) throws -> (predictions: PredictionTable, validation: ValidationTable) {
    var (predictions, validation) = (PredictionTable(methods: methods, classes: classes), ValidationTable())
    if let text = try? String(contentsOf: folder.validationFile, encoding: .utf8) {
      try validation.read(text, path: folder.validationFile.relativePath)
    }
    if let text = try? String(contentsOf: folder.predictionsFile, encoding: .utf8) {
      try predictions.read(text, path: folder.predictionsFile.relativePath)
    }
    return (predictions, validation)
  }

  package var predictions: PredictionTable { lock.withLock { current } }

  /// Each method's mean balanced accuracy on validation images, where all of its classifiers have one.
  package var validationMeans: [String: Double] { lock.withLock { validation.means(current.identities) } }

  /// - Parameter onValidation: the balanced accuracy on validation images; nil where there are none.
  func add(
    _ identity: PredictionTable.Identity, _ rows: [PredictionTable.Row], onValidation: Double?
  ) throws {
    try lock.withLock {
      // Before the predictions, by which a classifier counts as done.
      if let onValidation {
        validation.add(identity, onValidation)
        try AtomicFile.write(validation.csv(methods: current.methods), to: folder.validationFile)
      }
      current.add(identity, rows)
      try AtomicFile.write(current.csv, to: folder.predictionsFile)
      try AtomicFile.write(current.results.csv, to: folder.resultsFile)
    }
  }
}
