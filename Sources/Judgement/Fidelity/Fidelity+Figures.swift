import Figures
import Foundation
import Recipes
import Runs

extension Fidelity {
  /// The report's tables: those against test images, and folded behind them those against training images; all open when
  /// there are no test images.
  package var figures: [FidelityTable] {
    let kinds = entries.map(\.features).distinct
    let hasTest = entries.contains { $0.reference == .test }
    return Reference.allCases.flatMap { reference in
      kinds.compactMap { kind in
        let own = entries.filter { $0.features == kind && $0.reference == reference }
        return own.isEmpty ? nil : Self.table(own, kind, reference, isFolded: hasTest && reference == .training)
      }
    }
  }

  private static func table(_ entries: [Entry], _ kind: String, _ reference: Reference, isFolded: Bool)
    -> FidelityTable
  {
    let classes = entries.map(\.className).distinct
    return FidelityTable(
      title: "\(kind.capitalizedFirst), against \(reference.rawValue)", isFolded: isFolded,
      rows: entries.map { entry in
        FidelityTable.Row(
          name: entry.method ?? "real: \(reference.other.rawValue)", className: entry.className,
          isReal: entry.method == nil, images: entry.count, precision: entry.precision, recall: entry.recall,
          density: entry.density, coverage: entry.coverage, curvePrecision: entry.curvePrecision,
          curveRecall: entry.curveRecall, frechetDistance: entry.frechetDistance,
          kernelDistance: entry.kernelDistance)
      },
      findings: classes.compactMap { name in finding(entries.filter { $0.className == name }, reference) },
      cautions: classes.compactMap { name in
        let sentences = entries.filter { $0.className == name }.flatMap(\.warnings)
          .distinct
        return sentences.isEmpty ? nil : "\(name): \(sentences.joined(separator: "; "))."
      })
  }

  /// Which method's images of a class are nearest to the real ones and which furthest, by the distance that small samples
  /// do not bias; nil when nothing can be said.
  package static func finding(_ entries: [Entry], _ reference: Reference) -> String? {
    let judged = entries.compactMap { entry in
      entry.kernelDistance.flatMap { distance in entry.method.map { (method: $0, distance: distance) } }
    }
    guard let best = judged.min(by: { $0.distance < $1.distance }),
      let worst = judged.max(by: { $0.distance < $1.distance })
    else { return nil }
    func text(_ value: Double) -> String { NumberText.significant(value) }
    let real = entries.first { $0.method == nil }.flatMap { entry in
      entry.kernelDistance.map { "; \(entry.count) real \(reference.other.rawValue) come to \(text($0))" }
    }
    let furthest =
      worst.method == best.method ? "" : " and those of \(worst.method) least like them (\(text(worst.distance)))"
    return "\(entries[0].className): by the kernel distance, images of \(best.method) are most like the "
      + "\(entries[0].referenceCount) \(reference.rawValue) (\(text(best.distance)))\(furthest)\(real ?? "")."
  }
}
