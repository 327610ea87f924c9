import Datasets
import Figures
import Foundation
import Generators
import Geometry
import Recipes
import Tensors
import Training

/// A way from one code to another.
public enum InterpolationMethod: String, CaseIterable, Codable, Sendable {
  /// The straight line.
  case affine
  /// The paper's equation 12: the curve along which 1 / sqrt(det G) integrates to the least.
  case volume
  /// The shortest curve under the metric.
  case geodesic

  var meaning: String {
    switch self {
    case .affine: "the straight line"
    case .volume: "through large volumes (paper, Eq. 12)"
    case .geodesic: "the shortest curve under the metric"
    }
  }
}

/// The curves between two codes of a model, measured each by the measures of all.
public struct Interpolation: Sendable {
  /// One way of going from one code to the other.
  public struct Path: Sendable {
    public let method: InterpolationMethod
    /// As fine as it was computed.
    public let curve: Curve
    /// What is decoded, `[step, dimension]`, ends included: in equal steps of the plain length, for the geodesic in equal
    /// steps of its own length.
    public let steps: Matrix
    /// Decoded steps, `[step, height, width, channel]`, values in (0, 1).
    let images: Tensor
    public let lengths: Lengths
    /// What to know before using the curve.
    public let warning: String?
  }

  /// What a curve measures.
  public struct Lengths: Codable, Sendable, Equatable {
    public var euclidean: Double
    /// Under the metric G.
    public var riemannian: Double
    /// The natural logarithm of the integral of 1 / sqrt(det G) by Euclidean length (paper, equation 12).
    public var logInverseVolume: Double

    init(_ curve: Curve, under metric: RiemannianMetric) {
      euclidean = curve.euclideanLength
      riemannian = curve.length(under: metric)
      logInverseVolume = curve.logInverseVolume(under: metric)
    }
  }

  public let model: TrainedModel
  public let metric: RiemannianMetric
  public let start: TrainedModel.NamedCode
  public let end: TrainedModel.NamedCode
  /// In the order of the methods.
  public let paths: [Path]

  /// Finds and decodes the curves.
  ///
  /// - Parameters:
  ///   - model: the model whose latent space the curves lie in.
  ///   - start: the image at which they begin.
  ///   - end: the image at which they end; its code must be another one.
  ///   - steps: decoded images on each curve, both ends included; at least 2.
  ///   - recipe: the settings of the metric.
  /// - Throws: `GeometryError`; `ExperimentsError.settings` when both ends are one point.
  public init(
    _ model: TrainedModel, from start: TrainedModel.NamedCode, to end: TrainedModel.NamedCode, steps: Int,
    recipe: Recipe
  ) throws {
    guard start.code != end.code else {
      throw ExperimentsError.settings(
        problem: "'\(start.name)' and '\(end.name)' have the same code, so there is nothing between them; "
          + "name two different images")
    }
    let metric = try model.metric(recipe)
    let minimiser = try CurveMinimiser(
      metric, waypoints: metric.centroids, configuration: CurveConfiguration(segments: 128, maximumIterations: 600))
    paths = try InterpolationMethod.allCases.map { method in
      let curve: Curve
      let sampled: Curve
      var warning: String?
      switch method {
      case .affine:
        curve = Curve(from: start.code, to: end.code, segments: 128)
        sampled = Curve(from: start.code, to: end.code, segments: steps - 1)
      case .volume:
        let found = try minimiser.minimise(.inverseVolume, from: start.code, to: end.code)
        (curve, warning) = (found.curve, found.warning)
        sampled = curve.evenlySpaced(segments: steps - 1)
      case .geodesic:
        let found = try minimiser.minimise(.riemannianLength, from: start.code, to: end.code)
        (curve, warning) = (found.curve, found.warning)
        sampled = curve.evenlySpaced(segments: steps - 1, under: metric)
      }
      return Path(
        method: method, curve: curve, steps: sampled.points, images: model.generator.decode(sampled.points),
        lengths: Lengths(curve, under: metric), warning: warning)
    }
    (self.model, self.metric, self.start, self.end) = (model, metric, start, end)
  }
}

// For the report.
extension Interpolation {
  /// The images of a recipe's `interpolation`, as rows of one class's training images.
  private static func ends(
    _ settings: InterpolationSettings, among paths: [String]
  ) throws -> (from: Int, to: Int)? {
    guard let from = settings.from, let to = settings.to else { return nil }
    guard let first = try TrainedModel.index(of: from, among: paths, option: "interpolation.from"),
      let last = try TrainedModel.index(of: to, among: paths, option: "interpolation.to")
    else { return nil }
    return (first, last)
  }

  /// Checks, before long work, that the images between which a recipe draws curves are there and of one class.
  ///
  /// - Throws: `ExperimentsError`.
  package static func check(_ data: ExperimentData, _ recipe: Recipe) throws {
    guard let from = recipe.interpolation.from, let to = recipe.interpolation.to else { return }
    for className in data.classes {
      let paths = data.indices(of: className, in: .train).map { data.set.images[$0].path }
      if try ends(recipe.interpolation, among: paths) != nil { return }
    }
    throw ExperimentsError.settings(
      problem: "no class has both '\(from)' and '\(to)' among its training images; "
        + "set 'from' and 'to' in 'interpolation' to images of one class")
  }

  /// The curves that a recipe asks for in this model's latent space; nil for none.
  ///
  /// - Throws: `GeometryError`, `ExperimentsError`.
  package static func asked(for recipe: Recipe, in model: TrainedModel) throws -> Interpolation? {
    guard let (from, to) = try ends(recipe.interpolation, among: model.card.trainingImages) else { return nil }
    let paths = model.card.trainingImages
    return try Interpolation(
      model, from: model.code(of: paths[from], option: "interpolation.from"),
      to: model.code(of: paths[to], option: "interpolation.to"), steps: recipe.interpolation.steps, recipe: recipe)
  }

  /// The file name without folder and suffix, as a short name.
  static func shortName(_ name: String) -> String {
    let file = URL(filePath: name).lastPathComponent
    return String(file.prefix { $0 != "." })
  }

  func pictures(of path: Path) -> [Picture] {
    (0..<path.images.shape[0]).map { Picture(of: path.images, $0) }
  }

  /// The strips of decoded pictures.
  package var strips: InterpolationStrips {
    InterpolationStrips(
      title: "\(model.card.className): \(Self.shortName(start.name)) to \(Self.shortName(end.name))",
      strips: paths.map { path in
        InterpolationStrips.Strip(
          name: path.method.rawValue,
          meaning: "\(path.method.meaning): length \(Self.text(path.lengths.euclidean)), under the metric "
            + "\(Self.text(path.lengths.riemannian)), ln ∫ 1/√det G \(Self.text(path.lengths.logInverseVolume))"
            + (path.warning.map { "; \($0)" } ?? ""),
          pictures: pictures(of: path))
      })
  }

  static func text(_ value: Double) -> String { String(format: "%.3g", value) }

  /// The map of the codes with the curves over it; nil in fewer than two dimensions.
  var map: LatentMap? {
    LatentMapDrawing(model: model, metric: metric)?.map(
      title: "Class \(model.card.className)", draws: [], curves: self)
  }
}
