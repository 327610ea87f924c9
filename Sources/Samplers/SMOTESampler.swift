import Geometry
import Randomness

/// Draws points between codes: on the segment from a training image's code to one of its nearest neighbours, uniformly.
///
/// Every training image begins a segment once before any does so twice.
///
/// Source: Chawla, Bowyer, Hall and Kegelmeyer, "SMOTE: Synthetic Minority Over-sampling Technique", JAIR 16, 2002, with
/// latent codes in place of pixels.
public struct SMOTESampler: LatentSampler {
  /// `[image, latent dimension]`.
  public let codes: Matrix
  /// How many nearest neighbours take part; all there are when there are fewer.
  public let neighbours: Int

  /// A sampler among these codes.
  ///
  /// - Parameters:
  ///   - codes: of the training images of a class, `[image, latent dimension]`, at least two.
  ///   - neighbours: at least 1; the default is Chawla's.
  public init(codes: Matrix, neighbours: Int = 5) {
    precondition(neighbours >= 1 && codes.rows >= 2, "\(neighbours) neighbours among \(codes.rows) codes")
    self.codes = codes
    self.neighbours = neighbours
  }

  public func draw(_ count: Int, stream: RandomStream) -> LatentDraw {
    let partners = (0..<codes.rows).map { nearest(to: $0) }
    let sources = stream.rounds("order", of: codes.rows, count: count)
    var values: [Double] = []
    var ends: [LatentDraw.End] = []
    for (point, source) in sources.enumerated() {
      var random = stream.substream("point", index: point)
      let partner = partners[source][random.index(below: partners[source].count)]
      let share = random.uniform()
      ends.append(.init(source: partner, position: share))
      for dimension in 0..<codes.columns {
        values.append(codes[source, dimension] + share * (codes[partner, dimension] - codes[source, dimension]))
      }
    }
    return LatentDraw(points: Matrix(rows: count, columns: codes.columns, values: values), sources: sources, ends: ends)
  }

  /// The neighbours of a code by Euclidean distance, nearest first, lower numbers first among equals.
  private func nearest(to row: Int) -> [Int] {
    let distances = (0..<codes.rows).map { other in
      (0..<codes.columns).reduce(0.0) {
        let difference = codes[row, $1] - codes[other, $1]
        return $0 + difference * difference
      }
    }
    let others = (0..<codes.rows).filter { $0 != row }.sorted { (distances[$0], $0) < (distances[$1], $1) }
    return Array(others.prefix(neighbours))
  }
}
