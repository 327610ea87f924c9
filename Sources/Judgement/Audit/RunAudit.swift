import Assessment
import Cohorts
import Datasets
import Figures
import Foundation
import ImageSets
import Recipes
import Samplers

/// The privacy audit of a run's synthetic folders, as `manikin audit` does it of any: the files that lie there are read.
/// Held out are the validation and test images; of these the former chose the epoch that a model keeps, and nothing else.
package struct RunAudit: Sendable {
  package let recipe: Recipe
  package let data: ExperimentData
  /// A folder for each method.
  package let syntheticFolder: URL

  package init(recipe: Recipe, data: ExperimentData, syntheticFolder: URL) {
    self.recipe = recipe
    self.data = data
    self.syntheticFolder = syntheticFolder
  }

  /// - Throws: `ImagingError` when the folder's images cannot be read.
  package func audit(_ method: SyntheticMethod) throws -> PrivacyAudit {
    let folder = syntheticFolder.appending(path: method.rawValue, directoryHint: .isDirectory)
    let made = try Cohort.load(folder, checksSplit: false)
    var preprocessing = recipe.preprocessingConfiguration.ofWritten(channels: data.set.channels)
      .with(channels: data.set.channels)
    preprocessing.size = data.set.size
    let heldOut = data.indices(in: .validation) + data.indices(in: .test)
    return PrivacyAudit(
      synthetic: .init(try CohortReader(preprocessing: preprocessing).read(made.images)),
      training: .init(data.set.selecting(data.indices(in: .train))),
      heldOut: heldOut.isEmpty ? nil : .init(data.set.selecting(heldOut)))
  }
}

extension [SyntheticMethod: PrivacyAudit] {
  /// The report's figures, methods in the order of the recipe's key.
  package var figures: AuditFigures? {
    let methods = SyntheticMethod.allCases.filter { self[$0] != nil }
    guard let first = methods.first.map({ self[$0]! }) else { return nil }
    let heldOut = first.classes.reduce(0) { $0 + $1.heldOut }
    return AuditFigures(
      methods: methods.map { Self.figures($0, self[$0]!) },
      heldOut: first.hasHeldOut ? "the \(heldOut) validation and test images" : nil)
  }

  private static func figures(_ method: SyntheticMethod, _ audit: PrivacyAudit) -> AuditFigures.Method {
    AuditFigures.Method(
      name: method.rawValue, verdict: audit.verdict, copying: audit.copying?.z, membership: audit.membership?.area,
      membershipInterval: audit.membership?.interval.map { $0.lower...$0.upper },
      classes: audit.classes.map { found in
        AuditFigures.ClassFigures(
          className: found.name, images: found.synthetic, copies: found.exactCopies, nearCopies: found.nearCopies,
          distance: found.syntheticDistance, heldOutDistance: found.heldOutDistance,
          trainingDistance: found.trainingDistance, authentic: found.authentic,
          heldOutAuthentic: found.heldOutAuthentic)
      })
  }

  /// What to know before sharing the images; nil when nothing was found.
  package var warning: String? {
    let alarming = SyntheticMethod.allCases.filter { self[$0]?.isAlarming ?? false }.map(\.rawValue)
    guard !alarming.isEmpty else { return nil }
    return "privacy audit: share the images of \(alarming.joined(separator: ", ")) only as you would share the "
      + "originals; audit.json says what was found."
  }
}
