import Foundation
import ImageFiles

/// The frames of an enhanced file, each as a file of one image: with its own pixels, place and rescaling.
///
/// Source: DICOM PS3.3, C.7.6.16 (Multi-frame Functional Groups).
package struct DICOMFrames: Sendable {
  package let files: [DICOMFile]

  /// The groups that say how values and places of a frame are meant.
  private static let groups: [DICOMTag] = [.frameMeasures, .framePosition, .frameOrientation, .frameTransformation]

  /// - Throws: `DICOMPixels.Refusal` for frames that cannot be told apart.
  package init(_ file: DICOMFile) throws {
    let set = file.dataset
    let header = DICOMHeader(file)
    guard let pixels = set.elements[.pixels] else { throw DICOMPixels.Refusal(reason: "it has no pixels") }
    let frames = set.items(of: .frameGroups)
    guard header.frames > 0, frames.count == header.frames else {
      throw DICOMPixels.Refusal(
        reason: "it says that it has \(header.frames) frames, and describes \(frames.count)", isDamage: true)
    }
    let pieces: [DICOMDataset.Element]
    if pixels.isCompressed {
      guard pixels.fragments.count == frames.count else {
        throw DICOMPixels.Refusal(
          reason: "its \(frames.count) frames are compressed in \(pixels.fragments.count) pieces, which is not read")
      }
      pieces = pixels.fragments.map {
        .init(kind: pixels.kind, range: pixels.range, fragments: [$0], isCompressed: true)
      }
    } else {
      let allocated = set.word(.bitsAllocated) ?? 0
      let samples = set.word(.samples) ?? 1
      guard [8, 16, 32].contains(allocated), header.rows > 0, header.columns > 0,
        ImageSize(height: header.rows, width: header.columns).isUsable, (1...3).contains(samples)
      else { throw DICOMPixels.Refusal(reason: "frames with samples of \(allocated) bits are not read") }
      let size = header.rows * header.columns * samples * (allocated / 8)
      guard pixels.range.count / size >= frames.count else {
        throw DICOMPixels.Refusal(
          reason: "its pixels are cut short: \(pixels.range.count) bytes of \(frames.count) frames of \(size)",
          isDamage: true)
      }
      pieces = frames.indices.map { place in
        let start = pixels.range.lowerBound + place * size
        return .init(kind: pixels.kind, range: start..<start + size)
      }
    }
    let shared = set.firstItem(of: .sharedGroups).map(Self.elements) ?? [:]
    files = zip(frames, pieces).map { frame, piece in
      var elements = shared.merging(Self.elements(of: frame)) { $1 }
      elements[.pixels] = piece
      elements.updateValue(nil, forKey: .frames)
      return DICOMFile(file, set.replacing(elements))
    }
  }

  /// The elements of the groups of an item.
  private static func elements(of item: DICOMDataset) -> [DICOMTag: DICOMDataset.Element?] {
    groups.reduce(into: [:]) { all, group in
      guard let inner = item.firstItem(of: group) else { return }
      for (tag, element) in inner.elements { all.updateValue(element, forKey: tag) }
    }
  }
}
