import Files
import Foundation
import Recipes

/// The folder of one run: everything that it made, and all that is needed to make it again.
///
///     recipe.yaml      the resolved recipe, with paths relative to this folder
///     versions.json    software and machines that wrote here
///     models/CLASS/    weights and metric of each class
///     training.csv     loss and learning rate of every epoch
///     synthetic/       synthetic images in class folders, their manifest and data sheet
///     figures.json     how chains and images of the synthetic sets are; leak.json and crowding.json, parts of it
///     splits/01/       with several splits: models/, training.csv, synthetic/ and figures of each, in place of the above
///     fidelity.json    how like real images the synthetic ones of the (first) split are; audit.json, what they give away
///     predictions.csv  what every classifier said of every test image
///     results.csv      every score of every run, from these; results.json, means, intervals, comparisons and figures
///     report.html
///     stages/          which parts are done, and what they depended on
///
/// A folder belongs to one recipe and, while it is open, to one process. Stages that are done are not done again.
public final class RunFolder: Sendable {
  public let url: URL
  /// True when the folder held a run before: its stages that are done stay done.
  public let isResumed: Bool
  /// Nil for a folder that nobody else knows, such as one part's own, and for one that is only looked at.
  private let lock: FolderLock?
  /// Whether folders within it are made when they are asked for.
  private let makesFolders: Bool

  /// Settings that may change from one start of a run to the next: more runs and splits continue it, threads change
  /// nothing, how many images are drawn later does not change the models, a comparison knows its models one by one, and data
  /// are known by their digests, wherever they lie and whatever they are called.
  static let changeable: Set<String> = [
    "name", "threads", "out", "data.path", "data.labels", "data.test", "data.test-labels", "evaluation.runs",
    "evaluation.splits", "sweep.values",
    "synthetic.per-class",
    "synthetic.method", "synthetic.render", "synthetic.near-copies", "synthetic.path", "synthetic.interpolation-steps",
    "fidelity.features",
    "fidelity.inception-weights", "compare.models", "compare.methods", "compare.seeds", "compare.settings",
    "compare.sizes", "compare.samples", "synthetic.format", "synthetic.bits", "synthetic.with-real",
  ]

  /// Makes the folder, or takes up the run in it.
  ///
  /// - Parameters:
  ///   - url: the folder; it need not exist.
  ///   - recipe: what is to be run. Of an earlier run in the folder it may differ only in settings that leave done
  ///     stages as they are.
  ///   - versions: the software and machine that write now, added to `versions.json`.
  ///   - inputs: what the run must be held to if it is held to anything of these names, as digests.
  /// - Throws: `ExperimentsError.otherInput`, `.unwritable`, `.locked`, `.otherRecipe`, `.otherVersion`, `.notARun`, or `.recipe` when
  ///   the recipe in the folder was edited by hand and does not hold.
  public init(
    _ url: URL, recipe: Recipe, versions: Versions, inputs: [(name: String, digest: String)] = []
  ) throws {
    self.url = url
    makesFolders = true
    try AtomicFile.makeFolder(url)
    lock = try FolderLock(url)
    let recipeFile = url.appending(path: "recipe.yaml")
    isResumed = FileManager.default.fileExists(atPath: recipeFile.path)
    // Before the recipe is written anew: a refusal leaves the run as it is.
    let earlier = try requireOwn(recipe, versions, inputs)
    try Self.removeUnfinishedFiles(in: url)
    let text =
      "# The resolved recipe of this run, written by Manikin \(versions.manikin). Paths are relative to this folder.\n"
      + recipe.placed(in: url).yaml()
    if (try? String(contentsOf: recipeFile, encoding: .utf8)) != text { try AtomicFile.write(text, to: recipeFile) }
    if !earlier.contains(versions) { try Self.write(earlier + [versions], to: versionsFile) }
  }

  /// Refuses a folder that is another run's, or none.
  ///
  /// - Returns: what wrote here before.
  private func requireOwn(
    _ recipe: Recipe, _ versions: Versions, _ inputs: [(name: String, digest: String)]
  ) throws -> [Versions] {
    if isResumed {
      try Self.checkRecipe(recipeFile, in: url, against: recipe)
    } else if try !Self.visibleFiles(in: url).isEmpty {
      throw ExperimentsError.notARun(path: url.relativePath)
    }
    for (name, digest) in inputs { _ = try isHeld(to: digest, of: name) }
    return try Self.earlierVersions(in: url, beside: versions)
  }

