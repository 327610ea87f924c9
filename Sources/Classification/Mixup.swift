import Foundation
import Randomness
import Tensors

/// Convex combinations of pairs of images and of their classes.
///
/// Source: Zhang, Cisse, Dauphin and Lopez-Paz, "mixup: Beyond Empirical Risk Minimization", ICLR 2018, Eq. 1, with
/// pairs within a batch; the share is drawn for each pair.
public struct Mixup: Sendable, Equatable {
  /// Of the distribution Beta(alpha, alpha) of the first image's share, in (0, 1].
  public var alpha = 0.2

  /// - Parameter strength: what alpha is multiplied by, as far as 1.
  public init(strength: Double = 1) { alpha = min(1, strength * alpha) }

  /// Mixes every image, and its targets with the same share, with a partner from the same batch.
  ///
  /// - Parameters:
  ///   - images: `[image, height, width, channel]`.
  ///   - targets: `[image, class]`: how much of each class an image is, rows of sum 1.
  ///   - stream: chooses the partners and draws the shares.
  /// - Returns: images and targets of the same shapes.
  public func apply(
    to images: Tensor, targets: Tensor, stream: RandomStream
  ) -> (images: Tensor, targets: Tensor) {
    let (partners, shares) = pairs(images.shape[0], stream)
    return (Self.mixed(images, partners, shares), Self.mixed(targets, partners, shares))
  }

  /// What `apply` makes of the targets, without the images.
  func apply(toTargets targets: Tensor, stream: RandomStream) -> Tensor {
    let (partners, shares) = pairs(targets.shape[0], stream)
    return Self.mixed(targets, partners, shares)
  }

  /// The partner of each row, and the row's own share.
  private func pairs(_ count: Int, _ stream: RandomStream) -> (partners: [Int], shares: [Float]) {
    var random = stream
    let partners = random.permutation(count)
    return (partners, partners.map { _ in Float(share(&random)) })
  }

  private static func mixed(_ rows: Tensor, _ partners: [Int], _ shares: [Float]) -> Tensor {
    let length = partners.isEmpty ? 0 : rows.count / partners.count
    return Tensor(rows.shape) { target in
      for (row, partner) in partners.enumerated() {
        let share = shares[row]
        for offset in 0..<length {
          target[row * length + offset] =
            share * rows.buffer[row * length + offset] + (1 - share) * rows.buffer[partner * length + offset]
        }
      }
    }
  }

  /// A draw of Beta(alpha, alpha).
  ///
  /// Source: Jöhnk, "Erzeugung von betaverteilten und gammaverteilten Zufallszahlen", Metrika 8, 1964.
  func share(_ random: inout RandomStream) -> Double {
    precondition(alpha > 0 && alpha <= 1, "alpha is \(alpha)")
    while true {
      let (first, second) = (pow(random.uniform(), 1 / alpha), pow(random.uniform(), 1 / alpha))
      if first + second <= 1, first + second > 0 { return first / (first + second) }
    }
  }
}
