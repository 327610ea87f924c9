import Foundation

/// The predictions of an experiment as they come in from several threads; on disk after each classifier.
///
/// `predictions.csv` is written first and `results.csv` follows from it, so that a run that was killed between the two
/// finds all that it needs.
final class EvaluationRecorder: @unchecked Sendable {
  private let lock = NSLock()
  private var current: PredictionTable
  private var validation = ValidationTable()
  private let folder: RunFolder

  /// Takes up what an earlier start of the run left.
  ///
  /// - Throws: `ExperimentsError.damaged`, `.unwritable`.
  init(methods: [EvaluationMethod], classes: [String], folder: RunFolder) throws {
    self.folder = folder
    current = PredictionTable(methods: methods.map(\.rawValue), classes: classes)
    if let text = try? String(contentsOf: folder.validationFile, encoding: .utf8) {
      try validation.read(text, path: folder.validationFile.relativePath)
    }
    if let text = try? String(contentsOf: folder.predictionsFile, encoding: .utf8) {
      try current.read(text, path: folder.predictionsFile.relativePath)
      let results = current.results.csv
      if (try? String(contentsOf: folder.resultsFile, encoding: .utf8)) != results {
        try AtomicFile.write(results, to: folder.resultsFile)
      }
    }
  }

  var predictions: PredictionTable { lock.withLock { current } }

  /// Each method's mean balanced accuracy on validation images, where all of its classifiers have one.
  var validationMeans: [String: Double] { lock.withLock { validation.means(current.identities) } }

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
