import Randomness

/// Classes of images that one model learns together, each shown as often as the largest.
///
/// A pass shows every class as many rows as the largest class has images: each image of a class before any of them again,
/// so that a small class is neither drowned nor learned by a few of its images.
public struct BalancedClasses: Sendable, Equatable {
  /// The rows of each class among the training images.
  private let members: [[Int]]
  /// The rows of each class among the validation images, whose losses count alike; nil without validation images.
  let validationMembers: [[Int]]?

  /// - Parameters:
  ///   - labels: the class of each training image; any numbers.
  ///   - validationLabels: the same for the validation images; nil for none.
  public init(labels: [Int], validationLabels: [Int]? = nil) {
    precondition(!labels.isEmpty, "classes of no images")
    members = Self.members(labels)
    validationMembers = validationLabels.map(Self.members)
  }

  private static func members(_ labels: [Int]) -> [[Int]] {
    Set(labels).sorted().map { label in labels.indices.filter { labels[$0] == label } }
  }

  /// Images in a pass, repeats counted.
  public var rowsInPass: Int { members.count * members.map(\.count).max()! }

  /// The rows of one pass in random order.
  package func pass(_ random: inout RandomStream) -> [Int] {
    let largest = members.map(\.count).max()!
    var rows: [Int] = []
    for member in members { rows += random.rounds(of: member.count, count: largest).map { member[$0] } }
    return random.permutation(rows.count).map { rows[$0] }
  }
}
