import ArrayImporters
import DICOMFiles
import Files
import Foundation
import ImageFiles
import Networks
import Recipes

/// A reader as a function of bytes that anybody might have made.
///
/// `run` calls the reader that files go through, on bytes in memory, and throws where a promise is broken: an error of
/// another kind than the documented one or of more than one line, an accepted file that does not survive being written
/// and read again.
public enum FuzzTarget: String, CaseIterable, Sendable {
  /// A `.nii` file, or a `.nii.gz` file if the bytes start with gzip's mark.
  case nifti
  /// A pair: the first 348 bytes, or 540 where they say NIfTI-2, are the `.hdr` file, the rest is the `.img` file.
  case analyze
  /// An `.mgh` file, plain or gzip.
  case mgh
  case safetensors
  /// Checksums of chunks are put right first, so that what they guard is reached.
  case png
  case jpeg
  case tiff
  case recipe
  /// An IDX file, plain or gzip, a MATLAB level-5 file, or a NumPy archive. Records of CIFAR are longer than any input
  /// here.
  case array
  /// The two arrays of a NumPy archive, put into one with sound checksums, so that what these guard is reached.
  case numpy
  /// A DICOM file with one image.
  case dicom

  /// Bytes of the longest input that is worth trying.
  public var longest: Int {
    switch self {
    case .nifti, .analyze, .mgh, .safetensors, .jpeg, .tiff, .recipe, .array, .numpy: 1024
    case .png: 512
    case .dicom: 1024
    }
  }

  /// What a reader promised and did not keep.
  public struct BrokenPromise: Error, CustomStringConvertible {
    public var description: String
  }

  /// Whether the reader accepted the bytes.
  ///
  /// - Throws: `BrokenPromise` only.
  @discardableResult public func run(_ bytes: [UInt8]) throws -> Bool {
    do {
      switch self {
      case .nifti:
        let isGzip = bytes.starts(with: [0x1F, 0x8B])
        try Self.check { try ImageFile.read(bytes, name: isGzip ? "x.nii.gz" : "x.nii", selection: $0) }
      case .analyze:
        let isSecond = [[0, 0, 2, 28], [28, 2, 0, 0]].contains(Array(bytes.prefix(4)))
        let (header, voxels) = (Array(bytes.prefix(isSecond ? 540 : 348)), Array(bytes.dropFirst(isSecond ? 540 : 348)))
        try Self.check { try ImageFile.read(header, voxels: voxels, name: "x.hdr", selection: $0) }
      case .mgh: try Self.check { try ImageFile.read(bytes, name: "x.mgz", selection: $0) }
      case .safetensors: try Self.checkTensors(bytes)
      case .png:
        let repaired = PNGChunks.withSoundChecksums(bytes)
        try Self.check { try ImageFile.read(repaired, name: "x.png", selection: $0) }
      case .jpeg: try Self.check { try ImageFile.read(bytes, name: "x.jpg", selection: $0) }
      case .tiff: try Self.check { try ImageFile.read(bytes, name: "x.tif", selection: $0) }
      case .recipe: try Self.checkRecipe(bytes)
      case .array: return try Self.checkArray(bytes)
      case .numpy: return try Self.checkArray(NumPySeeds.archive(bytes))
      case .dicom:
        let image = try DICOMImage(bytes: bytes, path: "x.dcm", window: bytes.count % 2 == 0 ? .full : .file)
        try Self.check { _ in image.stored }
        try Self.check { _ in image.slice }
      }
      return true
    } catch {
      let text: String
      switch (self, error) {
      case (.nifti, let error as ImagingError), (.analyze, let error as ImagingError),
        (.mgh, let error as ImagingError), (.png, let error as ImagingError), (.jpeg, let error as ImagingError),
        (.tiff, let error as ImagingError), (.array, let error as ImagingError), (.numpy, let error as ImagingError),
        (.dicom, let error as ImagingError):
        text = error.description
      case (.safetensors, let error as NetworkError): text = error.description
      case (.recipe, let error as ExperimentsError): text = error.description
      case (_, let broken as BrokenPromise): throw broken
      default: throw BrokenPromise(description: "an undocumented error: \(error)")
      }
      try Self.require(!text.isEmpty && !text.contains(where: \.isNewline), "not one sentence: \(text)")
      return false
    }
  }

  private static func require(_ holds: Bool, _ promise: @autoclosure () -> String) throws {
    if !holds { throw BrokenPromise(description: promise()) }
  }

