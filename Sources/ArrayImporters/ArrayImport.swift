import Cohorts
import Files
import Foundation
import ImageFiles

/// Brings a public data set's array files into class folders of PNG images: `OUT/train/CLASS/train-00001.png` and
/// `OUT/test/CLASS/test-00001.png` where the files' names tell training from test images, `OUT/CLASS/00001.png` otherwise.
///
/// A file's number is that of the image in the source (on its side, from 1), so that every image has a name, and thereby a
/// subject, of its own. Pixels are 8-bit, grey or red, green and blue, as stored. `import.json` says which files they came
/// from. The same files, options and seed give the same bytes.
public struct ArrayImport: Sendable {
  /// What was written.
  public struct Outcome: Codable, Sendable, Equatable {
    public var out: String
    /// By class's folder, such as `train/3`.
    public var images: [String: Int]
    /// Height first, in pixels.
    public var size: String
    public var notes: [String]
  }

  private struct Record: Encodable {
    struct Source: Encodable {
      var file: String
      var format: String
      var side: String?
      /// The number of the file's first image on its side.
      var first: Int
      var images: Int
    }

    var importer = "arrays"
    var version: String
    var sources: [Source]
    /// Names by label.
    var classes: [String: String]
    var perClass: Int?
    var labelColumn: Int?
    var validation: Double
    var seed: Int
    var images: [String: Int]
    var notes: [String]
  }

  private let source: ArraySource
  private let classes: ArrayClasses
  private let selection: ArraySelection
  private let options: ArrayOptions
  private let version: String

  /// How many images will be written.
  public var count: Int { selection.items.count }

  /// Reads the files.
  ///
  /// - Parameters:
  ///   - paths: files, or folders of them.
  ///   - options: which images are taken and what their classes are called.
  ///   - version: Manikin's, for `import.json`.
  /// - Throws: `ImagingError` for files that are damaged, do not belong together or have labels out of range, and for
  ///   options that do not fit them.
  public init(_ paths: [URL], options: ArrayOptions, version: String) throws {
    source = try ArraySource(paths, options)
    classes = try ArrayClasses(source, options)
    selection = try ArraySelection(source, classes, options)
    self.options = options
    self.version = version
  }

  /// Writes the images.
  ///
  /// - Parameters:
  ///   - out: the folder; whole or not there.
  ///   - overwrite: whether a folder that Manikin wrote before may be replaced.
  ///   - progress: called now and then, on the caller's thread, with the number of images done.
  /// - Throws: `ImagingError`; then nothing is left.
  public func write(to out: URL, overwrite: Bool = false, progress: ((Int) -> Void)? = nil) throws -> Outcome {
    var names: [String] = []
    for path in source.arrays.map({ ($0.array.path as NSString).lastPathComponent }) where !names.contains(path) {
      names.append(path)
    }
    let description = DatasetDescription(
      name: "Images imported from \(TextList.firstFew(names))", version: version, sources: names)
    return try FinishedFolder.write(to: out, description: description, overwrite: overwrite) { partial in
      for folder in folders {
        try FolderReplacement.makeFolder(partial.appending(path: folder, directoryHint: .isDirectory), for: out)
      }
      _ = try ParallelMap.map(count: count, chunk: 512, progress: progress) { place in
        let item = selection.items[place]
        let array = source.arrays[item.array].array
        let data = try PNG.encode(
          array.pixels(of: item.index), width: array.size.width, height: array.size.height, channels: array.channels)
        let url = partial.appending(path: item.file, directoryHint: .notDirectory)
        do { try data.write(to: url) } catch {
          throw ImagingError.unwritable(
            path: out.path, reason: "\(item.file) cannot be written", remedy: "check the free space of the disk")
        }
      }
      let outcome = outcome(out)
      let file = partial.appending(path: ImportRecord.fileName, directoryHint: .notDirectory)
      try Data(ImportRecord.text(of: record(outcome)).utf8).withUnsafeBytes { try WholeFile.write($0, to: file) }
      return outcome
    }
  }

  private func folder(of file: String) -> String { file.lastIndex(of: "/").map { String(file[..<$0]) } ?? "" }

  /// Folders to make, parents first.
  private var folders: [String] {
    let classFolders = Set(selection.items.map { folder(of: $0.file) }).sortedBytewise()
    return Set(classFolders.map(folder).filter { !$0.isEmpty }).sortedBytewise() + classFolders
  }

  private func outcome(_ out: URL) -> Outcome {
    let size = source.arrays[0].array.size
    return Outcome(
      out: out.relativePath, images: Dictionary(grouping: selection.items) { folder(of: $0.file) }.mapValues(\.count),
      size: size.description, notes: source.notes + selection.notes)
  }

  private func record(_ outcome: Outcome) -> Record {
    var next: [String: Int] = [:]
    let sources = source.arrays.map { entry in
      let side = source.isDivided ? entry.side?.rawValue : nil
      let first = next[side ?? "", default: 1]
      next[side ?? ""] = first + entry.array.count
      return Record.Source(
        file: (entry.array.path as NSString).lastPathComponent, format: entry.array.format, side: side, first: first,
        images: entry.array.count)
    }
    return Record(
      version: version, sources: sources,
      classes: Dictionary(uniqueKeysWithValues: classes.names.map { (String($0.key), $0.value) }),
      perClass: options.perClass, labelColumn: options.labelColumn, validation: options.validation, seed: options.seed,
      images: outcome.images,
      notes: outcome.notes)
  }
}
