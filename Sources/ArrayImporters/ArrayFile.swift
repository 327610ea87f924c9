import Files
import Foundation

/// A public data set's file of images or labels; its kind is told by its content, whatever its name.
package enum ArrayFile: Sendable {
  /// Images whose labels lie in another file.
  case images(IDXFile)
  /// Labels whose images lie in another file.
  case labels(IDXFile)
  case labelled(LabelledArray)
  /// Images and labels of one or several sides.
  case archive(NPZFile)

  /// Where the bytes are.
  package enum Source: Sendable {
    case file(URL)
    /// `name` is what errors call them.
    case memory([UInt8], name: String)

    var path: String {
      switch self {
      case .file(let url): url.path
      case .memory(_, let name): name
      }
    }

    /// From the start, through gzip if that is what the bytes are.
    func open() throws -> RegularFile {
      switch self {
      case .file(let url): try RegularFile(path: url.path, noun: "an array file", gzip: .content)
      case .memory(let bytes, let name): try RegularFile(bytes: bytes, path: name, gzip: .content)
      }
    }
  }

  /// Bytes of the largest file that is read.
  static let limit = Int(Int32.max)

  /// - Returns: nil for a file of another kind; see `whatElse`.
  /// - Throws: `ImagingError` for a file of these kinds that is damaged or holds something else than images with one
  ///   label each.
  package init?(_ source: Source) throws {
    let file = try source.open()
    let start = try Self.start(of: file)
    if Self.isZip(start), !file.isCompressed {
      self = .archive(try NPZFile(source))
    } else if MATFile.isOne(start), !file.isCompressed {
      self = .labelled(try SVHNFile.read(source))
    } else if IDXFile.isOne(start),
      file.isCompressed || !CIFARFile.couldBe(file.size)
        || IDXFile.declaredSize(start) == file.size
    {
      let array = try IDXFile(source)
      self = array.dimensions.count == 1 ? .labels(array) : .images(array)
    } else if !file.isCompressed, CIFARFile.couldBe(file.size), Self.knownKind(start) == nil {
      self = .labelled(try CIFARFile.read(source))
    } else {
      return nil
    }
  }

  /// What a file is that none of the readers takes, as a sentence's second half, and whether a folder of array
  /// files may hold it beside them.
  package static func whatElse(_ source: Source) throws -> (reason: String, remedy: String, mayLieBeside: Bool) {
    let file = try source.open()
    let start = try start(of: file)
    if let kind = knownKind(start) { return kind }
    // A bright image after the label 9 looks like text, so this comes after CIFAR was ruled out.
    if !start.isEmpty, start.allSatisfy({ $0 >= 32 || (9...13).contains($0) }) {
      return ("it is text", "name the files of images and labels", true)
    }
    return (
      "it is neither IDX, nor whole records of CIFAR (3073 or 3074 bytes each), nor a MATLAB file of level 5, nor a NumPy "
        + "archive, but "
        + (start.isEmpty ? "empty" : "\(file.size) bytes of another kind"),
      "name the files as they were released, unpacked", false
    )
  }

  private static func start(of file: RegularFile) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: 512) { buffer, count in
      count = try file.read(into: UnsafeMutableRawBufferPointer(buffer))
    }
  }

  private static func isZip(_ start: [UInt8]) -> Bool { start.starts(with: Array("PK\u{3}\u{4}".utf8)) }

  private static func knownKind(_ start: [UInt8]) -> (reason: String, remedy: String, mayLieBeside: Bool)? {
    func begins(_ bytes: [UInt8], at place: Int = 0) -> Bool { start.dropFirst(place).starts(with: bytes) }
    if begins(Array("ustar".utf8), at: 257) {
      return ("it is a tar archive", "unpack it and name the files in it", true)
    }
    if isZip(start) { return ("it is a compressed ZIP or NumPy archive", "unpack it with gunzip", false) }
    if begins(NumPyHeader.mark) {
      return (
        "it is a single NumPy array", "save images and labels together, as with numpy.savez('set', images=x, labels=y)",
        false
      )
    }
    if begins(Array("MATLAB 7.3".utf8)) || begins([0x89, 0x48, 0x44, 0x46]) {
      return ("it is HDF5, such as MATLAB's version 7.3", "save it for MATLAB 7 (save -v7)", false)
    }
    if begins([0x80, 2]) || begins([0x80, 3]) || begins([0x80, 4]) {
      return ("it is a Python pickle, which could run code", "take the binary version of the data set", false)
    }
    if begins([0x89, 0x50, 0x4E, 0x47]) { return ("it is a PNG image", "use 'manikin import images'", false) }
    return nil
  }
}
