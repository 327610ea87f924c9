import Figures
import Files
import Foundation
import ImageFiles
import Reports
import Runs
import Training

/// What `manikin interpolate` found and wrote.
public struct InterpolationResults: Codable, Sendable {
  public struct Way: Codable, Sendable {
    public var method: InterpolationMethod
    public var meaning: String
    public var lengths: Interpolation.Lengths
    public var warning: String?
    /// The latent point of each step.
    public var points: [[Double]]
    /// The decoded step in the folder.
    public var files: [String]
  }

  public var className: String
  /// The images at the ends.
  public var from: String
  public var to: String
  /// The length of the shortest curve found under the metric.
  public var riemannianDistance: Double
  public var centroids: Int
  public var rho: Double
  public var lambda: Double
  public var tau: Double
  public var curves: [Way]
  /// The folder that was written.
  public var out: String
}

extension Interpolation {
  /// Writes a folder with a strip of pictures for each curve, and all in one; a NIfTI file for each step; the curves'
  /// points; a map.
  ///
  ///     interpolation.png     a row for each of affine, volume, geodesic, in this order
  ///     affine.png, ...       each row alone
  ///     affine/step-01.nii.gz ...
  ///     curves.csv            method, step, file, and a column for each latent coordinate
  ///     interpolation.json    lengths, points, settings of the metric
  ///     map.svg               the curves over log sqrt(det G) (two latent dimensions or more)
  ///
  /// - Parameters:
  ///   - out: the folder; whole or not there.
  ///   - overwrite: whether a folder that Manikin wrote before may be replaced.
  /// - Returns: what `interpolation.json` holds.
  /// - Throws: `ImagingError` if `out` is in the way or cannot be written.
  public func write(to out: URL, overwrite: Bool) throws -> InterpolationResults {
    let digits = max(2, String(paths[0].steps.rows).count)
    let ways = paths.map { path in
      InterpolationResults.Way(
        method: path.method, meaning: path.method.meaning, lengths: path.lengths, warning: path.warning,
        points: (0..<path.steps.rows).map(path.steps.row),
        files: (1...path.steps.rows).map { step in
          let number = String(step)
          return "\(path.method.rawValue)/step-\(String(repeating: "0", count: digits - number.count))\(number).nii.gz"
        })
    }
    let results = InterpolationResults(
      className: model.card.className, from: start.name, to: end.name,
      // The straight line is a curve too, and where the search did worse than it, the shortest one found.
      riemannianDistance: paths.map(\.lengths.riemannian).min()!, centroids: metric.centroids.rows, rho: metric.rho,
      lambda: metric.lambda, tau: metric.tau, curves: ways, out: out.relativePath)
    let description = DatasetDescription.synthetic(
      name: "Interpolation from \(start.name) to \(end.name)", source: model.card.sourceName)
    try FinishedFolder.write(to: out, description: description, overwrite: overwrite) { folder in
      var all: [Picture] = []
      for (path, way) in zip(paths, ways) {
        let pictures = pictures(of: path)
        all += pictures
        try Self.write(pictures, columns: pictures.count, to: folder.appending(path: "\(path.method.rawValue).png"))
        try AtomicFile.makeFolder(folder.appending(path: path.method.rawValue, directoryHint: .isDirectory))
        for (step, file) in way.files.enumerated() {
          try ImageFile.writeNIfTI(model.card.slice(path.images, step), to: folder.appending(path: file))
        }
      }
      try Self.write(all, columns: all.count / paths.count, to: folder.appending(path: "interpolation.png"))
      try AtomicFile.write(Self.table(ways), to: folder.appending(path: "curves.csv"))
      var recorded = results
      recorded.out = out.lastPathComponent
      try RunFolder.write(recorded, to: folder.appending(path: "interpolation.json"))
      if let map { try AtomicFile.write(LatentMapFile.svg(map), to: folder.appending(path: "map.svg")) }
    }
    return results
  }

  private static func write(_ pictures: [Picture], columns: Int, to file: URL) throws {
    try ContactSheet(pictures, columns: columns, gutter: 2, background: 40).picture.write(to: file)
  }

  private static func table(_ ways: [InterpolationResults.Way]) -> String {
    let dimension = ways[0].points[0].count
    var text = (["method", "step", "file"] + (1...dimension).map { "z\($0)" }).joined(separator: ",") + "\n"
    for way in ways {
      for (step, point) in way.points.enumerated() {
        let fields = [way.method.rawValue, "\(step + 1)", way.files[step]] + point.map { "\($0)" }
        text += fields.joined(separator: ",") + "\n"
      }
    }
    return text
  }
}
