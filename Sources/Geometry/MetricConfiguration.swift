/// The choices that make a Riemannian metric of a trained encoder's codes (Algorithm 1).
public struct MetricConfiguration: Codable, Sendable, Equatable {
  /// Which codes become centroids.
  public var centroids: CentroidSelection
  /// The length scale of the weights.
  public var rho: LengthScale
  /// How the paper's rule for rho measures distances between centroids.
  public var rhoDistance: CentroidDistance
  /// What rho is multiplied by, greater than 0.
  public var rhoFactor: Double
  /// The part of the metric that is the same everywhere, at least 0.
  ///
  /// It sets how small the volume is far from all centroids: lambda^(d/2), against the product of 1/sigma_j at one. The
  /// default, 0.01, lies within the range from 1e-4 to 0.1 over which samples were measured to be alike, and keeps the
  /// volume so small in 16 dimensions (1e-16) that chains stay with the data even without `tau`. The paper's experiment
  /// on OASIS uses 1: with tau = 0 long chains then walk out of the data, since most of the volume lies there.
  public var lambda: Double
  /// How fast the part of `lambda` falls off with the squared distance from the origin, at least 0.
  ///
  /// Only tau > 0 gives a volume density that can be normalised over all of R^d. The paper samples with 0.
  public var tau: Double
  /// Whether tau is 1 / R^2 in place of `tau`, where R is the largest distance of a centroid from the origin.
  ///
  /// The floor alone then has the volume lambda^(d/2) exp(-d tau |z|^2 / 2): a Gaussian whose root mean square distance
  /// from the origin is R, so that what does not belong to any island stays about as far out as the data.
  public var tauFollowsRadius: Bool

  public init(
    centroids: CentroidSelection = .all, rho: LengthScale = .paper, rhoDistance: CentroidDistance = .euclidean,
    rhoFactor: Double = 1, lambda: Double = 0.01, tau: Double = 0, tauFollowsRadius: Bool = false
  ) {
    self.centroids = centroids
    self.rho = rho
    self.rhoDistance = rhoDistance
    self.rhoFactor = rhoFactor
    self.lambda = lambda
    self.tau = tau
    self.tauFollowsRadius = tauFollowsRadius
  }

  /// Checks every option's range.
  ///
  /// - Throws: `GeometryError.option` for the first one outside it.
  public func validate() throws {
    if case .count(let count) = centroids, count < 1 {
      throw GeometryError.option(name: "centroids", expected: "all, or a number of at least 1", actual: "\(count)")
    }
    if case .value(let rho) = rho, !(rho > 0 && rho.isFinite) {
      throw GeometryError.option(name: "rho", expected: "paper, or a number greater than 0", actual: "\(rho)")
    }
    guard rhoFactor > 0 && rhoFactor.isFinite else {
      throw GeometryError.option(name: "rhoFactor", expected: "a number greater than 0", actual: "\(rhoFactor)")
    }
    for (name, value) in [("lambda", lambda), ("tau", tau)] where !(value >= 0 && value.isFinite) {
      throw GeometryError.option(name: name, expected: "a number of at least 0", actual: "\(value)")
    }
  }

  /// Reads the options that are there; the others keep their defaults.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let defaults = MetricConfiguration()
    centroids = try container.decodeIfPresent(CentroidSelection.self, forKey: .centroids) ?? defaults.centroids
    rho = try container.decodeIfPresent(LengthScale.self, forKey: .rho) ?? defaults.rho
    rhoDistance = try container.decodeIfPresent(CentroidDistance.self, forKey: .rhoDistance) ?? defaults.rhoDistance
    rhoFactor = try container.decodeIfPresent(Double.self, forKey: .rhoFactor) ?? defaults.rhoFactor
    lambda = try container.decodeIfPresent(Double.self, forKey: .lambda) ?? defaults.lambda
    tau = try container.decodeIfPresent(Double.self, forKey: .tau) ?? defaults.tau
    tauFollowsRadius = try container.decodeIfPresent(Bool.self, forKey: .tauFollowsRadius) ?? defaults.tauFollowsRadius
  }
}

/// Which codes become centroids; written `all`, or as a number.
public enum CentroidSelection: Codable, Sendable, Equatable {
  /// Every code.
  case all
  /// So many codes, chosen by k-medoids; all of them when there are no more than that.
  case count(Int)

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let count = try? container.decode(Int.self) {
      self = .count(count)
    } else if (try? container.decode(String.self)) == "all" {
      self = .all
    } else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "expected all, or a whole number")
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .all: try container.encode("all")
    case .count(let count): try container.encode(count)
    }
  }
}

/// How the distance from one centroid to another is measured.
public enum CentroidDistance: String, Codable, Sendable, CaseIterable {
  /// In latent units, as the paper does.
  case euclidean
  /// In the first centroid's posterior deviations, as the weights of the metric do.
  case mahalanobis
}

/// The length scale rho of the metric's weights; written `paper`, or as a number.
public enum LengthScale: Codable, Sendable, Equatable {
  /// The largest distance from a centroid to the nearest other one. Source: the paper, Algorithm 1.
  case paper
  /// A given length, greater than 0.
  case value(Double)

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode(Double.self) {
      self = .value(value)
    } else if (try? container.decode(String.self)) == "paper" {
      self = .paper
    } else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "expected paper, or a number")
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .paper: try container.encode("paper")
    case .value(let value): try container.encode(value)
    }
  }
}
