import Foundation

/// Recipes by name: those of an installed Manikin lie in `share/manikin/Recipes` beside its `bin`, those of a clone in `Recipes`.
enum RecipeFile {
  /// The file that the user means: the one at this path; else the recipe that comes with Manikin and has this name, as
  /// `quickstart` or `Recipes/quickstart.yaml`.
  ///
  /// - Returns: the path as it was given where nothing is found, so that the message names it.
  static func find(_ path: String) -> URL {
    let given = URL(filePath: path)
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: given.path, isDirectory: &isFolder) && !isFolder.boolValue
    guard !exists, let name = name(in: path) else { return given }
    return folders.map { $0.appending(path: name) }.first { FileManager.default.fileExists(atPath: $0.path) } ?? given
  }

  /// The names of the recipes that come with Manikin, sorted; none where they are not beside the program.
  static var names: [String] {
    let files = folders.lazy.compactMap { try? FileManager.default.contentsOfDirectory(atPath: $0.path) }.first ?? []
    return files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(".yaml".count)) }.sorted()
  }

  /// The file name that `quickstart`, `quickstart.yaml` or `Recipes/quickstart.yaml` ask for; nil for any other path.
  private static func name(in path: String) -> String? {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard let last = parts.last, !last.isEmpty, parts.count == 1 || (parts.count == 2 && parts[0] == "Recipes") else {
      return nil
    }
    return last.hasSuffix(".yaml") ? String(last) : "\(last).yaml"
  }

  private static var folders: [URL] {
    let here = URL(filePath: "Recipes", directoryHint: .isDirectory)
    guard let program = Bundle.main.executableURL?.resolvingSymlinksInPath() else { return [here] }
    let root = program.deletingLastPathComponent().deletingLastPathComponent()
    return [here, root.appending(path: "share/manikin/Recipes", directoryHint: .isDirectory)]
  }
}
