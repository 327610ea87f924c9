import Datasets
import Runs

/// `comparison.json`: a comparison for programs.
struct ComparisonDocument: Encodable {
  let manikin: String
  let isQuick: Bool
  /// What the given split has on two sides; absent if nothing.
  let leak: String?
  /// What the features are.
  let features: String
  let images: [String: Int]
  let lines: [ModelRanking.Line]
  let realTrainingImages: ModelRanking.Yardstick?
  let leftOut: [ModelRanking.Gap]
  let failed: [ModelRanking.Gap]
  /// With the paper's tables of MNIST; absent with fewer than 4 rows in common.
  let rankCorrelation: Double?
  let findings: [String]

  init(_ table: ModelRanking, data: ComparisonData, isQuick: Bool, leak: String?) {
    manikin = Manikin.version
    (self.isQuick, self.leak, features) = (isQuick, leak, table.features)
    images = [
      "training": data.whole.indices(in: .train).count, "validation": data.whole.indices(in: .validation).count,
      "test": table.testImages,
    ]
    (lines, realTrainingImages) = (table.lines, table.yardstick)
    (leftOut, failed) = (table.refused, table.failed)
    rankCorrelation = table.publishedCorrelation?.value
    findings = table.findings
  }
}