  /// Adds machines that worked for this run elsewhere, each once, in an order that does not depend on when.
  package func add(_ others: [Versions]) throws {
    var known = try Self.earlierVersions(in: url, beside: others.first ?? Manikin.versions)
    let count = known.count
    let texts = try others.map { (versions: $0, text: try ReadableJSON.text($0) + "\n") }
    for (versions, _) in texts.sorted(by: { $0.text < $1.text }) where !known.contains(versions) {
      known.append(versions)
    }
    if known.count > count { try Self.write(known, to: versionsFile) }
  }

  /// The folder of one split of this run, counted from 0; it shares the lock.
  package func split(_ index: Int) throws -> RunFolder {
    try part("splits/" + (index < 9 ? "0\(index + 1)" : "\(index + 1)"))
  }

  /// A folder within this one with models and stages of its own; it shares the lock.
  package func part(_ path: String) throws -> RunFolder {
    let target = url.appending(path: path, directoryHint: .isDirectory)
    if makesFolders { try AtomicFile.makeFolder(target) }
    return RunFolder(part: target, of: self)
  }

  /// A folder that belongs to this process alone, or that is only read; it has no recipe and no lock.
  package init(unshared url: URL) throws {
    self.url = url
    try AtomicFile.makeFolder(url)
    isResumed = false
    makesFolders = true
    lock = nil
  }

  /// Looks at a run, or at the place where one is to be, and writes nothing.
  ///
  /// - Throws: what the other initialiser would refuse.
  package init(
    lookingAt url: URL, recipe: Recipe, versions: Versions, inputs: [(name: String, digest: String)]
  ) throws {
    self.url = url
    (makesFolders, lock) = (false, nil)
    isResumed = FileManager.default.fileExists(atPath: url.appending(path: "recipe.yaml").path)
    try AtomicFile.requireWritable(url)
    if FileManager.default.fileExists(atPath: url.path) { _ = try requireOwn(recipe, versions, inputs) }
  }

  private init(part url: URL, of whole: RunFolder) {
    self.url = url
    (isResumed, makesFolders, lock) = (whole.isResumed, whole.makesFolders, whole.lock)
  }

  public var recipeFile: URL { url.appending(path: "recipe.yaml") }
  public var versionsFile: URL { url.appending(path: "versions.json") }
  public var trainingFile: URL { url.appending(path: "training.csv") }
  public var predictionsFile: URL { url.appending(path: "predictions.csv") }
  public var validationFile: URL { url.appending(path: "validation.csv") }
  public var resultsFile: URL { url.appending(path: "results.csv") }
  public var resultsDocument: URL { url.appending(path: "results.json") }
  public var figuresFile: URL { url.appending(path: "figures.json") }
  public var reportFile: URL { url.appending(path: "report.html") }
  public var syntheticFolder: URL { url.appending(path: "synthetic", directoryHint: .isDirectory) }

  /// The folder of a class's model; the caller makes it.
  public func modelFolder(class className: String) -> URL {
    url.appending(path: "models", directoryHint: .isDirectory)
      .appending(component: Self.fileName(for: className), directoryHint: .isDirectory)
  }

  /// `name` as the name of one file: what could leave the folder or be hidden is written as percent and two digits.
  public static func fileName(for name: String) -> String {
    var result = ""
    for (index, scalar) in name.unicodeScalars.enumerated() {
      let isPlain =
        scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "_-+@=,() ".unicodeScalars.contains(scalar)
        || (scalar == "." && index > 0)
      if isPlain {
        result.unicodeScalars.append(scalar)
      } else {
        for byte in String(scalar).utf8 {
          result += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }
      }
    }
    return result.isEmpty ? "%" : result
  }

  // MARK: Stages

  private struct Marker: Codable {
    var stage: String
    var digest: String
    var inputs: [String: String]
    var outputs: [String]
  }

  /// Whether the stage was finished with the same inputs, and all that it made is still there.
  public func isDone(_ stage: Stage) -> Bool {
    guard let data = try? Data(contentsOf: markerFile(stage)),
      let marker = try? JSONDecoder().decode(Marker.self, from: data)
    else { return false }
    return marker.digest == stage.digest
      && marker.outputs.allSatisfy { FileManager.default.fileExists(atPath: url.appending(path: $0).path) }
  }

