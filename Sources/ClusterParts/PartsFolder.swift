import Foundation
import Recipes
import Runs

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where the parts of a run keep what is not the run's content: `RUN.parts`, beside the run folder.
///
///     plan.json, plan.tsv   the parts
///     done/ID/              what a part made: part.json; run/, which is laid out as the run folder; sets/, predictions, scores
///     attempts/             what parts that are at work, or were killed, have made so far
///     progress/ID/          the predictions of classifiers that are done, of a part that is not
///     markers/ID.done       for schedulers: written after done/ID is there, and again whenever it is missing
///     status/ID.json        who is at it since when, or how it failed
///     logs/ID.log           what a part said, attempts one after the other
///
/// No file is locked. A part is made in a folder of its own under `attempts` and becomes `done/ID` by one rename; of two
/// processes that do the same part the first to end wins, and the other throws its own away. What is under `done` never
/// changes.
public struct PartsFolder: Sendable {
  /// The run folder.
  public let run: URL
  public let url: URL

  public init(run: URL) {
    self.run = run
    let absolute = run.standardizedFileURL
    url = absolute.deletingLastPathComponent()
      .appending(path: Self.name(of: absolute.lastPathComponent), directoryHint: .isDirectory)
  }

  static func name(of run: String) -> String { run + ".parts" }

  public var planFile: URL { url.appending(path: "plan.json") }
  public var tableFile: URL { url.appending(path: "plan.tsv") }
  /// The plan without its parts, which is all that a part has to read.
  var headFile: URL { url.appending(path: "experiment.json") }

  func done(_ id: String) -> URL { folder("done/\(id)") }
  func progress(_ id: String) -> URL { folder("progress/\(id)") }
  public func marker(_ id: String) -> URL { url.appending(path: "markers/\(id).done") }
  public func log(_ id: String) -> URL { url.appending(path: "logs/\(id).log") }
  func status(_ id: String) -> URL { url.appending(path: "status/\(id).json") }

  private func folder(_ path: String) -> URL { url.appending(path: path, directoryHint: .isDirectory) }

  // MARK: The plan

  /// Writes the plan. Parts that are done stay done.
  ///
  /// - Returns: the ids of parts of the plan that was there which this one leaves out, in its order; but those of classifiers,
  ///   which are cut anew with another number of runs per part.
  /// - Throws: `ExperimentsError.otherRecipe`, `.otherInput` or `.otherVersion` when there is another plan already.
  func write(_ plan: PartPlan) throws -> [String] {
    if FileManager.default.fileExists(atPath: headFile.path) {
      let head = try readHead()
      try head.requireSame(as: plan, path: url.relativePath)
    }
    for name in ["done", "attempts", "progress", "markers", "status", "logs"] {
      try AtomicFile.makeFolder(folder(name))
    }
    // Other parts than before: what was gathered of those is not all.
    let table = plan.table
    let old = (try? String(contentsOf: tableFile, encoding: .utf8)) ?? table
    let leftOut = old == table ? [] : Self.ids(in: old, without: Set(plan.parts.map(\.id)))
    if old != table {
      for place in [marker("gather"), done("gather")] { try? FileManager.default.removeItem(at: place) }
    }
    var head = plan
    head.parts = []
    try RunFolder.write(plan, to: planFile)
    try AtomicFile.write(table, to: tableFile)
    try RunFolder.write(head, to: headFile)
    return leftOut
  }

  private static func ids(in table: String, without others: Set<String>) -> [String] {
    table.split(separator: "\n").dropFirst().compactMap { line in
      line.split(separator: "\t").first.map(String.init)
        .flatMap { others.contains($0) || $0.hasPrefix(Part.Kind.classify.rawValue) ? nil : $0 }
    }
  }

  /// The whole plan.
  ///
  /// - Throws: `ExperimentsError.notPlanned`, `.damaged`, `.otherVersion`.
  public func readPlan() throws -> PartPlan { try read(planFile) }

  func readHead() throws -> PartPlan { try read(headFile) }

  private func read(_ file: URL) throws -> PartPlan {
    guard let data = try? Data(contentsOf: file) else { throw ExperimentsError.notPlanned(path: run.relativePath) }
    guard let plan = try? JSONDecoder().decode(PartPlan.self, from: data) else {
      throw ExperimentsError.damaged(path: file.relativePath, line: nil, problem: "this is no plan of Manikin")
    }
    guard plan.version == Manikin.version else {
      throw ExperimentsError.otherVersion(path: run.relativePath, version: plan.version)
    }
    return plan
  }

