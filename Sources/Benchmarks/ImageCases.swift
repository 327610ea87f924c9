import Cohorts
import Files
import Foundation
import Generators
import ImageFiles
import ImageSets
import Parallelism
import Randomness

/// Images from and to files, one thread for each core. Bytes are those of the pixels, before compression.
enum ImageCases {
  static let all: [BenchmarkCase] = [decodeAndWrite, write, read, cohort]

  private static let count = 200
  private static let (height, width) = (208, 176)

  /// Smooth shapes with a little noise, as a scan has: noise alone does not compress, a constant does too well.
  private static func slices() -> [Slice] {
    (0..<count).map { index in
      var stream = RandomStream(seed: 1, purpose: "benchmark slices", index: index)
      var pixels = [Float](repeating: 0, count: height * width)
      for row in 0..<height {
        for column in 0..<width {
          let (y, x) = (Double(row - height / 2) / 90, Double(column - width / 2) / 70)
          let inside = x * x + y * y < 1
          let value = inside ? 500 + 300 * sin(4 * x + Double(index)) * cos(3 * y) + 10 * stream.uniform() : 0
          pixels[row * width + column] = Float(value.rounded())
        }
      }
      return Slice(height: height, width: width, pixels: pixels, frame: .axial(height: height, width: width))
    }
  }

  /// A folder that ends with its owner.
  private final class ScratchFolder: Sendable {
    let url = FileManager.default.temporaryDirectory.appending(
      path: "manikin-benchmark-\(UUID().uuidString)", directoryHint: .isDirectory)
    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(at: url) }
    func file(_ index: Int) -> URL { url.appending(path: "\(index).nii.gz", directoryHint: .notDirectory) }
  }

  private static func eachImage(_ body: @escaping @Sendable (Int) throws -> Void) throws {
    let failures = (0..<count).map { _ in Failure() }
    concurrentForEach(count) { index in
      do { try body(index) } catch { failures[index].error = error }
    }
    if let error = failures.lazy.compactMap(\.error).first { throw error }
  }

  private final class Failure: @unchecked Sendable { var error: (any Error)? }

  private static let decodeAndWrite = BenchmarkCase(
    "decode-write-compact", "1,000 images of 104 x 88 decoded by 'compact' and written as .nii.gz with a manifest",
    images: 1000, load: .bytes(4 * 1000 * 104 * 88)
  ) {
    let model = try ModelCases.compact()
    let points = ModelCases.points(1000)
    let folder = try ScratchFolder()
    let out = folder.url.appending(path: "synthetic", directoryHint: .isDirectory)
    return {
      let images = model.decode(points)
      let (height, width) = (images.shape[1], images.shape[2])
      let length = height * width
      try SyntheticFolder.write(
        to: out, description: DatasetDescription(name: "benchmark", version: "0", sources: ["made up"]), overwrite: true
      ) { target in
        try target.add(
          (0..<1000).map { index in
            SyntheticImage(
              className: "A",
              slice: Slice(
                height: height, width: width,
                pixels: images.row(index),
                frame: .axial(height: height, width: width)), model: "benchmark", seed: 1)
          })
      }
      withExtendedLifetime(folder) {}
    }
  }

  private static let write = BenchmarkCase(
    "nifti-write", "200 slices of 208 x 176 written as .nii.gz", images: count,
    load: .bytes(4 * Double(count * height * width))
  ) {
    let slices = Self.slices()
    let folder = try ScratchFolder()
    return { try eachImage { try ImageFile.writeNIfTI(slices[$0], to: folder.file($0)) } }
  }

  private static let read = BenchmarkCase(
    "nifti-read", "200 slices of 208 x 176 read from .nii.gz", images: count,
    load: .bytes(4 * Double(count * height * width))
  ) {
    let slices = Self.slices()
    let folder = try ScratchFolder()
    try eachImage { try ImageFile.writeNIfTI(slices[$0], to: folder.file($0)) }
    return { try eachImage { _ = try ImageFile.read(folder.file($0)) } }
  }

  /// As a training reads them. The files are the same 200 again and again: they lie in the system's cache either way.
  private static let cohort = BenchmarkCase(
    "cohort-read", "10,000 slices of 208 x 176 read from .nii.gz for training", images: 10_000,
    load: .bytes(4 * Double(10_000 * height * width))
  ) {
    let slices = Self.slices()
    let folder = try ScratchFolder()
    try eachImage { try ImageFile.writeNIfTI(slices[$0], to: folder.file($0)) }
    let images = (0..<10_000).map { index in
      CohortImage(url: folder.file(index % count), path: "A/\(index)", subject: "\(index)", className: "A")
    }
    return {
      _ = try CohortReader().read(images)
      withExtendedLifetime(folder) {}
    }
  }
}
