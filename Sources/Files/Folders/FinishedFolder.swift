import Foundation

/// Writes a folder that is whole or not there, with the `dataset_description.json` by which Manikin knows its own.
public enum FinishedFolder {
  /// Writes a folder with what `body` puts into it.
  ///
  /// - Parameters:
  ///   - out: the folder; whole or not there.
  ///   - description: goes into it as `dataset_description.json`.
  ///   - overwrite: whether a folder that Manikin wrote before may be replaced.
  ///   - body: is given a hidden folder beside `out`, which takes its name when `body` returns.
  /// - Throws: `ImagingError` if `out` is in the way or cannot be written, and what `body` throws; then nothing is left.
  @discardableResult
  public static func write<Output>(
    to out: URL, description: DatasetDescription, overwrite: Bool, _ body: (URL) throws -> Output
  ) throws -> Output {
    let place = try FolderReplacement(at: out, overwrite: overwrite)
    do {
      let output = try body(place.partial)
      let file = place.partial.appending(path: DatasetDescription.fileName, directoryHint: .notDirectory)
      try description.json().withUnsafeBytes { try WholeFile.write($0, to: file) }
      try place.commit()
      return output
    } catch {
      place.cancel()
      throw error
    }
  }
}
