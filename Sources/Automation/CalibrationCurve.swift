import Foundation
import Runs

/// How often held-out images are of a class among those that are found so probable to be of it: a reliability table.
///
/// Images of every class weigh alike in all, as if classes were equally common.
///
/// Source: Niculescu-Mizil and Caruana, "Predicting good probabilities with supervised learning", ICML 2005.
package struct CalibrationCurve: Codable, Sendable, Equatable {
  package struct Bin: Codable, Sendable, Equatable {
    package var className: String
    package var lower: Double
    package var upper: Double
    package var images: Int
    /// The mean predicted probability, and the share that is of the class.
    package var predicted: Double
    package var observed: Double
  }

  /// Bins with images, class by class, ascending.
  package var bins: [Bin]

  static let binCount = 10

  /// - Parameter classes: names, in the order of the labels.
  package init(_ heldOut: HeldOut, classes: [String]) {
    let counts = heldOut.counts(classes.count)
    bins = classes.enumerated().flatMap { label, name in
      (0..<Self.binCount).compactMap { bin -> Bin? in
        let members = heldOut.labels.indices.filter { image in
          min(Self.binCount - 1, Int(exp(heldOut.logarithms[image][label]) * Float(Self.binCount))) == bin
        }
        guard !members.isEmpty else { return nil }
        func weight(_ image: Int) -> Double { 1 / Double(counts[heldOut.labels[image]]) }
        let total = members.reduce(0) { $0 + weight($1) }
        return Bin(
          className: name, lower: Double(bin) / Double(Self.binCount), upper: Double(bin + 1) / Double(Self.binCount),
          images: members.count,
          predicted: members.reduce(0) { $0 + weight($1) * Double(exp(heldOut.logarithms[$1][label])) } / total,
          observed: members.filter { heldOut.labels[$0] == label }.reduce(0) { $0 + weight($1) } / total)
      }
    }
  }

  /// As a table.
  var csv: String {
    "class,lower,upper,images,predicted,observed\n"
      + bins.map { bin in
        let name = CSVText.field(bin.className)
        return "\(name),\(bin.lower),\(bin.upper),\(bin.images),"
          + String(format: "%.4f,%.4f\n", bin.predicted, bin.observed)
      }.joined()
  }
}