  /// Notes that the stage is finished. Its outputs must lie in this folder, and be written before.
  public func markDone(_ stage: Stage, outputs: [URL]) throws {
    let base = url.standardizedFileURL.path
    let paths = outputs.map { output in
      let path = output.standardizedFileURL.path
      precondition(path.hasPrefix(base + "/"), "\(path) does not lie in \(base)")
      return String(path.dropFirst(base.count + 1))
    }
    try AtomicFile.makeFolder(url.appending(path: "stages", directoryHint: .isDirectory))
    let marker = Marker(stage: stage.name, digest: stage.digest, inputs: stage.inputs, outputs: paths.sorted())
    try Self.write(marker, to: markerFile(stage))
  }

  /// Does `work` unless the stage is done, and notes it.
  ///
  /// - Returns: whether the work was done now.
  @discardableResult
  public func perform(_ stage: Stage, outputs: [URL], _ work: () throws -> Void) throws -> Bool {
    if isDone(stage) { return false }
    try work()
    try markDone(stage, outputs: outputs)
    return true
  }

  /// Holds the run to one state of something outside the folder, such as the data: the first call notes its digest, and
  /// later ones compare.
  ///
  /// - Throws: `ExperimentsError.otherInput` when the digest is not the one of the run's start.
  public func require(_ name: String, digest: String) throws {
    if try !isHeld(to: digest, of: name) { try markDone(Self.input(name, digest), outputs: []) }
  }

  private static func input(_ name: String, _ digest: String) -> Stage {
    Stage(name: "input \(name)", inputs: [name: digest])
  }

  /// Whether the run is held to a state already, which then must be this one.
  private func isHeld(to digest: String, of name: String) throws -> Bool {
    let stage = Self.input(name, digest)
    guard let data = try? Data(contentsOf: markerFile(stage)),
      let marker = try? JSONDecoder().decode(Marker.self, from: data)
    else { return false }
    guard marker.digest == stage.digest else {
      throw ExperimentsError.otherInput(path: url.relativePath, input: name)
    }
    return true
  }

  private func markerFile(_ stage: Stage) -> URL {
    url.appending(path: "stages", directoryHint: .isDirectory)
      .appending(component: Self.fileName(for: stage.name) + ".json")
  }
}

extension RunFolder {
  private static func visibleFiles(in folder: URL) throws -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { !$0.hasPrefix(".") }
    } catch let error as CocoaError {
      throw ExperimentsError.unreadable(path: folder.relativePath, reason: error.reason)
    }
  }

  private static func checkRecipe(_ file: URL, in folder: URL, against recipe: Recipe) throws {
    let text = try RecipeText.read(file)
    let old = try Recipe(yaml: text, file: file.relativePath, folder: folder.absoluteURL)
    if let difference = recipe.difference(from: old, ignoring: changeable) {
      throw ExperimentsError.otherRecipe(path: folder.relativePath, difference: difference)
    }
  }

  /// What versions.json says of those who wrote here before; a run is finished by the version that began it.
  private static func earlierVersions(in folder: URL, beside versions: Versions) throws -> [Versions] {
    let file = folder.appending(path: "versions.json")
    guard let data = try? Data(contentsOf: file) else { return [] }
    guard let earlier = try? JSONDecoder().decode([Versions].self, from: data) else {
      throw ExperimentsError.damaged(path: file.relativePath, line: nil, problem: "this is no list of versions")
    }
    if let other = earlier.first(where: { $0.manikin != versions.manikin }) {
      throw ExperimentsError.otherVersion(path: folder.relativePath, version: other.manikin)
    }
    return earlier
  }

  /// Writes a value as JSON that a person can read, always with the same bytes.
  package static func write(_ value: some Encodable, to file: URL) throws {
    try AtomicFile.write(ReadableJSON.data(value), to: file)
  }

  /// Removes what a killed process left half-written: our own files, and those of `Files`.
  private static func removeUnfinishedFiles(in folder: URL) throws {
    let files = FileManager.default.enumerator(atPath: folder.path)
    while let path = files?.nextObject() as? String {
      let name = path.split(separator: "/").last ?? ""
      let isUnfinished =
        name.hasSuffix(AtomicFile.unfinishedSuffix) || name.wholeMatch(of: /\..+\.[0-9A-F-]{36}\.tmp/) != nil
      guard isUnfinished, name.hasPrefix(".") else { continue }
      files?.skipDescendants()
      try? FileManager.default.removeItem(at: folder.appending(path: path))
    }
  }
}
