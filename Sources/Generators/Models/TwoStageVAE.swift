import Foundation
import Geometry
import Networks
import Randomness
import Tensors

/// A variational autoencoder and a second one, small and dense, that learns how the first one's codes are distributed.
///
/// The second stage is trained after the first, on posterior samples of its codes.
///
/// Source: Dai and Wipf, "Diagnosing and enhancing VAE models", ICLR 2019, section 4.
public final class TwoStageVAE: GenerativeModel {
  public var kind: ModelKind { .twoStage }
  private let first: VariationalAutoencoder
  public let secondStage: SecondStage
  /// Optimiser steps of the second stage.
  package let steps: Int

  package init(_ networks: CoderNetworks, beta: Double, secondStage: SecondStage, steps: Int) {
    first = VariationalAutoencoder(networks, beta: beta)
    self.secondStage = secondStage
    self.steps = steps
  }

  public var networks: CoderNetworks { first.networks }
  public var stores: [any WeightStore] { networks.networks + secondStage.stores }
  public var players: [[Variable]] { [networks.parameters] }

  public func loss(_ items: Tensor, noise: [Tensor], _ pass: CoderNetworks.Pass) -> ModelLoss {
    first.loss(items, noise: noise, pass)
  }

  /// Trains the second stage anew on codes of these items.
  public func finish(on items: TensorRows, stream: RandomStream) throws {
    secondStage.restart()
    try secondStage.train(on: networks.codes(of: items), steps: steps, stream: stream)
  }
}
