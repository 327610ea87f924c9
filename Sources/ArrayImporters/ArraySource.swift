import Files
import Foundation
import ImageFiles
import ImageSets

/// The images of a public data set's array files, by the side of the split that the files' names state.
///
/// Labels and images in files of their own belong together by their names (`train-images-idx3-ubyte`,
/// `train-labels-idx1-ubyte`) or, where names do not tell, by their numbers.
struct ArraySource: Sendable {
  /// In the order of the files; images are counted in it, on each side from 1.
  var arrays: [(side: Split?, array: LabelledArray)] = []
  /// Names of the classes by label, from a file beside the images.
  var names: [String]?
  var notes: [String] = []

  /// Whether the names of the files tell training from test images.
  var isDivided: Bool { Set(arrays.map(\.side)).count > 1 }

  /// - Parameter paths: files, or folders of them.
  /// - Throws: `ImagingError`.
  init(_ paths: [URL], _ options: ArrayOptions) throws {
    var images: [IDXFile] = []
    var labels: [IDXFile] = []
    var whole: [(side: Split?, array: LabelledArray)] = []
    var archives: [String] = []
    let files = try files(paths)
    for url in files.urls {
      switch try ArrayFile(.file(url)) {
      case .images(let file): images.append(file)
      case .labels(let file): labels.append(file)
      case .labelled(let array): whole.append((Self.side(array.path), array))
      case .archive(let file):
        archives.append(file.path)
        whole += try file.labelled(options).map { ($0.side ?? Self.side(file.path), $0.array) }
        if !file.others.isEmpty {
          notes.append("of \((file.path as NSString).lastPathComponent) left out: \(TextList.firstFew(file.others))")
        }
      case nil:
        let other = try ArrayFile.whatElse(.file(url))
        guard files.found.contains(url), other.mayLieBeside else {
          throw ImagingError.unreadable(path: url.path, reason: other.reason, remedy: other.remedy)
        }
      }
    }
    let found = try Self.paired(images, labels).map { (Self.side($0.path), $0) } + whole
    guard let first = found.first?.array else {
      throw ImagingError.unreadable(
        path: paths[0].path, reason: "there is no array file in it",
        remedy: "name files of IDX, CIFAR's binary version, SVHN's cropped digits or NumPy archives")
    }
    if let other = found.first(where: { !archives.contains($0.array.path) })?.array,
      options.labelColumn != nil || options.plane != nil || options.slice != nil
    {
      throw ImagingError.invalid(
        what: "\(other.path) is \(other.format), which has neither columns of labels nor volumes",
        remedy: "leave --label-column, --plane and --slice out")
    }
    try add(found, like: first)
    try readNames(beside: files.urls)
  }

