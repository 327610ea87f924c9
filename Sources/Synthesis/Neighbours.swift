import Foundation
import Generators
import Geometry
import Recipes
import Training

/// The training images nearest to an image, by the distance under the metric that their model learned.
public struct Neighbours: Codable, Sendable {
  public struct Neighbour: Codable, Sendable {
    public var image: String
    /// The length of the shortest curve found under the metric.
    public var riemannianDistance: Double
    /// The plain distance of the codes.
    public var euclideanDistance: Double
    /// The place in the order by that distance, from 1.
    public var euclideanRank: Int
  }

  public var className: String
  public var image: String
  /// Nearest first.
  public var neighbours: [Neighbour]

  /// Finds up to `count` of them; the image itself does not count as one.
  ///
  /// - Parameters:
  ///   - model: the model whose training images are searched.
  ///   - image: the image from which distances are measured, one of them.
  ///   - count: neighbours wanted, at least 1; all others when there are fewer.
  ///   - recipe: the settings of the metric.
  /// - Throws: `GeometryError`.
  public init(_ model: TrainedModel, of image: TrainedModel.NamedCode, count: Int, recipe: Recipe) throws {
    let metric = try model.metric(recipe)
    let others = (0..<model.codes.means.rows).filter { $0 != image.index }
    let codes = model.codes.means.selectingRows(others)
    let plain = RowDistances(to: codes).squared(from: image.code).map { $0.squareRoot() }
    var ranks = [Int](repeating: 0, count: others.count)
    for (rank, row) in plain.indices.sorted(by: { (plain[$0], $0) < (plain[$1], $1) }).enumerated() {
      ranks[row] = rank + 1
    }
    let nearest = try RiemannianDistance(metric, waypoints: metric.centroids)
      .nearest(count, to: image.code, among: codes)
    className = model.card.className
    self.image = image.name
    neighbours = nearest.map { row, distance in
      Neighbour(
        image: model.card.trainingImages[others[row]], riemannianDistance: distance, euclideanDistance: plain[row],
        euclideanRank: ranks[row])
    }
  }
}