  /// What `read` gives again for something that we wrote, which it must accept.
  private static func reread<Value>(_ read: () throws -> Value) throws -> Value {
    do { return try read() } catch { throw BrokenPromise(description: "what we write is refused: \(error)") }
  }

  /// Every plane of an image: pixels are finite, and the same after writing and reading.
  public static func check(_ read: (SliceSelection) throws -> Slice) throws {
    for plane in Plane.allCases {
      let slice = try read(SliceSelection(plane: plane, volume: 0))
      try require(slice.pixels.allSatisfy(\.isFinite), "a pixel is not finite")
      guard max(slice.height, slice.width) <= 32767 else { continue }
      let again = try reread { try ImageFile.read(ImageFile.niftiBytes(slice), name: "again.nii") }
      // Colours are written as whole numbers of 8 bits.
      let stored = slice.channels == 3 ? slice.pixels.map { min(255, max(0, $0.rounded())) } : slice.pixels
      try require(
        again.withChannels(slice.channels).pixels == stored
          && (again.height, again.width) == (slice.height, slice.width),
        "other pixels after writing and reading")
      try require(again.frame.layout == slice.frame.layout, "another layout after writing and reading")
    }
  }

  private static func checkTensors(_ bytes: [UInt8]) throws {
    let (entries, metadata) = try SafeTensors.decode(Data(bytes), path: "x.safetensors")
    let sorted = entries.sorted { $0.key < $1.key }.map { (name: $0.key, entry: $0.value) }
    let again = try reread { try SafeTensors.decode(SafeTensors.encode(sorted, metadata: metadata), path: "again") }
    try require(again.metadata == metadata && again.entries.count == entries.count, "another file after writing")
    for (name, entry) in sorted {
      switch (entry, again.entries[name]) {
      case (.int64(let old), .int64(let new)): try require(old == new, "another number after writing")
      case (.float32(let old), .float32(let new)):
        try require(
          old.shape == new.shape && zip(old.buffer, new.buffer).allSatisfy { $0.bitPattern == $1.bitPattern },
          "another tensor after writing")
      default: throw BrokenPromise(description: "'\(name)' is another kind of entry after writing")
      }
    }
  }

  /// Whether it is an array file; each image has its label and all its pixels.
  private static func checkArray(_ bytes: [UInt8]) throws -> Bool {
    let source = ArrayFile.Source.memory(bytes, name: "x")
    switch try ArrayFile(source) {
    case nil:
      try require(!ArrayFile.whatElse(source).reason.isEmpty, "no word on what it is")
      return false
    case .labels: return true
    case .images(let images):
      let count = images.dimensions[0]
      guard count <= 64 else { return true }
      let labels = UInt32(count).bigEndian
      let list = withUnsafeBytes(of: labels) { [0, 0, 8, 1] + Array($0) } + [UInt8](repeating: 1, count: count)
      guard case .labels(let file) = try reread({ try ArrayFile(.memory(list, name: "labels")) }) else {
        throw BrokenPromise(description: "labels are not taken for labels")
      }
      try checkPixels(images.labelled(by: file))
    case .labelled(let array): try checkPixels(array)
    case .archive(let file):
      var options = ArrayOptions()
      options.labelColumn = 0
      for plane in [nil] + Plane.allCases {
        options.plane = plane
        // Flat images take no plane, and volumes need one.
        if let arrays = try? file.labelled(options) { for entry in arrays { try checkPixels(entry.array) } }
      }
      options.plane = nil
      do { _ = try file.labelled(options) } catch let error as ImagingError where "\(error)".contains("--plane") {}
    }
    return true
  }

  private static func checkPixels(_ array: LabelledArray) throws {
    let length = array.size.height * array.size.width * array.channels
    for index in array.labels.indices { try require(array.pixels(of: index).count == length, "missing pixels") }
  }

  private static func checkRecipe(_ bytes: [UInt8]) throws {
    let folder = URL(filePath: "/data", directoryHint: .isDirectory)
    var recipe = try Recipe(bytes: bytes, file: "r.yaml", folder: folder)
    var again = try reread { try Recipe(yaml: recipe.yaml(), file: "again.yaml", folder: folder) }
    // A recipe does not repeat where its results go.
    recipe.out = nil
    again.out = nil
    try require(again == recipe, "another recipe after writing and reading")
  }
}
