import Foundation

/// What the authors' released code takes for the log density and its gradient. It is not the paper's density.
///
/// - The force is the gradient of log det G, without the factor 1/2, with lambda counted once for each centroid.
/// - The accept step sees a determinant that is clamped to 0 ... 1e10, in single precision, and so is blind to the
///   density near the data; where it underflows to 0, exp(-H) / exp(-H_0) is 0 / 0 and the chain stays where it is.
///
/// With velocities of half the deviation that the energy assumes and long enough, chains follow about
/// det(G)^3 sqrt(det G). Run with `HamiltonianMonteCarlo.velocityDeviation` 0.5 and `exponentiatesEnergies`.
///
/// Source: sampling.py of github.com/clementchadebec/geometric_perspective_on_vaes.
struct PublishedCodeDensity: LogDensity {
  private let density: VolumeDensity
  private let force: VolumeDensity

  var dimension: Int { density.dimension }

  init(_ density: VolumeDensity) {
    self.density = density
    force = VolumeDensity(density.metric.replacingLambda(density.metric.lambda * Double(density.metric.centroids.rows)))
  }

  struct Workspace {
    var density: VolumeDensity.Workspace
    var force: VolumeDensity.Workspace
  }

  func makeWorkspace(rows: Int) -> Workspace {
    Workspace(density: density.makeWorkspace(rows: rows), force: force.makeWorkspace(rows: rows))
  }

  func evaluate(
    at positions: Matrix, into evaluation: inout DensityEvaluation, includingLogDensity: Bool,
    workspace: inout Workspace
  ) {
    if includingLogDensity {
      density.evaluate(
        at: positions, into: &evaluation, includingLogDensity: true, workspace: &workspace.density)
      for row in evaluation.logDensity.indices {
        let determinant = Float(exp(2 * evaluation.logDensity[row]))
        evaluation.logDensity[row] = Double(log(min(max(determinant, 0), 1e10)) / 2)
      }
    }
    force.evaluate(at: positions, into: &evaluation, includingLogDensity: false, workspace: &workspace.force)
    for index in evaluation.gradient.values.indices { evaluation.gradient.values[index] *= 2 }
  }
}
