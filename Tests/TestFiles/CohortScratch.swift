import Files
import Foundation
import ImageFiles
import Randomness
import Testing

/// Cohorts made in a scratch folder.
extension ImageScratch {
  /// Makes empty files, with the folders they need; enough where only names are looked at.
  package func touch(_ paths: [String]) throws {
    for path in paths {
      let target = self.path(path)
      try FileManager.default.createDirectory(at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data().write(to: target)
    }
  }

  package func folder(_ path: String) throws {
    try FileManager.default.createDirectory(at: self.path(path), withIntermediateDirectories: true)
  }

  @discardableResult
  package func text(_ text: String, _ name: String) throws -> URL {
    try Data(text.utf8).write(to: path(name))
    return path(name)
  }

  /// Writes a NIfTI image of noise between 0 and 100 that depends on the seed alone.
  package func noise(
    _ path: String, seed: UInt64, height: Int = 16, width: Int = 18, spacing: SIMD3<Double> = SIMD3(2, 2, 3)
  ) throws {
    var stream = RandomStream(seed: seed, purpose: "test")
    let pixels = (0..<height * width).map { _ in Float(stream.uniform(0, 100)) }
    let frame = SliceFrame.axial(height: height, width: width, spacing: spacing)
    try slice(path, Slice(height: height, width: width, pixels: pixels, frame: frame))
  }

  package func slice(_ path: String, _ slice: Slice) throws {
    try folder((path as NSString).deletingLastPathComponent)
    try ImageFile.writeNIfTI(slice, to: self.path(path))
  }

  package func copy(_ from: String, to: String) throws {
    try folder((to as NSString).deletingLastPathComponent)
    try FileManager.default.copyItem(at: path(from), to: path(to))
  }
}

/// Expects an `ImagingError` whose description is one line and holds all the parts.
package func expectError(
  _ parts: String..., sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) {
  do {
    try body()
    Issue.record("nothing was thrown", sourceLocation: sourceLocation)
  } catch let error as ImagingError {
    let text = error.description
    #expect(!text.contains("\n"), "more than one line: \(text)", sourceLocation: sourceLocation)
    for part in parts {
      #expect(text.contains(part), "'\(part)' is not in: \(text)", sourceLocation: sourceLocation)
    }
  } catch {
    Issue.record("another error was thrown: \(error)", sourceLocation: sourceLocation)
  }
}
