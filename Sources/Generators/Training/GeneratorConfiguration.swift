import Networks
import Randomness

/// How a generative model is built and trained.
///
/// The defaults were chosen on small sets (60 to 300 images): batches of 20 and a learning rate of 1e-3 for a few
/// thousand steps, stopped by the validation loss. The paper's are batches of 100 and 1e-4 for 1000 epochs.
public struct GeneratorConfiguration: Codable, Sendable, Equatable {
  public var kind = ModelKind.vae
  /// The numbers of single models.
  public var settings = ModelSettings()
  public var architecture = VAEArchitecture.Name.compact
  /// At least 1.
  public var latentDimensions = 16
  /// Passes over the training images; nil to train for `steps` steps instead.
  public var epochs: Int?
  /// Optimiser steps, rounded up to whole epochs; used when `epochs` is nil.
  public var steps = VAEArchitecture.Name.compact.usualSteps
  /// Images in a step, at least 1 (2 with batch normalisation).
  public var batchSize = 20
  /// The most images in memory at once, at least 1 (2 with batch normalisation, which then takes its statistics from
  /// so many); nil for a whole batch. A larger batch is worked off in parts to the same result, to rounding.
  public var imagesAtOnce: Int?
  /// Of the convolutions while training; trained models are applied in float32.
  public var precision = Precision.float32
  public var learningRate = 1e-3
  /// The weight of the Kullback-Leibler term; nil for 1 at the paper's 208 x 176 pixels of one channel and in proportion
  /// to the number of values otherwise, so that reconstruction and divergence keep their balance at every size.
  public var beta: Double?
  /// Epochs without a better loss before the learning rate falls.
  public var plateauPatience = 20
  /// What the learning rate is multiplied by then, in (0, 1].
  public var plateauFactor = 0.5
  /// Stops after this many steps without a better validation loss; nil to train to the end.
  public var earlyStopSteps: Int? = 600
  /// Keeps the weights of the epoch with the lowest validation loss, when there are validation images.
  public var keepsBest = true

  public init() {}

  /// The weight of the Kullback-Leibler term for images of this size.
  public func resolvedBeta(height: Int, width: Int, channels: Int = 1) -> Double {
    beta ?? Double(height * width * channels) / Double(208 * 176)
  }

  /// What networks for images of this size are built from.
  public func shape(height: Int, width: Int, channels: Int = 1) -> ModelShape {
    ModelShape(architecture, height: height, width: width, channels: channels, latentDimensions: latentDimensions)
  }

  /// A model of these settings with its first weights.
  ///
  /// - Parameters:
  ///   - height: of the images, in pixels.
  ///   - width: of the images, in pixels.
  ///   - channels: 1 for grey, 3 for colour.
  ///   - stream: where the first weights come from.
  /// - Throws: `GeneratorError`.
  public func model(height: Int, width: Int, channels: Int = 1, stream: RandomStream) throws -> any GenerativeModel {
    try kind.model(
      shape(height: height, width: width, channels: channels), settings,
      beta: resolvedBeta(height: height, width: width, channels: channels), stream: stream)
  }
}