  /// One part of the plan, from the table: ten thousand parts are not decoded for one.
  ///
  /// - Throws: `ExperimentsError.option` when there is none of that id.
  func part(_ id: String, of head: PartPlan) throws -> Part {
    guard let text = try? String(contentsOf: tableFile, encoding: .utf8) else {
      throw ExperimentsError.notPlanned(path: run.relativePath)
    }
    let start = "\(id)\t"
    guard !id.contains(where: \.isWhitespace),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix(start) }),
      let part = Part(line: line, classes: head.classes)
    else {
      throw ExperimentsError.option(
        name: "--part", problem: "there is no part '\(id)' in '\(tableFile.relativePath)'; its first column has the ids"
      )
    }
    return part
  }

  // MARK: What is done

  /// The ids of all parts that are done. A listing is read, for a network file system may remember for a while that one
  /// entry was not there.
  public func doneIDs() -> Set<String> {
    Set((try? FileManager.default.contentsOfDirectory(atPath: folder("done").path)) ?? [])
  }

  /// A new folder for one attempt at a part, that no other process knows.
  func beginAttempt(_ id: String) throws -> URL {
    let name = "\(id).\(Self.host)-\(getpid())-\(String(UInt32.random(in: 0...UInt32.max), radix: 36))"
    let attempt = folder("attempts/\(name)")
    try AtomicFile.makeFolder(attempt)
    return attempt
  }

  /// Removes what killed attempts left, when all parts are done. A process that is still at one of them finds it done.
  func removeAttempts() {
    let attempts = folder("attempts")
    for name in (try? FileManager.default.contentsOfDirectory(atPath: attempts.path)) ?? []
    where !name.hasPrefix("gather.") {
      try? FileManager.default.removeItem(at: attempts.appending(path: name))
    }
  }

  /// Makes an attempt the part's result, unless another was first, and leaves the marker.
  func publish(_ attempt: URL, as id: String) throws {
    if rename(attempt.path, done(id).path) != 0 {
      let reason = AtomicFile.lastReason()
      guard doneIDs().contains(id) else {
        throw ExperimentsError.unwritable(path: done(id).relativePath, reason: reason)
      }
      try? FileManager.default.removeItem(at: attempt)
    }
    try mark(id)
  }

  /// Writes the marker of a part that is done, unless it is there.
  func mark(_ id: String) throws {
    try? FileManager.default.removeItem(at: status(id))
    guard !FileManager.default.fileExists(atPath: marker(id).path) else { return }
    try AtomicFile.write("done\n", to: marker(id))
  }

  /// The machine's name, as one word.
  static var host: String {
    RunFolder.fileName(for: ProcessInfo.processInfo.hostName).replacing(" ", with: "_")
  }

  // MARK: Laying folders over one another

  /// Puts every file of `source` at its place in `target`, as a hard link where the file system has them, else as a copy;
  /// a file that is there stays. Markers of stages come last, so that what they speak of is there before them.
  static func lay(_ source: URL, over target: URL) throws {
    let paths = try files(in: source)
    func isMarker(_ path: String) -> Bool { path.split(separator: "/").dropLast().last == "stages" }
    var made: Set<String> = []
    for path in paths.filter({ !isMarker($0) }) + paths.filter(isMarker) {
      let place = target.appending(path: path)
      let parent = place.deletingLastPathComponent()
      if made.insert(parent.path).inserted { try AtomicFile.makeFolder(parent) }
      let from = source.appending(path: path)
      if link(from.path, place.path) == 0 || errno == EEXIST { continue }
      do {
        try AtomicFile.write(Data(contentsOf: from), to: place)
      } catch let error as CocoaError {
        throw ExperimentsError.unreadable(path: from.relativePath, reason: error.reason)
      }
    }
  }

  /// Paths of all files below a folder but unfinished ones, sorted; empty where there is no folder.
  private static func files(in folder: URL) throws -> [String] {
    guard let all = FileManager.default.enumerator(atPath: folder.path) else { return [] }
    var paths: [String] = []
    while let path = all.nextObject() as? String {
      if path.hasSuffix(AtomicFile.unfinishedSuffix) { continue }
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: folder.appending(path: path).path, isDirectory: &isFolder)
      if !isFolder.boolValue { paths.append(path) }
    }
    return paths.sorted()
  }
}

extension PartPlan {
  /// - Throws: `ExperimentsError` when another plan is of another version, other settings or other images.
  func requireSame(as other: PartPlan, path: String) throws {
    guard version == other.version else {
      throw ExperimentsError.otherVersion(path: path, version: version)
    }
    guard task == other.task else {
      throw ExperimentsError.otherRecipe(
        path: path,
        difference:
          "the plan there is for '\(task.rawValue)', this one for '\(other.task.rawValue)'")
    }
    // More values extend a sweep; those that are there stay as they are.
    for (value, point) in (points ?? [:]).sorted(by: { $0.key < $1.key }) {
      guard let own = other.points?[value] else { continue }
      try Self.require(point.inputs, are: own.inputs, path: path)
      guard point.recipe == own.recipe else { throw Self.otherSettings(path) }
    }
    try Self.require(inputs, are: other.inputs, path: path)
    guard recipe == other.recipe else { throw Self.otherSettings(path) }
  }

  private static func otherSettings(_ path: String) -> ExperimentsError {
    .otherRecipe(
      path: path,
      difference:
        "plans of one run may differ in the splits and runs, the values of a sweep, and the models, seeds, settings "
        + "and sizes of a comparison alone")
  }

  private static func require(_ inputs: [String: String], are other: [String: String], path: String)
    throws
  {
    for (name, digest) in other.sorted(by: { $0.key < $1.key }) {
      if let own = inputs[name], own != digest {
        throw ExperimentsError.otherInput(path: path, input: name)
      }
    }
    if let name = Set(inputs.keys).symmetricDifference(other.keys).min() {
      throw ExperimentsError.otherRecipe(
        path: path, difference: "the plan there is \(inputs[name] == nil ? "without" : "with") \(name)")
    }
  }
}
