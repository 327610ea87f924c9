import Figures
import Foundation
import Generators
import Geometry
import Phantoms
import Recipes
import Samplers
import Training

/// Draws maps of one model's latent space that share a region and, with a metric, a density.
package struct LatentMapDrawing {
  let model: TrainedModel
  let plane: LatentPlane
  let region: LatentMap.Region
  let density: LatentMap.Density?

  /// - Parameters:
  ///   - metric: whose volume lies beneath; nil for none.
  ///   - framed: points that the region has to hold besides the codes, `[point, dimension]` each.
  init?(model: TrainedModel, metric: RiemannianMetric?, framing framed: [Matrix] = []) {
    guard let plane = LatentPlane(of: model.codes.means) else { return nil }
    self.model = model
    self.plane = plane
    region = LatentMap.Region(around: ([model.codes.means] + framed).flatMap(plane.project))
    density = metric.map { [region] in plane.density(of: $0, over: region) }
  }

  /// A map with the codes, draws over them and the curves of an interpolation.
  ///
  /// - Parameter draws: names and points, `[point, dimension]`.
  func map(title: String, draws: [(name: String, points: Matrix)], curves: Interpolation? = nil) -> LatentMap {
    LatentMap(
      title: title, horizontalLabel: plane.horizontalLabel, verticalLabel: plane.verticalLabel,
      groups: draws.map { .init(name: $0.name, kind: .synthetic, points: plane.project($0.points)) } + codes,
      curves: curves?.paths.map { path in
        LatentMap.Curve(
          name: "\(path.method.rawValue), \(path.method.meaning)", points: plane.project(path.curve.points))
      } ?? [], region: region, density: density)
  }

  /// The maps of a report, class by class: the codes with the samples that it shows; where nothing was scored, the codes
  /// with the curves, then the samples of each method on a map of their own.
  ///
  /// - Throws: `GeometryError`.
  package static func maps(
    of models: [TrainedModel], synthetic: [SyntheticMethod: [SyntheticSet]], interpolations: [Interpolation],
    recipe: Recipe
  ) throws -> [LatentMap] {
    let methods = SyntheticMethod.allCases.filter { synthetic[$0] != nil }
    return try models.flatMap { model -> [LatentMap] in
      let className = model.card.className
      let draws = methods.compactMap { method in
        synthetic[method]!.first { $0.className == className }
          .map { (name: "\(method.rawValue) samples", points: $0.draw.points) }
      }
      let curves = interpolations.first { $0.model.card.className == className }
      guard !draws.isEmpty || curves != nil,
        let drawing = LatentMapDrawing(
          model: model, metric: model.codes.logVariances == nil ? nil : try model.metric(recipe),
          framing: recipe.evaluation.runs > 0 ? draws.prefix(1).map(\.points) : draws.map(\.points))
      else { return [] }
      guard recipe.evaluation.runs == 0 else {
        return [drawing.map(title: "Class \(className)", draws: Array(draws.prefix(1)), curves: curves)]
      }
      return [drawing.map(title: "\(className): codes", draws: [], curves: curves)]
        + draws.map { drawing.map(title: "\(className): \($0.name)", draws: [$0]) }
    }
  }

  /// The codes; disks and rings each by their own mark.
  private var codes: [LatentMap.Group] {
    let points = plane.project(model.codes.means)
    let isRing = model.card.trainingImages.map { Interpolation.shortName($0).hasPrefix("ring-") }
    guard model.card.className == Shapes.className, isRing.contains(true) else {
      return [.init(name: "codes of training images", kind: .real, points: points)]
    }
    return [
      .init(name: "codes of disks", kind: .real, points: points.indices.filter { !isRing[$0] }.map { points[$0] }),
      .init(name: "codes of rings", kind: .open, points: points.indices.filter { isRing[$0] }.map { points[$0] }),
    ]
  }
}
