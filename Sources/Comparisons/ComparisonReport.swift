import Assessment
import Datasets
import Figures
import Foundation
import Generators
import ImageFiles
import ImageSets
import Recipes
import Reports
import Runs
import Samplers
import Synthesis
import Tensors

/// The report of a comparison: its table with samples of every line, curves over the training sets, and drawn images
/// beside the training images nearest to them.
struct ComparisonReport {
  let recipe: Recipe
  let table: ModelRanking
  let data: ComparisonData
  /// Of every line that is shown, `[image, height, width, channel]`.
  let pictures: [Tensor]
  let notes: [String]
  let leak: String?

  func html() throws -> String { try HTMLReport.render(content) }

  /// Drawn images, a row for each line, as the bytes of a PNG file; nil for none.
  static func sheet(_ rows: [[Picture]]) throws -> Data? {
    guard let columns = rows.map(\.count).max(), columns > 0 else { return nil }
    let blank = Picture(width: 1, height: 1, pixels: [0])
    let cells = rows.flatMap { $0 + Array(repeating: blank, count: columns - $0.count) }
    return try ContactSheet(cells, columns: columns).picture.pngData()
  }

  private var content: ReportContent {
    let findings = table.findings
    let size = data.whole.set.size
    func count(_ side: Split) -> String { "\(data.whole.indices(in: side).count)" }
    return ReportContent(
      title: "Manikin: \(recipe.name)", answer: table.headline, answerNumbers: findings.dropFirst().first,
      answerDetails: Array(findings.prefix(1)),
      facts: [
        LabelledText(
          "Images",
          [count(.train), count(.validation), count(.test)].joined(separator: " / ")
            + " for training / validation / test, without classes"),
        LabelledText("Image size", "\(size.height) x \(size.width) pixels"),
        LabelledText("Trainings of each model", "\(table.seeds)"), LabelledText("Features", table.features),
      ],
      models: modelTable, pictures: nearest,
      distanceMeaning: "root mean square difference of pixels, on a scale from 0 to 1",
      warnings: [leak].compactMap(\.self)
        + (recipe.compare.quick ? [ModelComparison.quickWarning] : []),
      notes: [table.legend] + findings.dropFirst(2) + [table.gaps].compactMap(\.self) + table.failures + notes,
      command: "manikin compare recipe.yaml", recipe: recipe.withoutPlaces.yaml(),
      versions: [LabelledText("Manikin", Manikin.version), LabelledText("Seed", "\(recipe.seed)")])
  }

  private var modelTable: ModelTable {
    let best = table.shown.map(\.distance.mean).min()
    let recall = table.shown.map(\.recall).max()
    let rows = zip(table.shown, pictures).map { line, images in
      ModelTable.Row(
        name: line.name, distance: line.distance.mean,
        interval: line.distance.interval.map { $0.lower...$0.upper }, recall: line.recall, precision: line.precision,
        reconstruction: line.reconstruction?.mean,
        setting: line.settingsTried > 1 ? "\(line.settingName) (\(line.setting) of \(line.settingsTried))" : nil,
        isNearest: line.distance.mean == best, hasGreatestRecall: line.recall == recall,
        pictures: (0..<images.shape[0]).map { Picture(of: images, $0) })
    }
    let sizes = table.sizes
    let curves =
      sizes.count < 2
      ? []
      : table.shown.map { line in
        ModelTable.Curve(
          name: line.name, isHighlighted: line.method == .manifold,
          points: table.lines.filter { $0.model == line.model && $0.method == line.method }.map {
            .init(
              images: $0.trainingImages, distance: $0.distance.mean,
              interval: $0.distance.interval.map { $0.lower...$0.upper })
          })
      }
    return ModelTable(caption: table.legend, rows: rows, curves: curves)
  }

  /// Drawn images of the paper's way, or of the nearest line, beside the training images nearest to them.
  private var nearest: [ClassPictures] {
    guard let best = table.best else { return [] }
    let line = table.shown.first { $0.model == .vae && $0.method == .manifold } ?? best
    let images = pictures[table.shown.firstIndex(of: line)!]
    let indices = data.part(data.sizes.count - 1).indices(in: .train)
    let training = data.whole.rows(indices)
    let found = NearestImages.find(TensorRows(images), among: training)
    return [
      ClassPictures(
        className: line.name, summary: "The first \(found.count) images drawn, in the order of drawing.",
        synthetic: found.indices.map { index in
          SyntheticPicture(
            name: "image \(index + 1)", picture: Picture(of: images, index),
            nearest: NamedPicture(
              name: data.whole.set.images[indices[found[index].index]].path,
              picture: Picture(of: training, found[index].index)), distance: found[index].distance)
        })
    ]
  }
}
