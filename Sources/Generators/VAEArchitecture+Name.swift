import Networks

extension VAEArchitecture {
  /// The named architectures.
  public enum Name: String, Codable, Sendable, CaseIterable {
    /// The default: any size from 16 x 16, about a million weights.
    case compact
    /// The paper's network for OASIS, 36 million weights.
    case oasis
    /// The paper's for MNIST, with batch normalisation, 23 million weights.
    case mnist
    /// The paper's for CIFAR 10: that for MNIST.
    case cifar10
    /// The paper's for SVHN: dense layers alone, 3 million weights, 7 with three channels.
    case svhn
    /// The paper's for CelebA, with batch normalisation, 41 million weights.
    case celeba
    /// The residual networks of the paper's Table 3, a million weights.
    case resnet
  }
}

extension VAEArchitecture.Name {
  /// What the program knows of an architecture.
  private struct Row {
    /// The sizes that it takes; none for any size from 16 x 16.
    var sizes: [Extent]
    var layers: (_ size: Extent, _ channels: Int) -> VAEArchitecture
    var steps = 3000
    var learningRate = 1e-3
    /// Whether its convolutions are wide enough to be trained in bfloat16.
    var isWide = false
    /// What it is, to follow its name.
    var meaning: String
  }

  /// `mnist` costs sixty times a step of `compact` at its size, and batch normalisation needs fewer steps: on 60 photographs
  /// `mnist` comes to a validation loss of 31 in 140 steps at 0.0002 and to 58 at 0.001, where it also goes astray now and then.
  private var row: Row {
    switch self {
    case .compact:
      Row(sizes: [], layers: VAEArchitecture.compact, meaning: "fits any size from 16 x 16 and trains in minutes")
    case .oasis:
      Row(
        sizes: [Extent(208, 176)], layers: VAEArchitecture.oasis, isWide: true,
        meaning: "is the paper's for 208 x 176, a night on a workstation")
    case .mnist:
      Row(
        sizes: [Extent(32)], layers: VAEArchitecture.mnist, steps: 300, learningRate: 2e-4, isWide: true,
        meaning: "is the paper's for 32 x 32")
    case .cifar10:
      Row(
        sizes: [Extent(32)], layers: VAEArchitecture.mnist, steps: 300, learningRate: 2e-4, isWide: true,
        meaning: "is the same network as mnist, which the paper takes for both")
    case .svhn:
      Row(
        sizes: [Extent(32)], layers: VAEArchitecture.svhn, meaning: "is the paper's of dense layers alone for 32 x 32")
    case .celeba:
      Row(
        sizes: [Extent(64)], layers: VAEArchitecture.celeba, steps: 300, learningRate: 2e-4, isWide: true,
        meaning: "is the paper's for 64 x 64")
    case .resnet:
      Row(
        sizes: [Extent(32), Extent(64)], layers: VAEArchitecture.residual,
        meaning: "is a residual network as in the paper's Table 3, for 32 x 32 or 64 x 64")
    }
  }

  /// The sizes that it takes; none for any size from 16 x 16.
  public var requiredSizes: [Extent] { row.sizes }

  /// The sizes in words, such as `32 x 32 or 64 x 64`.
  public var sizeText: String {
    requiredSizes.isEmpty
      ? "at least 16 x 16" : requiredSizes.map { "\($0.height) x \($0.width)" }.joined(separator: " or ")
  }

  /// Whether it takes images of this size.
  public func takes(height: Int, width: Int) -> Bool {
    requiredSizes.isEmpty ? min(height, width) >= 16 : requiredSizes.contains(Extent(height, width))
  }

  /// What it is, to follow its name.
  public var meaning: String { row.meaning }

  /// Optimiser steps, in batches of 20, after which a small set has been learned.
  public var usualSteps: Int { row.steps }

  /// The learning rate that suits so many steps.
  public var usualLearningRate: Double { row.learningRate }

  /// The precision of training that suits the network on a processor.
  ///
  /// - Parameter multipliesBFloat16: whether the processor has instructions for it.
  public func usualPrecision(multipliesBFloat16: Bool) -> Precision {
    multipliesBFloat16 && row.isWide ? .bfloat16 : .float32
  }

  /// The networks for images of a size that it takes.
  var layers: (_ size: Extent, _ channels: Int) -> VAEArchitecture { row.layers }
}
