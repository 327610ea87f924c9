/// A side of a split: what an image is used for.
public enum Split: String, Sendable, Codable, CaseIterable {
  case train, validation, test

  /// Reads a folder's name or a table's value: `train`, `training`; `val`, `valid`, `validation`; `test`, `testing`;
  /// upper or lower case. Anything else gives nil.
  public init?(name: String) {
    switch name.lowercased() {
    case "train", "training": self = .train
    case "val", "valid", "validation": self = .validation
    case "test", "testing": self = .test
    default: return nil
    }
  }
}
