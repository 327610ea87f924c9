import Foundation
import Testing

@Suite struct InterpolateTests {
  private static let recipe = """
    data:
      shapes:
        count: 24
        size: 16
    generator:
      latent-dimensions: 2
      steps: 30
    metric:
      lambda: 0.02
    sampler:
      steps: 5
    evaluation:
      runs: 0
      methods: [manifold, prior]
      synthetic-per-class: 6
    interpolation:
      from: disk-002
      to: shapes/ring-003.nii.gz
      steps: 4

    """

  /// The recipe of a figure, then both commands on its model.
  @Test func aLatentSpaceIsDrawnAndCrossed() throws {
    try withTemporaryFolder { folder in
      try Data(Self.recipe.utf8).write(to: folder.appending(path: "figure.yaml"))
      let run = try Command.run(["run", "figure.yaml", "--out", "run"], in: folder)
      try #require(run.code == 0, "\(run.errors)")
      #expect(run.output == "")
      let report = try String(contentsOf: folder.appending(path: "run/report.html"), encoding: .utf8)
      for words in ["log √det G from", "geodesic", "id=\"interpolation\"", "disk-002 to ring-003", "24 images"] {
        #expect(report.contains(words), "\(words)")
      }
      #expect(!report.contains("id=\"scores\""))
      let maps = try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "run/maps").path).sorted()
      #expect(maps == ["shapes-codes.svg", "shapes-manifold-samples.svg", "shapes-prior-samples.svg"])

      try interpolate(in: folder)
      try neighbours(in: folder)

      // A run whose models saw every image cannot go on as one with test images.
      let scored = try Command.run(
        ["run", "figure.yaml", "--out", "run", "--set", "evaluation.runs=1"], in: folder)
      #expect(scored.code == 2 && scored.errors.contains("of one class"))
    }
  }

  private struct Results: Decodable {
    struct Way: Decodable {
      struct Lengths: Decodable {
        var euclidean, riemannian, logInverseVolume: Double
      }
      var method: String
      var lengths: Lengths
      var points: [[Double]]
      var files: [String]
    }
    var from, to: String
    var lambda, riemannianDistance: Double
    var curves: [Way]
  }

  private func interpolate(in folder: URL) throws {
    let arguments = ["interpolate", "run/models/shapes", "1", "ring-005", "--out", "between", "--steps", "5"]
    let outcome = try Command.run(arguments + ["--json"], in: folder)
    try #require(outcome.code == 0, "\(outcome.errors)")
    let results = try JSONDecoder().decode(Results.self, from: Data(outcome.output.utf8))
    #expect(results.from == "shapes/disk-001.nii.gz" && results.to == "shapes/ring-005.nii.gz")
    #expect(results.lambda == 0.02, "the metric is the run's")
    #expect(results.curves.map(\.method) == ["affine", "volume", "geodesic"])
    let (affine, volume, geodesic) = (
      results.curves[0].lengths, results.curves[1].lengths, results.curves[2].lengths
    )
    // Each curve is the best by its own measure.
    #expect(affine.euclidean <= min(volume.euclidean, geodesic.euclidean) * (1 + 1e-9))
    #expect(volume.logInverseVolume <= min(affine.logInverseVolume, geodesic.logInverseVolume) + 1e-3)
    #expect(geodesic.riemannian <= min(affine.riemannian, volume.riemannian) * 1.001)
    #expect(results.riemannianDistance <= geodesic.riemannian)
    for curve in results.curves {
      #expect(curve.points.count == 5 && curve.points[0] == results.curves[0].points[0])
      for file in curve.files {
        #expect(FileManager.default.fileExists(atPath: folder.appending(path: "between/\(file)").path), "\(file)")
      }
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "between").path).sorted()
    #expect(
      names == [
        "affine", "affine.png", "curves.csv", "dataset_description.json", "geodesic", "geodesic.png",
        "interpolation.json", "interpolation.png", "map.svg", "volume", "volume.png",
      ])
    let table = try String(contentsOf: folder.appending(path: "between/curves.csv"), encoding: .utf8)
    #expect(table.hasPrefix("method,step,file,z1,z2\naffine,1,affine/step-01.nii.gz,"))
    #expect(table.split(separator: "\n").count == 16)

    // A second time only when told to; an image file is encoded.
    #expect(try Command.run(arguments, in: folder).code == 1)
    let file = "run/data/shapes/disk-004.nii.gz"
    let encoded = try Command.run(
      ["interpolate", "run", file, "ring-005", "--out", "between", "--overwrite", "--set", "metric.lambda=0.5"],
      in: folder)
    #expect(encoded.code == 0 && encoded.output.contains("geodesic"), "\(encoded.errors)")
    for (wrong, words) in [
      ("nobody", "neither a training image"), ("25", "training images 1 to 24"), ("ring-005", "same code"),
    ] {
      let outcome = try Command.run(
        ["interpolate", "run/models/shapes", wrong, "ring-005", "--out", "other"], in: folder)
      #expect(outcome.code == 2 && outcome.errors.contains(words), "\(outcome.errors)")
      #expect(outcome.errorLines.count == 1)
    }
    #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "other").path))
  }

  private struct Neighbours: Decodable {
    struct Neighbour: Decodable {
      var image: String
      var riemannianDistance, euclideanDistance: Double
      var euclideanRank: Int
    }
    var neighbours: [Neighbour]
  }

  private func neighbours(in folder: URL) throws {
    let outcome = try Command.run(["neighbours", "run", "disk-002", "--count", "23", "--json"], in: folder)
    try #require(outcome.code == 0, "\(outcome.errors)")
    let found = try JSONDecoder().decode(Neighbours.self, from: Data(outcome.output.utf8)).neighbours
    #expect(found.count == 23 && !found.contains { $0.image.contains("disk-002") })
    #expect(found.map(\.riemannianDistance) == found.map(\.riemannianDistance).sorted())
    #expect(found.map(\.euclideanRank).sorted() == Array(1...23))
    #expect(found.min { $0.euclideanDistance < $1.euclideanDistance }?.euclideanRank == 1)
  }
}
