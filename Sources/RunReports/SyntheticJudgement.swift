import Datasets
import Foundation
import Judgement
import Recipes
import Runs
import Samplers
import Synthesis
import Tensors
import Training

/// How like real images a run's synthetic ones are, and what they give away: measured once on the split that the report
/// shows, and kept in `fidelity.json` and `audit.json`.
package struct SyntheticJudgement: Sendable {
  /// With the seed of the shown split.
  package let recipe: Recipe
  package let shown: ExperimentReport.Shown
  /// Of the whole run.
  package let folder: RunFolder
  /// Whether there are classifiers, and so test images.
  package let isScored: Bool
  package let progress: ProgressReporter

  package init(
    recipe: Recipe, shown: ExperimentReport.Shown, folder: RunFolder, isScored: Bool, progress: ProgressReporter
  ) {
    self.recipe = recipe
    self.shown = shown
    self.folder = folder
    self.isScored = isScored
    self.progress = progress
  }

  package struct Outcome: Sendable {
    /// Nil when nothing was drawn.
    var fidelity: Fidelity?
    package var audits: [SyntheticMethod: PrivacyAudit] = [:]
  }

  private enum Part {
    case imageFeatures, classifierFeatures, inceptionFeatures
    case audit(SyntheticMethod)
  }

  private var fidelityFile: URL { folder.url.appending(path: "fidelity.json") }
  private var auditFile: URL { folder.url.appending(path: "audit.json") }

  private var methods: [SyntheticMethod] { SyntheticMethod.allCases.filter { shown.synthetic[$0] != nil } }

  /// Measures what is not measured yet.
  ///
  /// - Throws: `ImagingError`, `ExperimentsError`, `ClassificationError`.
  package func run() throws -> Outcome {
    guard !methods.isEmpty else { return Outcome() }
    let hasFidelity = folder.isDone(try fidelityStage()) && fidelity() != nil
    let hasAudits = folder.isDone(stage("audit")) && audits() != nil
    var parts: [Part] = []
    // The longest part, which trains a classifier, starts first.
    let features = recipe.fidelity.features
    if !hasFidelity, features.contains(.inception) { parts.append(.inceptionFeatures) }
    if !hasFidelity, isScored, features.contains(.own) { parts.append(.classifierFeatures) }
    if !hasFidelity, features.contains(.own) { parts.append(.imageFeatures) }
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
      case .imageFeatures: found.add(measurement.byImageFeatures(), at: 0)
      case .classifierFeatures: found.add(try measurement.byClassifierFeatures(), at: 1)
      case .inceptionFeatures: found.add(try measurement.byInceptionFeatures(), at: 2)
      case .audit(let method): found.add(try audit.audit(method), of: method)
      }
      bar.advance()
    }
    bar.finish()
    if let entries = found.entries {
      try RunFolder.write(Fidelity(entries: entries), to: fidelityFile)
      try folder.markDone(fidelityStage(), outputs: [fidelityFile])
    }
    if !found.audits.isEmpty {
      try RunFolder.write(found.audits, to: auditFile)
      try folder.markDone(stage("audit"), outputs: [auditFile])
    }
  }

  private func fidelityStage() throws -> Stage {
    guard recipe.fidelity.features != [.own] else { return stage("fidelity") }
    var further = ["features": recipe.fidelity.features.map(\.rawValue).joined(separator: ",")]
    if recipe.fidelity.features.contains(.inception), let weights = recipe.fidelity.inceptionWeights {
      further["Inception's weights"] = try Checksum.ofFile(URL(filePath: weights))
    }
    return stage("fidelity", further)
  }

  private func stage(_ name: String, _ further: [String: String] = [:]) -> Stage {
    var inputs = Dictionary(
      uniqueKeysWithValues: shown.models.map { ("model \($0.card.className)", $0.card.digest) })
    inputs["data"] = shown.data.digest
    inputs["methods"] = methods.map(\.rawValue).joined(separator: ",")
    inputs["images of each class"] = "\(recipe.evaluation.syntheticPerClass)"
    inputs.merge(further) { $1 }
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
  private var byPlace: [Int: [Fidelity.Entry]] = [:]
  private var found: [String: PrivacyAudit] = [:]

  /// - Parameter place: of the features among all kinds.
  func add(_ entries: [Fidelity.Entry], at place: Int) { lock.withLock { byPlace[place] = entries } }

  func add(_ audit: PrivacyAudit, of method: SyntheticMethod) { lock.withLock { found[method.rawValue] = audit } }

  /// Nil when they were not asked for.
  var entries: [Fidelity.Entry]? {
    lock.withLock { byPlace.isEmpty ? nil : byPlace.sorted { $0.key < $1.key }.flatMap(\.value) }
  }

  /// By the method's name.
  var audits: [String: PrivacyAudit] { lock.withLock { found } }
}
