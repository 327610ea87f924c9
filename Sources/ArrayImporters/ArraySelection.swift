import Cohorts
import Files
import ImageSets
import Randomness

/// Which images of array files are written, and where.
struct ArraySelection: Sendable {
  struct Item: Sendable {
    /// Of the source's arrays.
    let array: Int
    /// In the array, from 0.
    let index: Int
    /// On its side of the source, from 1.
    let number: Int
    /// Where it is written; nil: the source is not divided.
    let side: Split?
    let className: String
    /// Below the folder, such as `train/3/train-00017.png`.
    let file: String
  }

  private(set) var items: [Item] = []
  private(set) var notes: [String] = []

  /// - Throws: `ImagingError` if validation images are wanted of files that are not divided, or nothing is left.
  init(_ source: ArraySource, _ classes: ArrayClasses, _ options: ArrayOptions) throws {
    precondition((0..<1).contains(options.validation), "a share of \(options.validation)")
    let sides = Set(source.arrays.map(\.side))
    if options.validation > 0, !source.isDivided || !sides.contains(.train) || sides.contains(.validation) {
      throw ImagingError.invalid(
        what: sides.contains(.validation)
          ? "the files have validation images already" : "the files do not tell training from test images",
        remedy: "leave --validation out: images that are not divided are when they are used")
    }
    var groups: [Int: [(array: Int, index: Int, number: Int)]] = [:]
    var short: [String] = []
    let divided: [Split?] = source.isDivided ? Split.allCases.filter(sides.contains) : [nil]
    for side in divided {
      var number = 0
      groups = [:]
      for (place, entry) in source.arrays.enumerated() where side == nil || entry.side == side {
        for (index, label) in entry.array.labels.enumerated() {
          number += 1
          if classes.names[label] != nil { groups[label, default: []].append((place, index, number)) }
        }
      }
      for (label, members) in groups.sorted(by: { $0.key < $1.key }) {
        let name = classes.names[label]!
        func chosen(_ members: [(array: Int, index: Int, number: Int)], as target: Split?) {
          guard let most = options.perClass, most < members.count else {
            if let most = options.perClass, most > members.count {
              short.append("\(target.map { "\($0.folderName)/" } ?? "")\(name): \(members.count)")
            }
            return add(members, side, target, name)
          }
          var stream = RandomStream(
            seed: UInt64(options.seed), purpose: "import/arrays/\(target?.rawValue ?? "all")", index: label)
          add(stream.permutation(members.count).prefix(most).sorted().map { members[$0] }, side, target, name)
        }
        guard side == .train, options.validation > 0 else {
          chosen(members, as: side)
          continue
        }
        var stream = RandomStream(seed: UInt64(options.seed), purpose: "import/arrays/division", index: label)
        let count = Int((options.validation * Double(members.count)).rounded())
        let held = Set(stream.permutation(members.count).prefix(count))
        chosen(members.indices.filter { !held.contains($0) }.map { members[$0] }, as: .train)
        chosen(held.sorted().map { members[$0] }, as: .validation)
      }
    }
    if !short.isEmpty { notes.append("fewer images than --per-class asks for: \(TextList.firstFew(short))") }
  }

  private mutating func add(
    _ members: [(array: Int, index: Int, number: Int)], _ origin: Split?, _ side: Split?, _ className: String
  ) {
    let folder = (side.map { $0.folderName + "/" } ?? "") + className
    items += members.map { member in
      // The source's side and number: no two images share a name, wherever they are written.
      let stem = (origin.map { $0.folderName + "-" } ?? "") + SyntheticFolder.padded(member.number)
      return Item(
        array: member.array, index: member.index, number: member.number, side: side, className: className,
        file: "\(folder)/\(stem).png")
    }
  }
}

extension Split {
  /// What a divided cohort's folder is called.
  fileprivate var folderName: String { self == .validation ? "val" : rawValue }
}
