/// When an image counts as a copy of another one. Distances are root mean square differences of pixels in [0, 1].
package enum NearCopy {
  /// Equal to within half a grey level of 256.
  package static func isExact(distance: Double) -> Bool { distance < 0.5 / 255 }

  /// A copy, or less than half as far from a training image as that is from the nearest other one of its class.
  ///
  /// - Parameter spacing: the distance of the two training images.
  package static func isNear(distance: Double, spacing: Double) -> Bool {
    isExact(distance: distance) || distance < 0.5 * spacing
  }
}
