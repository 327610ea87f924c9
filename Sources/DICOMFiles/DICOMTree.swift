import Files
import Foundation
import ImageFiles

/// The DICOM files below a folder that hold images, and why the others do not count.
package struct DICOMTree: Sendable {
  package struct File: Sendable {
    package var url: URL
    /// Below the folder.
    package var path: String
    package var header: DICOMHeader
  }

  /// A file that is left out.
  package struct Omission: Sendable, Equatable {
    /// Below the folder.
    package var path: String
    /// Completes "it ..."; says nothing of the header but numbers and the modality.
    package var reason: String
    package var isDamage = false

    package init(path: String, reason: String, isDamage: Bool = false) {
      self.path = path
      self.reason = reason
      self.isDamage = isDamage
    }
  }

  /// In the order of their paths.
  package private(set) var files: [File] = []
  package private(set) var omissions: [Omission] = []
  /// How many files are no DICOM files.
  package private(set) var otherCount = 0

  private enum Finding: Sendable {
    case image(DICOMHeader)
    case omitted(Omission)
    case other
  }

  /// - Parameters:
  ///   - keeping: elements of the header to keep.
  ///   - allowsBurnedIn: whether images count in which names may be written.
  /// - Throws: `ImagingError` for a folder that cannot be listed.
  package init(
    _ root: URL, keeping keywords: [DICOMKeyword], allowsBurnedIn: Bool, progress: ((Int) -> Void)? = nil
  ) throws {
    var paths: [String] = []
    try FolderWalk.visit(root, root: root) { prefix, listing in paths += listing.files.map { prefix + $0 } }
    let sorted = paths.sortedBytewise()
    let findings = try ParallelMap.map(count: sorted.count, progress: progress) { place in
      Self.look(
        at: root.appending(path: sorted[place], directoryHint: .notDirectory), path: sorted[place], keywords,
        allowsBurnedIn: allowsBurnedIn)
    }
    // An image may lie in two places; programs also give several images one UID.
    var seen: Set<[String]> = []
    for (path, finding) in zip(sorted, findings) {
      switch finding {
      case .other: otherCount += 1
      case .omitted(let omission): omissions.append(omission)
      case .image(let header):
        if let uid = header.instanceUID, !seen.insert([uid, String(header.pixelHash)]).inserted {
          omissions.append(Omission(path: path, reason: "is a copy of an image that is taken"))
        } else {
          let url = root.appending(path: path, directoryHint: .notDirectory)
          files.append(File(url: url, path: path, header: header))
        }
      }
    }
  }

  /// Directories of discs.
  private static let directory = "1.2.840.10008.1.3.10"

  private static func look(
    at url: URL, path: String, _ keywords: [DICOMKeyword], allowsBurnedIn: Bool
  ) -> Finding {
    func omit(_ reason: String, isDamage: Bool = false) -> Finding {
      .omitted(Omission(path: path, reason: reason, isDamage: isDamage))
    }
    guard !path.lowercased().hasSuffix(".gz") else { return .other }
    do {
      let start = try head(of: url)
      guard DICOMFile.isOne(start) else { return .other }
      let bytes = try RegularFile(path: url.path, noun: "a DICOM file").allBytes(limit: DICOMFile.limit)
      let isStated = start.dropFirst(128).starts(with: Array("DICM".utf8))
      guard let file = try isStated ? DICOMFile(bytes) : try? DICOMFile(bytes) else { return .other }
      let header = DICOMHeader(file, keeping: keywords)
      if header.sopClass == directory { return omit("is the directory of a disc") }
      guard isStated || !header.sopClass.isEmpty || header.pixels != .none else { return .other }
      switch header.pixels {
      case .none: return omit("holds no image (\(header.modality))")
      case .float: return omit("holds pixels of floating point (\(header.modality)), which are not read")
      case .native, .compressed: break
      }
      guard header.frames == 1 || header.isEnhanced else {
        return omit("holds \(header.frames) frames (\(header.modality)), and single images are read")
      }
      guard allowsBurnedIn || header.saysBurnedIn != true else {
        return omit("says that text is burnt into its pixels, where it may name the patient")
      }
      return .image(header)
    } catch let damage as DICOMDataset.Damage {
      return omit("is damaged: \(damage.reason)", isDamage: true)
    } catch ImagingError.unreadable(_, let reason, _) {
      return omit("cannot be read: \(reason)", isDamage: true)
    } catch { return omit("cannot be read", isDamage: true) }
  }

  /// What to do about a folder of other files: import them where one of the first is a DICOM file, else nothing.
  package static func remedy(for folder: URL) -> String? {
    var names: [String] = []
    try? FolderWalk.visit(folder, root: folder) { prefix, listing in
      if names.count < 100 { names += listing.files.map { prefix + $0 } }
    }
    let isOne = names.prefix(100).contains { name in
      let start = try? head(of: folder.appending(path: name, directoryHint: .notDirectory))
      return start.map(DICOMFile.isOne) == true
    }
    return isOne ? "these are DICOM files: bring them in with 'manikin import dicom' first" : nil
  }

  /// The first bytes of a regular file.
  private static func head(of url: URL) throws -> [UInt8] {
    let file = try RegularFile(path: url.path, noun: "a DICOM file")
    return try [UInt8](unsafeUninitializedCapacity: 144) { buffer, count in
      count = try file.read(into: UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer[..<144])))
    }
  }
}
