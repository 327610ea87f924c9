import Foundation

/// What a classifier said of images that it was not trained on.
package struct HeldOut: Codable, Sendable, Equatable {
  /// The number of each image.
  package var images: [Int]
  /// Who is in each image, by number.
  package var subjects: [Int]
  /// The class of each image, 0 ..< classes.
  package var labels: [Int]
  /// The natural logarithm of the probability of each class, `[image][class]`, not below `leastLogarithm`.
  package var logarithms: [[Float]]

  /// Probabilities below exp(-20) are rounding.
  package static let leastLogarithm: Float = -20

  /// - Parameter probabilities: `[image][class]`, in [0, 1].
  package init(images: [Int], subjects: [Int], labels: [Int], probabilities: [[Float]]) {
    precondition(
      images.count == subjects.count && images.count == labels.count && images.count == probabilities.count,
      "\(images.count) images")
    (self.images, self.subjects, self.labels) = (images, subjects, labels)
    logarithms = probabilities.map { $0.map { max(Self.leastLogarithm, log($0)) } }
  }

  init(images: [Int], subjects: [Int], labels: [Int], logarithms: [[Float]]) {
    (self.images, self.subjects, self.labels, self.logarithms) = (images, subjects, labels, logarithms)
  }

  /// Several one after the other.
  static func joined(_ parts: [HeldOut]) -> HeldOut {
    HeldOut(
      images: parts.flatMap(\.images), subjects: parts.flatMap(\.subjects), labels: parts.flatMap(\.labels),
      logarithms: parts.flatMap(\.logarithms))
  }

  /// The mean of several classifiers' logarithms of the same images, brought back to probabilities: their geometric mean.
  ///
  /// - Parameter parts: at least one, all of the same images.
  static func mean(_ parts: [HeldOut]) -> HeldOut {
    var result = parts[0]
    precondition(parts.allSatisfy { $0.images == result.images }, "classifiers of other images")
    for image in result.images.indices {
      let sums = result.logarithms[image].indices.map { label in
        parts.reduce(Float(0)) { $0 + $1.logarithms[image][label] } / Float(parts.count)
      }
      let largest = sums.max() ?? 0
      let total = largest + log(sums.reduce(Float(0)) { $0 + exp($1 - largest) })
      result.logarithms[image] = sums.map { max(leastLogarithm, $0 - total) }
    }
    return result
  }

  /// How many images each class has.
  func counts(_ classes: Int) -> [Int] {
    labels.reduce(into: [Int](repeating: 0, count: classes)) { $0[$1] += 1 }
  }

  /// The probability of each class, `[image][class]`.
  package var probabilities: [[Float]] { logarithms.map { $0.map { exp($0) } } }
}
