import Classification
import Cohorts
import Datasets
import Files
import Foundation
import ImageSets
import Recipes
import Runs
import Tensors

/// What covariates such as age and sex tell of the classes without any image: a logistic regression on them.
///
/// Numbers are scaled by mean and standard deviation of the training subjects, and a missing one is their mean; a column
/// with any other value is taken as categories, of which missing is one. Classes are weighted alike. Validation images
/// take no part.
package struct CovariateBaseline: Sendable {
  /// `[image][column]` for every image of the experiment.
  private let values: [[String?]]
  private let columns: [String]
  /// What a user should know of the table.
  package let notes: [String]
  /// A digest of the values of every image: another one means other predictions.
  package let digest: String

  /// - Throws: `ImagingError` for a table that cannot be read; `ExperimentsError` when it knows none of the images.
  package init(_ recipe: Recipe, data: ExperimentData) throws {
    columns = recipe.data.covariates
    let url = recipe.data.labels.map { URL(filePath: $0) } ?? data.root.appending(path: "participants.tsv")
    let table = try CovariateTable(url, idColumn: recipe.data.idColumn, columns: columns)
    let found = table.values(of: data.set.images)
    guard found.contains(where: { $0 != nil }) else {
      throw ExperimentsError.settings(
        problem: "no image has a row in '\(url.relativePath)' for the covariates: name the column that holds the file "
          + "names or subjects with 'id-column' in 'data'")
    }
    values = found.map { [count = columns.count] in $0 ?? Array(repeating: nil, count: count) }
    digest = Self.digest(of: values, columns: columns, paths: data.set.images.map(\.path))
    let lacking = values.count { $0.contains { $0 == nil } }
    notes =
      lacking == 0
      ? [] : ["\(lacking) image\(lacking == 1 ? " lacks" : "s lack") a covariate, which counts as missing"]
  }

  /// The same for the same values, whatever else stands in the table and in whatever order.
  private static func digest(of values: [[String?]], columns: [String], paths: [String]) -> String {
    func field(_ text: String?) -> String { text.map { "\($0.utf8.count) \($0)" } ?? "-" }
    let lines = zip(paths, values).map { path, row in ([path] + row).map(field).joined(separator: " ") + "\n" }
    return Checksum.of(columns.map(field).joined(separator: " ") + "\n" + lines.sorted().joined())
  }

  /// The probability of each class for each image of a side: `[image, class]`.
  func probabilities(_ data: ExperimentData, in side: Split) -> Tensor {
    let train = data.indices(in: .train)
    let encoder = Encoder(train.map { values[$0] }, columns: columns.count)
    let labels = train.map { data.label(data.set.images[$0].className) }
    var counts = [Int](repeating: 0, count: data.classes.count)
    for label in labels { counts[label] += 1 }
    let weights = labels.map { Double(labels.count) / Double(counts.count * counts[$0]) }
    let model = LogisticRegression(
      features: train.map { encoder.features(values[$0]) }, labels: labels, classes: data.classes.count,
      weights: weights)
    let test = data.indices(in: side)
    return Tensor(
      [test.count, data.classes.count],
      values: test.flatMap { model.probabilities(encoder.features(values[$0])).map(Float.init) })
  }

  /// Turns values into numbers as the training subjects have them.
  private struct Encoder {
    enum Column {
      case number(mean: Double, deviation: Double)
      case categories([String?])
    }

    let columns: [Column]

    init(_ rows: [[String?]], columns count: Int) {
      columns = (0..<count).map { column in
        let known = rows.compactMap { $0[column] }
        let numbers = known.compactMap(Self.number)
        guard numbers.count == known.count, !numbers.isEmpty else {
          return .categories(Set(rows.map { $0[column] }).sorted { ($0 ?? "") < ($1 ?? "") })
        }
        let mean = numbers.reduce(0, +) / Double(numbers.count)
        let variance = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(numbers.count)
        return .number(mean: mean, deviation: variance > 0 ? variance.squareRoot() : 1)
      }
    }

    func features(_ row: [String?]) -> [Double] {
      zip(columns, row).flatMap { column, value -> [Double] in
        switch column {
        case .number(let mean, let deviation): [((value.flatMap(Self.number) ?? mean) - mean) / deviation]
        case .categories(let names): names.map { $0 == value ? 1 : 0 }
        }
      }
    }

    private static func number(_ text: String) -> Double? { DecimalText.number(text) }
  }
}
