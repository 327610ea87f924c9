import Geometry
import Randomness

/// Draws points that vary as another class varies: from a training image's code, part of the way that leads from the
/// other class's image most like it to another one of that class.
///
/// A small class shows few of the ways in which its images may differ, and a large one shows more of them; where both
/// lie in one latent space, as with one autoencoder of all classes, its differences can be added to the small one's
/// codes. Every training image is taken once before any is taken twice.
public struct TransferSampler: LatentSampler {
  /// Of the class, `[image, latent dimension]`.
  public let codes: Matrix
  /// Of each other class, in the same latent space.
  public let others: [Matrix]
  /// Among how many of the nearest codes of the other class the way begins; all there are when there are fewer.
  public let neighbours: Int

  /// A sampler among these codes.
  ///
  /// - Parameters:
  ///   - codes: of the training images of the class, `[image, latent dimension]`, at least one.
  ///   - others: the codes of each other class, `[image, latent dimension]`; at least one class, of at least two images
  ///     each.
  ///   - neighbours: codes of the other class from which a way may begin, at least 1.
  public init(codes: Matrix, others: [Matrix], neighbours: Int = 5) {
    precondition(neighbours >= 1 && codes.rows >= 1, "\(neighbours) neighbours for \(codes.rows) codes")
    precondition(
      !others.isEmpty && others.allSatisfy { $0.rows >= 2 && $0.columns == codes.columns },
      "another class has fewer than two codes, or codes of other dimensions")
    self.codes = codes
    self.others = others
    self.neighbours = neighbours
  }

  /// Draws points c + t (b - a): c a code of the class; a, among the `neighbours` codes of another class that are
  /// nearest to c; b, any other code of that class; t, uniform on [0, 1).
  ///
  /// - Parameters:
  ///   - count: points wanted, at least 0.
  ///   - stream: the order of the codes c comes from its substreams ("order", n), the rest of point i from ("point",
  ///     i).
  public func draw(_ count: Int, stream: RandomStream) -> LatentDraw {
    let sources = stream.rounds("order", of: codes.rows, count: count)
    let starts = others.map { other in (0..<codes.rows).map { nearest(to: $0, in: other) } }
    var values: [Double] = []
    for (point, source) in sources.enumerated() {
      var random = stream.substream("point", index: point)
      let kind = random.index(below: others.count)
      let (other, near) = (others[kind], starts[kind][source])
      let start = near[random.index(below: near.count)]
      // Any code but the start.
      let end = (start + 1 + random.index(below: other.rows - 1)) % other.rows
      let share = random.uniform()
      for dimension in 0..<codes.columns {
        values.append(codes[source, dimension] + share * (other[end, dimension] - other[start, dimension]))
      }
    }
    return LatentDraw(points: Matrix(rows: count, columns: codes.columns, values: values), sources: sources)
  }

  /// The rows of `other` nearest to a code by Euclidean distance, lower numbers first among equals.
  private func nearest(to row: Int, in other: Matrix) -> [Int] {
    let code = codes.row(row)
    let distances = (0..<other.rows).map { candidate in
      zip(code, other.row(candidate)).reduce(0.0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    let sorted = distances.indices.sorted { (distances[$0], $0) < (distances[$1], $1) }
    return Array(sorted.prefix(neighbours))
  }
}
