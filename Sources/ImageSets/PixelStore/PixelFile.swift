import Files
import Foundation
import Synchronization

/// Images' pixels in a temporary file: written once, each image packed without loss, and read image by image.
///
/// The file has no name once it is made, so that nothing of anybody's images stays behind when the process ends, however it
/// ends; while it is there, only its owner may read it. It is read by `pread`, not mapped: mapped pages would count as memory
/// of the process, and what is read stays in the system's cache as long as there is room anyway.
final class PixelFile: @unchecked Sendable {
  private let descriptor: Int32
  private let folder: String
  private let length: Int
  private let end = Atomic<Int>(0)
  /// Where each image begins, and how many different values it has. Each is written once, by one thread.
  private let places: UnsafeMutableBufferPointer<Place>

  private struct Place {
    var offset: Int
    var values: Int32
  }

  /// - Parameters:
  ///   - rows: how many images there will be.
  ///   - length: values of one image.
  ///   - byteCount: about what they will take together.
  ///   - what: they are, for messages.
  /// - Throws: `ImagingError.unwritable` if there is no folder for it, or the disk has less room.
  init(rows: Int, length: Int, byteCount: Int, what: String) throws {
    folder = Self.folder
    var template = Array((folder + "/manikin-pixels-XXXXXX").utf8CString)
    descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw Self.refusal(folder, String(cString: strerror(errno))) }
    // With mode 0600 from the start.
    unlink(template)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    self.length = length
    places = .allocate(capacity: rows)
    places.initialize(repeating: Place(offset: -1, values: 0))
    // From here on all properties have their values, so a throw runs deinit.
    var status = statvfs()
    guard fstatvfs(descriptor, &status) == 0 else { return }
    let free = Int(status.f_bavail) * Int(status.f_frsize)
    guard free < byteCount + byteCount / 16 else { return }
    throw Self.refusal(
      folder,
      "\(what) take about \(Self.size(byteCount)) there while they are worked on, and "
        + "\(Self.size(free)) are free")
  }

  deinit {
    close(descriptor)
    places.deallocate()
  }

  /// Where such files go: the folder that TMPDIR names; else /var/tmp, which is on a disk where /tmp may be memory; else
  /// /tmp.
  private static var folder: String {
    if let named = ProcessInfo.processInfo.environment["TMPDIR"], !named.isEmpty { return named }
    return access("/var/tmp", W_OK) == 0 ? "/var/tmp" : "/tmp"
  }

  private static func refusal(_ folder: String, _ reason: String) -> ImagingError {
    .unwritable(path: folder, reason: reason, remedy: "set TMPDIR to a folder on a disk with room")
  }

  private static func size(_ bytes: Int) -> String {
    bytes < 950_000_000
      ? String(format: "%.1f MB", Double(bytes) / 1e6) : String(format: "%.1f GB", Double(bytes) / 1e9)
  }

  /// Of what was written.
  var byteCount: Int { end.load(ordering: .relaxed) }

  /// Writes an image; may be called from several threads, once for each image.
  ///
  /// - Throws: `ImagingError.unwritable`, when the disk is full.
  func write(_ row: Int, _ pixels: UnsafeBufferPointer<Float>) throws {
    precondition(pixels.count == length && places[row].offset < 0, "image \(row) of \(pixels.count) values")
    try withUnsafeTemporaryAllocation(byteCount: 4 * length, alignment: 16) { packed in
      let values = PackedPixels.pack(pixels, into: packed.baseAddress!)
      let count = PackedPixels.byteCount(pixels: length, values: values)
      let offset = end.add((count + 3) / 4 * 4, ordering: .relaxed).oldValue
      var done = 0
      while done < count {
        let written = pwrite(descriptor, packed.baseAddress! + done, count - done, off_t(offset + done))
        if written < 0, errno == EINTR { continue }
        guard written > 0 else {
          throw Self.refusal(folder, "after \(Self.size(offset)) of pixels: \(String(cString: strerror(errno)))")
        }
        done += written
      }
      places[row] = Place(offset: offset, values: Int32(values))
    }
  }

  /// Reads an image that was written.
  func read(_ row: Int, into target: UnsafeMutablePointer<Float>) {
    let place = places[row]
    precondition(place.offset >= 0, "image \(row) was not written")
    let values = Int(place.values)
    guard values > 0 else { return fetch(4 * length, place.offset, into: target) }
    let count = PackedPixels.byteCount(pixels: length, values: values)
    withUnsafeTemporaryAllocation(byteCount: count, alignment: 16) { packed in
      fetch(count, place.offset, into: packed.baseAddress!)
      PackedPixels.unpack(packed.baseAddress!, values: values, into: target, count: length)
    }
  }

  /// Ends the process with a sentence if the disk fails: the file is the process's own, so that nothing but its hardware
  /// keeps it from reading what it wrote, and finished files of a run stay as they are.
  private func fetch(_ count: Int, _ offset: Int, into target: UnsafeMutableRawPointer) {
    var done = 0
    while done < count {
      let found = pread(descriptor, target + done, count - done, off_t(offset + done))
      if found < 0, errno == EINTR { continue }
      guard found > 0 else {
        let reason = found == 0 ? "it is shorter than what was written" : String(cString: strerror(errno))
        let text = "Error: cannot read the temporary file of pixels in \(folder): \(reason); check the disk\n"
        FileHandle.standardError.write(Data(text.utf8))
        exit(1)
      }
      done += found
    }
  }

  /// Has the system fetch some images from the disk, in the background.
  func expect(_ rows: [Int]) {
    #if os(Linux)
      for row in rows where places[row].offset >= 0 {
        let count = PackedPixels.byteCount(pixels: length, values: Int(places[row].values))
        posix_fadvise(descriptor, off_t(places[row].offset), off_t(count), POSIX_FADV_WILLNEED)
      }
    #endif
  }
}
