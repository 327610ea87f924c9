import Geometry

/// The Riemannian metric that is read off each autoencoder (the paper's Algorithm 1 and Eq. 7).
@dynamicMemberLookup
public struct MetricSettings: Sendable, Equatable {
  /// Its centroids, reach and fall-off are those below, once they are known.
  public var configuration = MetricConfiguration()
  /// How many centroids k-medoids chooses; nil: every training image is one.
  public var centroids: Int?
  /// The metric's reach in latent space; nil: the paper's rule.
  public var rho: Double?
  /// Nil: 1 / R^2 in the sampler's calibrated mode, R the largest distance of a centroid from the origin; 0 otherwise.
  public var tau: Double?

  public init() {}

  public subscript<Value>(dynamicMember path: WritableKeyPath<MetricConfiguration, Value>) -> Value {
    get { configuration[keyPath: path] }
    set { configuration[keyPath: path] = newValue }
  }

  static let section = RecipeSection(
    name: "metric", meaning: "the Riemannian metric read off each autoencoder (paper, Eq. 7)",
    settings: [
      .integer(
        "metric.centroids", \.metric.centroids, 2...1_000_000, or: "all",
        "How many training images, chosen by k-medoids, carry the metric; all takes every one.",
        source: "paper, section 4.3 and Algorithm 1"),
      .number(
        "metric.rho", \.metric.rho, .above(0), or: "paper",
        "How far a centroid reaches; paper takes the largest distance from a centroid to its nearest neighbour.",
        source: "paper, Algorithm 1 and Appendix F.3"),
      .choice(
        "metric.rho-distance", \.metric.configuration.rhoDistance,
        "How that rule measures distances: euclidean as in the paper, or mahalanobis, in posterior deviations as the "
          + "metric's weights do.",
        source: "paper, Algorithm 1: euclidean"),
      .number("metric.rho-factor", \.metric.configuration.rhoFactor, .above(0), "What rho is multiplied by."),
      .number(
        "metric.lambda", \.metric.configuration.lambda, .above(0),
        "The metric far from every centroid; between 0.0001 and 0.1 it matters little.",
        source: "the authors' generate_data.py, for MNIST"),
      .number(
        "metric.tau", \.metric.tau, .atLeast(0), or: "auto",
        "How fast that part fades with the distance from the origin; 0 never, which leaves the target improper. Auto: "
          + "0 in the sampler's modes paper and published-code; calibrated, 1 / R^2 with R the largest distance of a "
          + "centroid from the origin.",
        source: "paper, section 4.3: below machine precision"),
    ])
}
