import Generators
import Geometry
import Randomness
import Recipes
import Tensors
import Training

extension TrainedModel {
  /// The images of latent points.
  ///
  /// - `decode`: the decoder's mean, the paper's way.
  /// - `residual`: x_i + decode(z) - decode(c_i), clipped to [0, 1], where x_i is the training image at the point's origin
  ///   and c_i its code: the decoder says what changes, and all that it leaves out stays as it is in a real image.
  /// - `observe`: the mean plus Gaussian noise with the spectrum of what decoders leave out, clipped to [0, 1]; in colour
  ///   each of three axes of the colours has its own spectrum.
  ///
  /// - Parameters:
  ///   - points: `[point, latent dimension]`.
  ///   - origins: the row among the codes that each point belongs to.
  ///   - training: the training images in the order of the codes, `[height, width, channel]` each.
  /// - Returns: `[point, height, width, channel]`, values in [0, 1].
  /// - Throws: `ExperimentsError.settings` when the training images or the spectrum are needed and not there.
  func render(
    _ points: Matrix, _ kind: SyntheticSettings.Render, origins: [Int], training: TensorRows?,
    spectrum: ResidualSpectrum?, stream: RandomStream
  ) throws -> Tensor {
    let decoded = generator.decode(points)
    switch kind {
    case .decode: return decoded
    case .residual:
      guard let training, training.count == codes.means.rows else {
        throw ExperimentsError.settings(
          problem: "synthetic.render residual needs the training images of class '\(card.className)', which were "
            + "in '\(card.dataFolder)' and are not found; name their folder with --data, or take decode or observe")
      }
      return addingResiduals(to: decoded, origins: origins, training: training)
    case .observe:
      guard let spectrum else {
        throw ExperimentsError.settings(
          problem: "synthetic.render observe needs the spectrum of residuals, which these models lack, being of an "
            + "earlier version or of several image sizes; train them again")
      }
      return spectrum.adding(to: decoded, stream: stream)
    }
  }

  /// Decoded images with what the decoder left out of the training images at their origins, clipped to [0, 1].
  ///
  /// Codes are decoded in the pieces that decoding all of them would have, so that the bytes are the same; pieces where no
  /// image began are left out.
  private func addingResiduals(to decoded: Tensor, origins: [Int], training: TensorRows) -> Tensor {
    let length = card.length
    let size = generator.networks.itemsAtOnce
    let pieces = Dictionary(grouping: origins.indices, by: { origins[$0] / size }).sorted { $0.key < $1.key }
    return Tensor(decoded.shape) { target in
      for (piece, members) in pieces {
        let first = piece * size
        let means = generator.decode(
          codes.means.selectingRows(Array(first..<min(first + size, codes.means.rows))))
        let images = training.rows(members.map { origins[$0] })
        for (place, index) in members.enumerated() {
          let values = Residuals.added(
            to: decoded.row(index), image: images.row(place), mean: means.row(origins[index] - first))
          _ = target[(index * length)...].update(fromContentsOf: values)
        }
      }
    }
  }

  /// The spectrum of what this model leaves out of images, for `observe`; nil when a model does not say.
  ///
  /// A model of all classes blurs some more than others, and each class's own spectrum gives back what it lost. With a model
  /// for each class the residuals differ by how well each learned its few images by heart, which the mean over the classes
  /// evens out. Measured on photographs, area under the ROC curve of sharpness between generated classes, 0.56 on real
  /// images: 0.54 (own) against 0.71 (mean) for one model, 0.63 (own) against 0.58 (mean) for two.
  ///
  /// - Parameter models: of all classes.
  func residualSpectrum(among models: [TrainedModel]) -> ResidualSpectrum? {
    let spectra = (card.sharedAmong == nil ? models : [self]).map(\.card.residualSpectrum)
    guard spectra.allSatisfy({ $0 != nil }) else { return nil }
    return .mean(spectra.map { ResidualSpectrum(power: $0!) })
  }
}
