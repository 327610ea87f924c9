import Generators
import Samplers

/// What the paper found on MNIST, to compare the order of rows with, and the order of its tables.
///
/// Source: Chadebec and Allassonnière, NeurIPS 2022, Fréchet inception distances against MNIST's test images: Table 1;
/// vae-nf and vae-iaf from Table 3 (CNN, the best of 10 settings); iwae, aae, vaegan and vamp's manifold from Table 6;
/// two-stage from Table 7. The first rows of Table 1 are drawn from the prior (section 5.1), vamp's from its own.
package enum PublishedResults {
  package struct Row: Sendable, Equatable {
    package let model: ModelKind
    package let method: SyntheticMethod
    /// Of Inception's features; less is better.
    package let frechetDistance: Double
  }

  package static let mnist: [Row] = [
    row(.ae, .prior, 46.41), row(.wae, .prior, 20.71), row(.vae, .prior, 40.70), row(.vamp, .vamp, 34.02),
    row(.hvae, .prior, 15.54), row(.rhvae, .prior, 36.51),
    row(.ae, .gmm, 9.60), row(.raeGP, .gmm, 9.44), row(.raeL2, .gmm, 9.89), row(.raeSN, .gmm, 11.22),
    row(.rae, .gmm, 11.23), row(.vae, .gmm, 13.13), row(.vae, .manifold, 8.53),
    row(.vaeNF, .prior, 29.3), row(.vaeIAF, .prior, 27.5),
    row(.vamp, .manifold, 32.7), row(.iwae, .prior, 32.4), row(.iwae, .manifold, 33.8), row(.aae, .prior, 19.1),
    row(.aae, .manifold, 11.7), row(.vaegan, .prior, 8.7), row(.vaegan, .manifold, 6.1),
    row(.twoStage, .prior, 20.0), row(.twoStage, .twoStage, 12.9), row(.twoStage, .manifold, 9.9),
  ]

  private static func row(_ model: ModelKind, _ method: SyntheticMethod, _ distance: Double) -> Row {
    Row(model: model, method: method, frechetDistance: distance)
  }

  /// The paper's distance of a row; nil where it has none.
  package static func mnist(_ model: ModelKind, _ method: SyntheticMethod) -> Double? {
    mnist.first { $0.model == model && $0.method == method }?.frechetDistance
  }

  /// The models in the order of Tables 1, 3, 6 and 7.
  private static let models: [ModelKind] = [
    .ae, .wae, .raeGP, .raeL2, .raeSN, .rae, .vae, .vamp, .vaeNF, .vaeIAF, .iwae, .hvae, .rhvae, .aae, .vaegan,
    .twoStage,
  ]

  /// Where a row stands in such a table: first what is drawn from priors, then from densities fitted afterwards, the
  /// paper's method last.
  package static func place(_ model: ModelKind, _ method: SyntheticMethod) -> [Int] {
    let group =
      switch method {
      case .prior: 0
      case .vamp, .rhvae, .twoStage: 1
      case .gmm: 2
      case .manifold: 4
      default: 3
      }
    let methods = SyntheticMethod.allCases
    return [max(0, group - 1), models.firstIndex(of: model)!, group, methods.firstIndex(of: method)!]
  }
}
