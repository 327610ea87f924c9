import Generators
import Geometry
import Randomness
import Tensors

extension TrainedModel {
  /// The images of latent points.
  ///
  /// - `decode`: the decoder's mean, the paper's way.
  /// - `residual`: x_i + decode(z) - decode(c_i), clipped to [0, 1], where x_i is the training image at the point's origin
  ///   and c_i its code: the decoder says what changes, and all that it leaves out stays as it is in a real image.
  /// - `observe`: the mean plus Gaussian noise with the spectrum of what decoders leave out, clipped to [0, 1].
  ///
  /// - Parameters:
  ///   - points: `[point, latent dimension]`.
  ///   - origins: the row among the codes that each point belongs to.
  ///   - training: the training images in the order of the codes, `[image, height, width, 1]`.
  /// - Returns: `[point, height, width, 1]`, values in [0, 1].
  /// - Throws: `ExperimentsError.settings` when the training images or the spectrum are needed and not there.
  func render(
    _ points: Matrix, _ kind: SyntheticSettings.Render, origins: [Int], training: Tensor?, spectrum: ResidualSpectrum?,
    stream: RandomStream
  ) throws -> Tensor {
    let decoded = vae.decode(points)
    switch kind {
    case .decode: return decoded
    case .residual:
      guard let training, training.shape[0] == codes.means.rows else {
        throw ExperimentsError.settings(
          problem: "synthetic.render residual needs the training images of class '\(card.className)', which are no "
            + "longer in '\(card.dataFolder)'; bring them back, or take decode or observe")
      }
      let means = vae.decode(codes.means)
      let length = card.height * card.width
      return Tensor(decoded.shape) { target in
        for (index, origin) in origins.enumerated() {
          for pixel in 0..<length {
            let residual = training.buffer[origin * length + pixel] - means.buffer[origin * length + pixel]
            target[index * length + pixel] = min(1, max(0, decoded.buffer[index * length + pixel] + residual))
          }
        }
      }
    case .observe:
      guard let spectrum else {
        throw ExperimentsError.settings(
          problem: "synthetic.render observe needs the spectrum of residuals, which these models lack, being of an "
            + "earlier version or of several image sizes; train them again")
      }
      return spectrum.adding(to: decoded, stream: stream)
    }
  }

  /// The spectrum of what the decoders of some models leave out, classes alike; nil when one does not say.
  static func residualSpectrum(of models: [TrainedModel]) -> ResidualSpectrum? {
    let spectra = models.compactMap(\.card.residualSpectrum).map(ResidualSpectrum.init(power:))
    return spectra.count == models.count ? .mean(spectra) : nil
  }
}
