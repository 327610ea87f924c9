import COneDNN

/// What the tool is.
public enum Manikin {
  /// Semantic version of the tool; also in every run folder.
  public static let version = "0.1.0"

  /// The software and machine of this process, for run folders.
  public static var versions: Versions {
    let library = Int(conednn_version())
    return .current(
      manikin: version, libraries: ["oneDNN": "\(library / 10_000).\(library / 100 % 100).\(library % 100)"])
  }
}
