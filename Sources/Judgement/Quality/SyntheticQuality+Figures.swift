import Assessment
import Figures
import Samplers
import Synthesis

extension [SplitFigures] {
  /// Each method's figures for the report, methods in the order of the recipe's key: those of the first split, which
  /// hold the others.
  package var qualityFigures: [QualityFigures] {
    SyntheticMethod.allCases.compactMap { method -> QualityFigures? in
      let splits = compactMap { $0.quality[method.rawValue]?.figures(method) }
      guard var first = splits.first else { return nil }
      first.otherSplits = [QualityFigures](splits.dropFirst())
      return first
    }
  }

  /// Each class's chains for the report: those of the first split, which hold the others.
  package var samplerFigures: [SamplerFigures] {
    (first?.samplers ?? []).map { report in
      var figures = report.figures
      figures.otherSplits = dropFirst().compactMap { split in
        split.samplers.first { $0.className == report.className }?.figures
      }
      return figures
    }
  }
}

extension SyntheticQuality {
  fileprivate func figures(_ method: SyntheticMethod) -> QualityFigures {
    let names = leak?.pairs.first?.statistics.map(\.name) ?? []
    return QualityFigures(
      method: method.rawValue, verdict: leak?.sentence, isLeak: leak?.verdict == .leak,
      columns: leak.map { leak in
        leak.pairs.flatMap { ["generated \($0.first) | \($0.second)", "real \($0.first) | \($0.second)"] }
          + leak.realism.map { "\($0.className) generated | real" }
      } ?? [],
      areas: leak.map { leak in
        names.enumerated().map { index, name in
          QualityFigures.Row(
            statistic: name,
            values: leak.pairs.flatMap { [$0.statistics[index].generated, $0.statistics[index].real] }
              + leak.realism.map { $0.areas[name] ?? .nan })
        }
      } ?? [],
      crowding: crowding.map { crowding in
        QualityFigures.Crowd(
          className: crowding.className, generated: crowding.generated, training: crowding.training,
          differentByCode: crowding.byCode.different, effectiveByCode: crowding.byCode.effective,
          differentByPixels: crowding.byPixels.different, effectiveByPixels: crowding.byPixels.effective)
      })
  }
}

extension SamplerReport {
  fileprivate var figures: SamplerFigures {
    SamplerFigures(
      className: className, chains: chains, acceptance: acceptance, displacements: displacements,
      changedCentroidShare: changedCentroidShare, centroids: centroids, rho: rho, lambda: lambda, tau: tau, mode: mode,
      steps: steps, leapfrogSteps: leapfrogSteps, stepSize: stepSize, divergences: divergences,
      radiusRatio: medianRadius / max(dataRadius, 1e-300),
      diagnosis: diagnosis.map {
        SamplerFigures.Diagnosis(
          draws: $0.draws, rHat: $0.slowestQuantity == nil ? nil : $0.largestRHat ?? .infinity,
          bulkEffectiveSamples: $0.bulkEffectiveSamples,
          tailEffectiveSamples: $0.tailEffectiveSamples, energyFraction: $0.energyFraction)
      })
  }
}
