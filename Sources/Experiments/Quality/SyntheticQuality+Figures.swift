import Assessment
import Reports

extension [SyntheticMethod: SyntheticQuality] {
  /// Each method's figures for the report, methods in the order of the recipe's key.
  var figures: [QualityFigures] {
    SyntheticMethod.allCases.compactMap { method in self[method].map { Self.figures(method, $0) } }
  }

  private static func figures(_ method: SyntheticMethod, _ quality: SyntheticQuality) -> QualityFigures {
    let names = LeakStatistics.names + [LeakCheck.allTogether]
    return QualityFigures(
      method: method.rawValue, verdict: quality.leak?.sentence, isLeak: quality.leak?.verdict == .leak,
      columns: quality.leak.map { leak in
        leak.pairs.flatMap { ["generated \($0.first) | \($0.second)", "real \($0.first) | \($0.second)"] }
          + leak.realism.map { "\($0.className) generated | real" }
      } ?? [],
      areas: quality.leak.map { leak in
        names.enumerated().map { index, name in
          QualityFigures.Row(
            statistic: name,
            values: leak.pairs.flatMap { [$0.statistics[index].generated, $0.statistics[index].real] }
              + leak.realism.map { $0.areas[name] ?? .nan })
        }
      } ?? [],
      crowding: quality.crowding.map { crowding in
        QualityFigures.Crowd(
          className: crowding.className, generated: crowding.generated, training: crowding.training,
          differentByCode: crowding.byCode.different, effectiveByCode: crowding.byCode.effective,
          differentByPixels: crowding.byPixels.different, effectiveByPixels: crowding.byPixels.effective)
      })
  }
}
