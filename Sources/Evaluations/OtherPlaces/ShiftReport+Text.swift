import Foundation

extension ShiftReport {
  /// Whether the places differ in anything that was looked at.
  public var hasDifferences: Bool {
    shares.contains(where: \.differs) || traits.contains(where: \.differs) || together?.differs ?? false
  }

  /// What differs, a sentence each; one that nothing does where nothing does.
  public var sentences: [String] {
    var sentences: [String] = []
    let shares = shares.filter(\.differs)
    if !shares.isEmpty {
      sentences.append(
        "Shares of the classes differ: "
          + shares.map {
            "\($0.className) \(Self.percent($0.first)) in \(first), \(Self.percent($0.second)) in \(second)"
          }
          .joined(separator: "; ")
          + ". Balanced accuracy and ROC area do not depend on them; precision and F1 do.")
    }
    let traits = traits.filter(\.differs)
    if !traits.isEmpty {
      sentences.append(
        "Files differ in "
          + traits.map { "\($0.name) (\(first): \($0.first); \(second): \($0.second))" }.joined(separator: ", ") + ".")
    }
    if let together {
      let strongest = features.filter(\.differs).prefix(3)
      sentences.append(
        together.differs
          ? "As the classifier sees them, images of one class are told apart by place with an ROC area of "
            + String(format: "%.2f", together.area) + " (0.5: not at all)"
            + (strongest.isEmpty
              ? "."
              : ", most by "
                + strongest.map { "\($0.name) (\(String(format: "%.2f", $0.area)))" }.joined(separator: ", ") + ".")
          : "As the classifier sees them, images of one class are not told apart by place (ROC area "
            + String(format: "%.2f", together.area)
            + ", of \(features.count) features all together; up to \(String(format: "%.2f", 0.5 + max(together.uncertainty, Self.tolerance))) counts as none)."
      )
    }
    if !hasDifferences {
      sentences.insert("No difference between \(first) and \(second) was found.", at: 0)
    }
    return sentences
  }

  package static func percent(_ share: Double) -> String { String(format: "%.0f %%", 100 * share) }
}
