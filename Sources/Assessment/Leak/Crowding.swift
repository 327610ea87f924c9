import Foundation

/// How many different training images stand behind generated ones, and how evenly.
public struct Crowding: Codable, Sendable, Equatable {
  /// Which training images generated ones are nearest to.
  public struct Spread: Codable, Sendable, Equatable {
    /// Training images that are nearest to some generated image.
    public var different: Int
    /// exp of the entropy of the shares: as many training images, evenly used, would be as varied.
    public var effective: Double
    /// The share of generated images that the most used training image has.
    public var largestShare: Double

    /// - Parameter nearest: a training image for each generated one; at least one.
    public init(nearest: [Int]) {
      precondition(!nearest.isEmpty, "the crowding of no images")
      let counts = Dictionary(nearest.map { ($0, 1) }, uniquingKeysWith: +)
      let shares = counts.sorted { $0.key < $1.key }.map { Double($0.value) / Double(nearest.count) }
      different = counts.count
      effective = exp(-shares.reduce(0) { $0 + $1 * log($1) })
      largestShare = shares.max()!
    }
  }

  public var className: String
  public var generated: Int
  public var training: Int
  /// By the distance of codes in the latent space.
  public var byCode: Spread
  /// By the root mean square difference of pixels.
  public var byPixels: Spread

  public init(className: String, training: Int, nearestCodes: [Int], nearestImages: [Int]) {
    precondition(nearestCodes.count == nearestImages.count, "two nearest images for each generated one")
    self.className = className
    self.training = training
    generated = nearestCodes.count
    byCode = Spread(nearest: nearestCodes)
    byPixels = Spread(nearest: nearestImages)
  }

  /// One line for the screen.
  public var sentence: String {
    String(
      format: "behind %d generated images stand %d of %d training images by code, as varied as %.0f evenly used (by "
        + "pixels %d, %.0f)", generated, byCode.different, training, byCode.effective, byPixels.different,
      byPixels.effective)
  }
}
