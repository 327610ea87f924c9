/// What can go wrong in recipes, run folders and results. Each description is one sentence that says what, where, and
/// what to do.
public enum ExperimentsError: Error, CustomStringConvertible, Equatable {
  /// A recipe file that does not hold; `line` counts from 1.
  case recipe(file: String, line: Int?, problem: String)
  /// A setting given on the command line, named as the user wrote it.
  case option(name: String, problem: String)
  /// Settings that do not go together.
  case settings(problem: String)
  /// A file that cannot be read; `reason` is the system's.
  case unreadable(path: String, reason: String)
  /// A file or folder that cannot be written; `reason` is the system's.
  case unwritable(path: String, reason: String)
  /// A file of a run folder that is not what Manikin wrote.
  case damaged(path: String, line: Int?, problem: String)
  /// A run folder that another process is writing.
  case locked(path: String, owner: String)
  /// A run folder that was made with other settings.
  case otherRecipe(path: String, difference: String)
  /// A run folder whose data, say, have changed since the run began.
  case otherInput(path: String, input: String)
  /// A run folder that was made by another version of Manikin.
  case otherVersion(path: String, version: String)
  /// A folder that holds something else than a run.
  case notARun(path: String)
  /// A run folder without a plan of parts.
  case notPlanned(path: String)
  /// Parts that have to be done first, by id.
  case partsMissing(path: String, parts: [String])

  public var description: String {
    switch self {
    case .recipe(let file, let line, let problem):
      line.map { "\(file):\($0): \(problem)" } ?? "\(file): \(problem)"
    case .option(let name, let problem):
      "\(name): \(problem)"
    case .settings(let problem):
      problem
    case .unreadable(let path, let reason):
      "cannot read '\(path)': \(reason)"
    case .unwritable(let path, let reason):
      "cannot write '\(path)': \(reason); "
        + (reason.lowercased().contains("space")
          ? "make room there and start it again, or choose another place with --out"
          : "choose a place that you may write to with --out")
    case .damaged(let path, let line, let problem):
      "\(path)\(line.map { ":\($0)" } ?? ""): \(problem); delete the file, or choose another folder with --out"
    case .locked(let path, let owner):
      "'\(path)' is being written by \(owner); wait for it to end, or choose another folder with --out"
    case .otherRecipe(let path, let difference):
      "'\(path)' was made with other settings (\(difference)); choose another folder with --out, or delete it"
    case .otherInput(let path, let input):
      "the \(input) changed since the run in '\(path)' began; choose another folder with --out, or delete it"
    case .otherVersion(let path, let version):
      "'\(path)' was begun by Manikin \(version); finish it with that version, or choose another folder with --out"
    case .notARun(let path):
      "'\(path)' is not empty and holds no recipe.yaml of a run; choose another folder with --out"
    case .notPlanned(let path):
      "there is no plan of '\(path)' in '\(path).parts'; make one with 'manikin plan RECIPE --out \(path)', or, if you moved or "
        + "renamed the run, do the same to the folder of its parts first"
    case .partsMissing(let path, let parts):
      "\(parts.count) part\(parts.count == 1 ? " is" : "s are") missing: \(parts.prefix(20).joined(separator: ", "))"
        + (parts.count > 20 ? " and \(parts.count - 20) more" : "")
        + "; do each with 'manikin work \(path) --part ID'"
    }
  }
}
