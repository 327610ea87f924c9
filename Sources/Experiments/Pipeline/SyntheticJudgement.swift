import Foundation
import Generators
import Tensors

/// How like real images a run's synthetic ones are, and what they give away: measured once on the split that the report
/// shows, and kept in `fidelity.json` and `audit.json`.
struct SyntheticJudgement: Sendable {
  /// With the seed of the shown split.
  let recipe: Recipe
  let shown: ExperimentReport.Shown
  /// Of the whole run.
  let folder: RunFolder
  /// Whether there are classifiers, and so test images.
  let isScored: Bool
  let progress: ProgressReporter

  struct Outcome: Sendable {
    /// Nil when nothing was drawn.
    var fidelity: Fidelity?
    var audits: [SyntheticMethod: PrivacyAudit] = [:]
  }

  private enum Part {
    case imageFeatures, classifierFeatures
    case audit(SyntheticMethod)
  }

  private var fidelityFile: URL { folder.url.appending(path: "fidelity.json") }
  private var auditFile: URL { folder.url.appending(path: "audit.json") }

  private var methods: [SyntheticMethod] { SyntheticMethod.allCases.filter { shown.synthetic[$0] != nil } }

  /// Measures what is not measured yet.
  ///
  /// - Throws: `ImagingError`, `ExperimentsError`, `ClassificationError`.
  func run() throws -> Outcome {
    guard !methods.isEmpty else { return Outcome() }
    let hasFidelity = folder.isDone(stage("fidelity")) && fidelity() != nil
    let hasAudits = folder.isDone(stage("audit")) && audits() != nil
    var parts: [Part] = []
    // The longest part, which trains a classifier, starts first.
    if !hasFidelity, isScored { parts.append(.classifierFeatures) }
    if !hasFidelity { parts.append(.imageFeatures) }
    if !hasAudits { parts += methods.map { .audit($0) } }
    try measure(parts)
    // What is shown is what the files say, so that a run which finds them there ends with the same bytes.
    guard let fidelity = fidelity(), let audits = audits() else {
      throw ExperimentsError.damaged(
        path: folder.url.relativePath, line: nil, problem: "fidelity.json or audit.json cannot be read")
    }
    return Outcome(fidelity: fidelity, audits: audits)
  }

  private func measure(_ parts: [Part]) throws {
    guard !parts.isEmpty else { return }
    let bar = progress.stage("Comparing synthetic with real images", total: parts.count, unit: "parts")
    let found = Found()
    let measurement = FidelityMeasurement(
      recipe: recipe, data: shown.data,
      methods: methods.map { method -> FidelityMeasurement.Method in
        let sets = shown.synthetic[method]!
        return (method.rawValue, Dictionary(uniqueKeysWithValues: sets.map { ($0.className, $0.images) }))
      })
    let audit = RunAudit(recipe: recipe, data: shown.data, syntheticFolder: shown.folder.syntheticFolder)
    try ComputeThreads.sideBySide(jobs: parts.count, workers: min(recipe.threadCount, parts.count)) { index in
      switch parts[index] {
      case .imageFeatures: found.add(measurement.byImageFeatures(), byClassifier: false)
      case .classifierFeatures: found.add(try measurement.byClassifierFeatures(), byClassifier: true)
      case .audit(let method): found.add(try audit.audit(method), of: method)
      }
      bar.advance()
    }
    bar.finish()
    if let entries = found.entries {
      try RunFolder.write(Fidelity(entries: entries), to: fidelityFile)
      try folder.markDone(stage("fidelity"), outputs: [fidelityFile])
    }
    if !found.audits.isEmpty {
      try RunFolder.write(found.audits, to: auditFile)
      try folder.markDone(stage("audit"), outputs: [auditFile])
    }
  }

  private func stage(_ name: String) -> Stage {
    var inputs = Dictionary(
      uniqueKeysWithValues: shown.models.map { ("model \($0.card.className)", $0.card.digest) })
    inputs["data"] = shown.data.digest
    inputs["methods"] = methods.map(\.rawValue).joined(separator: ",")
    inputs["images of each class"] = "\(recipe.evaluation.syntheticPerClass)"
    return Stage(
      name, recipe: recipe, sections: ["data", "preprocessing", "metric", "sampler", "synthetic", "classifier"],
      inputs: inputs)
  }

  private func fidelity() -> Fidelity? { read(fidelityFile) }

  private func audits() -> [SyntheticMethod: PrivacyAudit]? {
    guard let byName: [String: PrivacyAudit] = read(auditFile), byName.count == methods.count else { return nil }
    return Dictionary(
      uniqueKeysWithValues: methods.compactMap { method in byName[method.rawValue].map { (method, $0) } })
  }

  private func read<Value: Decodable>(_ file: URL) -> Value? {
    (try? Data(contentsOf: file)).flatMap { try? JSONDecoder().decode(Value.self, from: $0) }
  }
}

/// What the parts of a judgement come to, from several threads.
private final class Found: @unchecked Sendable {
  private let lock = NSLock()
  private var byImage: [Fidelity.Entry]?
  private var byClassifier: [Fidelity.Entry] = []
  private var found: [String: PrivacyAudit] = [:]

  func add(_ entries: [Fidelity.Entry], byClassifier isClassifier: Bool) {
    lock.withLock { if isClassifier { byClassifier = entries } else { byImage = entries } }
  }

  func add(_ audit: PrivacyAudit, of method: SyntheticMethod) { lock.withLock { found[method.rawValue] = audit } }

  /// Nil when they were not asked for.
  var entries: [Fidelity.Entry]? { lock.withLock { byImage.map { $0 + byClassifier } } }

  /// By the method's name.
  var audits: [String: PrivacyAudit] { lock.withLock { found } }
}
