/// What is not tried before a run, but estimated by rates, as measured on cores of this decade.
package enum WorkRates {
  /// Seconds of one core to write a value of an image.
  package static let writing = 2e-7
  /// Bytes on disk for each byte of an image's values as they are stored: lossless compression of grey slices.
  package static let bytesOfImageByte = 0.75
  /// Seconds of one core for a leapfrog step of a chain, for each centroid and latent dimension; ten make a transition.
  package static let leapfrog = 1.5e-9
  /// The same where each centroid has a full matrix, for each of (d + 1)(d + 2) in d latent dimensions.
  package static let fullLeapfrog = 9e-11
  /// Seconds to weigh a prediction of a test image: the bootstrap of every table.
  package static let weighing = 6e-6
  /// Seconds of one core for each pair of images that the privacy audit compares, for each of their values.
  package static let comparing = 2.5e-10
  /// Bytes of a row of predictions.
  package static let bytesOfPrediction = 80
  /// Bytes of a report with its pictures, and of the other tables.
  package static let report = 600_000
}
