import ArgumentParser
import Cohorts
import Foundation
import Recipes
import Synthesis
import Training

struct InterpolateCommand: ComputingCommand {
  static let configuration = CommandConfiguration(
    commandName: "interpolate",
    abstract: "Go from one image to another through a model's latent space, in three ways.",
    discussion: """
      affine is the straight line; volume, the paper's Eq. 12, keeps to where the volume sqrt(det G) is large, among the \
      training images; geodesic is the shortest curve under the metric G, which keeps away from them. Writes \
      interpolation.png (a row for each, in this order), a NIfTI file for each step, curves.csv, interpolation.json with \
      the length of each curve by each measure, and map.svg.

      A and B are training images of the model, by path, file name or number from 1, or image files to encode. The \
      metric's settings are those of the run that the model lies in.

      Example: manikin interpolate RUN/models/AD sub-0003 sub-0017 --out BETWEEN
      """)

  @OptionGroup var options: LatentOptions

  @Argument(help: "The image to begin at.")
  var a: String

  @Argument(help: "The image to end at.")
  var b: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Images on each curve, both ends included, 2 to 999.", valueName: "n"))
  var steps = 9

  @Option(name: .shortAndLong, help: ArgumentHelp("The folder to write.", valueName: "folder"))
  var out: String

  @Flag(help: "Replace a folder that Manikin wrote before.")
  var overwrite = false

  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    guard (2...999).contains(steps) else { throw ValidationError("--steps takes 2 to 999, not \(steps).") }
  }

  func run() throws {
    let target = URL(filePath: out, directoryHint: .isDirectory)
    let (model, recipe) = try options.load()
    let (start, end) = (try model.code(of: a, option: "A"), try model.code(of: b, option: "B"))
    try SyntheticFolder.requireWritable(target, overwrite: overwrite)
    let results = try Interpolation(model, from: start, to: end, steps: steps, recipe: recipe)
      .write(to: target, overwrite: overwrite)
    if output.json { return Screen.result(try Screen.json(results)) }
    func column(_ text: String) -> String { String(repeating: " ", count: max(0, 12 - text.count)) + text }
    Screen.result("\(results.from) to \(results.to), class \(results.className)")
    Screen.result("curve   " + ["length", "under G", "ln Eq. 12"].map(column).joined())
    for curve in results.curves {
      let numbers = [curve.lengths.euclidean, curve.lengths.riemannian, curve.lengths.logInverseVolume]
      let name = curve.method.rawValue
      Screen.result(
        name + String(repeating: " ", count: 8 - name.count)
          + numbers.map { column(String(format: "%.4g", $0)) }.joined())
      if let warning = curve.warning { Screen.note("warning: \(name): \(warning)") }
    }
    Screen.result("\(out): interpolation.png, a row for each curve from top to bottom, and a file for each step")
  }
}

/// A model and its metric, for commands that look into one latent space.
struct LatentOptions: ParsableArguments {
  @Argument(help: "A model's folder (models/CLASS), or a folder of models or a run, with --class.")
  var model: String

  @Option(name: .customLong("class"), help: ArgumentHelp("Which of several models.", valueName: "name"))
  var className: String?

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp("Set any key of a recipe, such as metric.lambda=0.1; may be repeated.", valueName: "key=value"))
  var settings: [String] = []

  func load() throws -> (TrainedModel, Recipe) {
    let folder = URL(filePath: model, directoryHint: .isDirectory)
    let trained = try TrainedModel.load(one: folder, className: className)
    let overrides = try settings.map { setting in
      guard let equals = setting.firstIndex(of: "=") else {
        throw ValidationError("--set takes KEY=VALUE, such as metric.lambda=0.1, not '\(setting)'.")
      }
      let key = String(setting[..<equals])
      return Recipe.Override(
        key: key, text: String(setting[setting.index(after: equals)...]), option: "--set \(key)")
    }
    return (trained, try (TrainedModel.recipe(around: folder) ?? Recipe()).overriding(overrides))
  }
}
