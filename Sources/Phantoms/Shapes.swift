import Files
import Foundation
import ImageFiles
import Randomness

/// A data set of disks and rings of different sizes, each in the middle of its image: two numbers, the radius and the
/// width of the ring, say all of an image.
///
/// It is of the kind that the paper's Figure 1 shows: a latent space of two dimensions holds it, and can be drawn.
///
/// Source: Chadebec and Allassonniere, NeurIPS 2022, Figure 1; sizes are Manikin's own.
public struct Shapes: Sendable, Equatable {
  /// How many images, at least 2; every other one is a ring.
  public let count: Int
  /// Rows and columns of an image, at least 16.
  public let size: Int
  public let seed: UInt64

  /// The one class that all images belong to.
  public static let className = "shapes"

  /// - Throws: `ImagingError.invalid` for a count below 2 or a size outside 16 to 2048.
  public init(count: Int, size: Int, seed: UInt64) throws {
    guard count >= 2, (16...2048).contains(size) else {
      throw ImagingError.invalid(
        what: "there cannot be \(count) disks and rings of \(size) x \(size) pixels",
        remedy: "give at least 2, of 16 to 2048 pixels a side")
    }
    (self.count, self.size, self.seed) = (count, size, seed)
  }

  /// What image `index` shows, lengths as shares of half its side.
  public func shape(_ index: Int) -> (isRing: Bool, radius: Double, width: Double) {
    var stream = RandomStream(seed: seed, purpose: "shapes", index: index)
    let radius = stream.uniform(0.3, 0.9)
    // A disk is a ring whose hole is closed.
    guard index % 2 == 1 else { return (false, radius, radius) }
    return (true, radius, radius * stream.uniform(0.15, 0.55))
  }

  /// The name of an image's file without suffix, such as `disk-001` for index 0 and `ring-001` for index 1.
  public func name(_ index: Int) -> String {
    let digits = max(3, String((count + 1) / 2).count)
    let number = String(index / 2 + 1)
    return (index % 2 == 0 ? "disk-" : "ring-") + String(repeating: "0", count: digits - number.count) + number
  }

  /// Image `index`: 1 inside the shape, 0 outside, a pixel's covered share on its edge.
  public func slice(_ index: Int) -> Slice {
    let (_, radius, width) = shape(index)
    let half = Double(size) / 2
    let (outer, inner) = (radius * half, (radius - width) * half)
    var pixels: [Float] = []
    pixels.reserveCapacity(size * size)
    for row in 0..<size {
      for column in 0..<size {
        let distance = hypot(Double(row) + 0.5 - half, Double(column) + 0.5 - half)
        let covered = min(1, max(0, outer - distance + 0.5)) - (inner > 0 ? min(1, max(0, inner - distance + 0.5)) : 0)
        pixels.append(Float(max(0, covered)))
      }
    }
    return Slice(height: size, width: size, pixels: pixels, frame: .unoriented())
  }

  /// Writes `OUT/shapes/disk-001.nii.gz` and so on; the folder is whole or not there.
  ///
  /// - Parameter folder: must not exist, or be empty.
  /// - Throws: `ImagingError`.
  public func write(to folder: URL) throws {
    let description = DatasetDescription(name: "Disks and rings", version: "\(seed)", sources: [])
    try FinishedFolder.write(to: folder, description: description, overwrite: false) { partial in
      let target = partial.appending(path: Self.className, directoryHint: .isDirectory)
      try FolderReplacement.makeFolder(target)
      _ = try ParallelMap.map(count: count) { index in
        try ImageFile.writeNIfTI(slice(index), to: target.appending(path: name(index) + ".nii.gz"))
      }
    }
  }
}
