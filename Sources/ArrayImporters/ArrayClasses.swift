import Cohorts
import Files
import ImageSets

/// The classes of array files: label, name, whether taken.
struct ArrayClasses: Sendable {
  /// By label, those that are taken.
  let names: [Int: String]

  /// - Throws: `ImagingError` for names that do not fit the labels or cannot name folders, and for unknown classes.
  init(_ source: ArraySource, _ options: ArrayOptions) throws {
    let labels = Set(source.arrays.flatMap(\.array.labels)).sorted()
    var names = [Int: String](
      uniqueKeysWithValues: labels.map { label in (label, source.names?[label] ?? String(label)) })
    if !options.classNames.isEmpty {
      guard options.classNames.count == labels.count else {
        throw ImagingError.invalid(
          what: "there are \(TextList.count(options.classNames.count, "class name")) and "
            + "\(TextList.count(labels.count, "label")) (\(labels[0]) to \(labels[labels.count - 1]))",
          remedy: "give --class-names a name for each label, in ascending order")
      }
      guard Set(options.classNames).count == labels.count else {
        throw ImagingError.invalid(
          what: "two labels would have one name in --class-names (\(TextList.firstFew(options.classNames)))",
          remedy: "give every label a name of its own")
      }
      names = Dictionary(uniqueKeysWithValues: zip(labels, options.classNames))
    }
    if let clash = ClassSpellings.clashes(names.values, in: source.arrays[0].array.path).first { throw clash }
    if !options.classes.isEmpty {
      var chosen = Set<Int>()
      for word in options.classes {
        let label = names.first { $0.value == word }?.key ?? Int(word).flatMap { names[$0] == nil ? nil : $0 }
        guard let label else {
          let known = labels.map { names[$0]! == String($0) ? "\($0)" : "\($0) (\(names[$0]!))" }
          throw ImagingError.invalid(
            what: "there is no class '\(word)'", remedy: "--classes takes \(TextList.firstFew(known, limit: 12))")
        }
        chosen.insert(label)
      }
      names = names.filter { chosen.contains($0.key) }
    }
    for name in names.values.sortedBytewise() {
      // In a folder that is not divided, a class called train would be read as a side.
      guard SyntheticFolder.isUsable(className: name), source.isDivided || Split(name: name) == nil else {
        throw ImagingError.invalid(
          what: "the class name '\(name)' cannot be the name of a class's folder",
          remedy: "give other names with --class-names")
      }
    }
    self.names = names
  }
}
