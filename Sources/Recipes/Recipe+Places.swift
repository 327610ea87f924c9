import Foundation

/// Where data lie is the user's business: what may be shared says the name of a folder, never its place.
extension Recipe {
  /// The recipe as a run folder keeps it: paths are relative to that folder, as a recipe's paths are to its own. A run that
  /// is moved together with its data so goes on, and `manikin run RUN/recipe.yaml` finds them.
  package func placed(in folder: URL) -> Recipe {
    mappingPaths { Self.path($0, from: folder.standardizedFileURL.path) }
  }

  /// The recipe as a report shows it: of a path, its last part.
  package var withoutPlaces: Recipe { mappingPaths { URL(filePath: $0).lastPathComponent } }

  /// What the folder of the images is called, for what may be shared.
  package var sourceName: String {
    switch data.source {
    case .folder(let path): URL(filePath: path, directoryHint: .isDirectory).lastPathComponent
    case .phantom: "phantom"
    case .shapes: "shapes"
    case nil: "unknown"
    }
  }

  /// Where the images lie; nil when the recipe names none. Those that Manikin draws lie in the run folder.
  package var dataFolder: URL? {
    switch data.source {
    case .folder(let path): URL(filePath: path, directoryHint: .isDirectory)
    case .phantom, .shapes: drawnFolder
    case nil: nil
    }
  }

  /// Where images that Manikin draws itself go.
  package var drawnFolder: URL {
    runFolder.appending(path: data.shapes == nil ? "phantom" : "data", directoryHint: .isDirectory)
  }

  private func mappingPaths(_ change: (String) -> String) -> Recipe {
    var changed = self
    for setting in Recipe.settings where setting.kind == .path {
      if case .text(let path) = setting.value(in: self) { setting.write(&changed, .text(change(path))) }
    }
    return changed
  }

  /// A path as it is said from a folder; both absolute.
  private static func path(_ path: String, from folder: String) -> String {
    func parts(_ path: String) -> [Substring] { path.split(separator: "/") }
    let (target, base) = (parts(path), parts(folder))
    let shared = zip(target, base).prefix { $0 == $1 }.count
    let steps = [Substring](repeating: "..", count: base.count - shared) + target[shared...]
    return steps.isEmpty ? "." : steps.joined(separator: "/")
  }
}
