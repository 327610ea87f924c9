import CZip
import Files

/// A ZIP archive's members, plain or deflated, each read from its start to its end.
///
/// Memory: what a member declares beyond what its bytes can hold is refused before it is allocated.
final class ZipArchive {
  struct Member {
    let index: UInt64
    let name: String
    /// Bytes once inflated, as the archive's directory says.
    let size: Int
  }

  let path: String
  let members: [Member]
  private let archive: OpaquePointer
  /// The archive's bytes where they are in memory; libzip reads them as long as it is open.
  private let memory: UnsafeMutableRawBufferPointer?

  private static let memberLimit = 10_000

  /// - Throws: `ImagingError` for an archive that libzip cannot read, or that has two members of one name.
  init(_ source: ArrayFile.Source) throws {
    path = source.path
    var error = zip_error_t()
    zip_error_init(&error)
    defer { zip_error_fini(&error) }
    var stored: UnsafeMutableRawBufferPointer?
    let data: OpaquePointer?
    switch source {
    case .file(let url): data = zip_source_file_create(url.path, 0, -1, &error)
    case .memory(let bytes, _):
      let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, bytes.count), alignment: 1)
      copy.copyBytes(from: bytes)
      stored = copy
      data = zip_source_buffer_create(copy.baseAddress, UInt64(bytes.count), 0, &error)
    }
    guard let data, let archive = zip_open_from_source(data, Int32(ZIP_RDONLY), &error) else {
      let reason = String(cString: zip_error_strerror(&error)).lowercased()
      if let data { zip_source_free(data) }
      stored?.deallocate()
      throw ImagingError.unreadable(
        path: source.path, reason: "it is a damaged ZIP or NumPy archive (\(reason))",
        remedy: "copy or download the file again")
    }
    do { members = try Self.members(archive, path: source.path) } catch {
      zip_discard(archive)
      stored?.deallocate()
      throw error
    }
    (self.archive, memory) = (archive, stored)
  }

  deinit {
    zip_discard(archive)
    memory?.deallocate()
  }

  private static func members(_ archive: OpaquePointer, path: String) throws -> [Member] {
    func refuse(_ reason: String, _ remedy: String) -> ImagingError {
      .unreadable(path: path, reason: reason, remedy: remedy)
    }
    let count = Int(zip_get_num_entries(archive, 0))
    guard count <= memberLimit else {
      throw refuse("it has \(count) members, over the limit of \(memberLimit)", "save the images and labels alone")
    }
    var names = Set<String>()
    return try (0..<count).map { index in
      var stat = zip_stat_t()
      guard zip_stat_index(archive, UInt64(index), 0, &stat) == 0, let text = stat.name else {
        throw refuse("its directory is damaged at member \(index + 1)", "copy or download the file again")
      }
      let name = String(cString: text)
      guard names.insert(name).inserted else {
        throw refuse("two of its members are called \(TextList.printable(name))", "save it again")
      }
      guard stat.encryption_method == 0, [ZIP_CM_STORE, ZIP_CM_DEFLATE].contains(Int32(stat.comp_method)) else {
        throw refuse(
          "its member \(TextList.printable(name)) is encrypted, or packed in another way than deflated",
          "save it again, as with numpy.savez_compressed")
      }
      // Each field is valid: `zip_stat_index` filled them from the directory.
      let most = (stat.comp_size &+ 64).multipliedReportingOverflow(by: UInt64(GzipStream.greatestRatio))
      guard stat.size <= ArrayFile.limit, most.overflow || stat.size <= most.partialValue else {
        throw refuse(
          "its member \(TextList.printable(name)) declares \(stat.size) bytes, over the limit of \(ArrayFile.limit) or more "
            + "than it can hold", "use a smaller file")
      }
      return Member(index: UInt64(index), name: name, size: Int(stat.size))
    }
  }

  /// A member that is being read.
  final class Reader {
    private let file: OpaquePointer
    private let refusal: ImagingError

    fileprivate init?(_ archive: OpaquePointer, _ member: Member, path: String) {
      guard let file = zip_fopen_index(archive, member.index, 0) else { return nil }
      self.file = file
      refusal = .unreadable(
        path: path, reason: "its member \(TextList.printable(member.name)) is damaged or cut short",
        remedy: "copy or download the file again")
    }

    deinit { zip_fclose(file) }

    /// The next bytes, exactly so many.
    func bytes(_ count: Int) throws -> [UInt8] {
      try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
        while filled < count {
          let part = zip_fread(file, buffer.baseAddress! + filled, UInt64(count - filled))
          guard part > 0 else { throw refusal }
          filled += Int(part)
        }
      }
    }

    /// Makes sure that nothing follows and the checksum holds.
    func requireEnd() throws {
      var byte: UInt8 = 0
      guard zip_fread(file, &byte, 1) == 0 else { throw refusal }
    }
  }

  /// Starts to read a member.
  func reader(of member: Member) throws -> Reader {
    guard let reader = Reader(archive, member, path: path) else {
      throw ImagingError.unreadable(
        path: path, reason: "its member \(TextList.printable(member.name)) cannot be opened",
        remedy: "copy or download the file again")
    }
    return reader
  }
}