  /// Named files, and those found in named folders, which may hold others beside.
  private func files(_ paths: [URL]) throws -> (urls: [URL], found: Set<URL>) {
    var (urls, found) = ([URL](), Set<URL>())
    for path in paths {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path.path, isDirectory: &isFolder), isFolder.boolValue else {
        urls.append(path)
        continue
      }
      let inside = try FolderListing(path).files.map { path.appending(path: $0, directoryHint: .notDirectory) }
      urls += inside
      found.formUnion(inside)
    }
    var seen = Set<String>()
    for url in urls where !seen.insert(url.standardizedFileURL.resolvingSymlinksInPath().path).inserted {
      throw ImagingError.invalid(what: "\(url.path) is named twice", remedy: "name it once")
    }
    return (urls, found)
  }

  private mutating func add(_ found: [(side: Split?, array: LabelledArray)], like first: LabelledArray) throws {
    func text(_ array: LabelledArray) -> String {
      "\(array.format) of \(array.size) pixels\(array.channels == 3 ? " in colour" : "")"
    }
    for (_, array) in found where text(array) != text(first) {
      throw ImagingError.invalid(
        what: "\(first.path) is \(text(first)) and \(array.path) \(text(array))",
        remedy: "import one data set at a time")
    }
    arrays = found
    if let unknown = arrays.first(where: { $0.side == nil }), let known = arrays.first(where: { $0.side != nil }) {
      throw ImagingError.invalid(
        what: "the name of \(known.array.path) says \(known.side!.rawValue), and that of \(unknown.array.path) says "
          + "nothing of train or test",
        remedy: "leave one of them out, or name it such as train-... or test-...")
    }
  }

  /// What a file's name says: `train`, `t10k`, `test`, `data_batch`, `val`; nil if nothing.
  static func side(_ path: String) -> Split? {
    let words = words(of: path)
    for (place, word) in words.enumerated() {
      if word == "t10k" { return .test }
      if word == "batch", place > 0, words[place - 1] == "data" { return .train }
      if let side = Split(name: word) { return side }
    }
    return nil
  }

  private static func words(of path: String) -> [String] {
    let name = (path as NSString).lastPathComponent.lowercased()
    return name.split { !$0.isLetter && !$0.isNumber }.map(String.init)
  }

  private static func paired(_ images: [IDXFile], _ labels: [IDXFile]) throws -> [LabelledArray] {
    /// The name without what tells images from labels.
    func key(_ file: IDXFile) -> [String] {
      words(of: file.path).filter { word in
        !["images", "image", "labels", "label", "gz", "ubyte"].contains(word) && !word.hasPrefix("idx")
      }
    }
    var rest = labels
    let result = try images.map { file -> LabelledArray in
      var candidates = rest.filter { key($0) == key(file) }
      if candidates.isEmpty { candidates = rest.filter { $0.dimensions[0] == file.dimensions[0] } }
      if candidates.isEmpty, images.count == 1, rest.count == 1 { candidates = rest }
      guard let match = candidates.first, candidates.count == 1 else {
        throw ImagingError.invalid(
          what: candidates.isEmpty
            ? "no file of labels belongs to \(file.path)"
            : "the labels of \(file.path) could be in \(TextList.joined(candidates.map(\.path)))",
          remedy: "name both files, such as train-images-idx3-ubyte and train-labels-idx1-ubyte")
      }
      rest.removeAll { $0.path == match.path }
      return try file.labelled(by: match)
    }
    if let alone = rest.first {
      throw ImagingError.invalid(
        what: "no file of images belongs to the labels \(alone.path)", remedy: "name both, or leave the labels out")
    }
    // MNIST's relatives come many in a folder: their labels do not mean the same.
    let sets = Set(images.map { file in key(file).filter { Split(name: $0) == nil && $0 != "t10k" } })
    if sets.count > 1 {
      let names = sets.map { $0.joined(separator: "-") }.sortedBytewise()
      throw ImagingError.invalid(
        what: "the files are of several data sets (\(TextList.firstFew(names)))",
        remedy: "name the files of one data set")
    }
    return result
  }

  /// CIFAR's lists of classes.
  private mutating func readNames(beside files: [URL]) throws {
    let list = ["CIFAR-10": "batches.meta.txt", "CIFAR-100": "fine_label_names.txt"][arrays[0].array.format]
    guard let list, let folder = files.first?.deletingLastPathComponent() else { return }
    let url = folder.appending(path: list, directoryHint: .notDirectory)
    guard FileManager.default.fileExists(atPath: url.path) else { return }
    let bytes = try RegularFile(path: url.path, noun: "a list of names")
      .allBytes(limit: 1 << 16, remedy: "give the names with --class-names")
    let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
      .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    let most = arrays.flatMap(\.array.labels).max() ?? 0
    guard most < lines.count else {
      throw ImagingError.unreadable(
        path: url.path, reason: "it has \(TextList.count(lines.count, "name")) and there is a label \(most)",
        remedy: "put the list of the release there, or give the names with --class-names")
    }
    names = lines
    notes.append("class names from \(list)")
  }
}
