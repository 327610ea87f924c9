import Assessment
import Foundation
import Synthesis
import Tensors

/// What a folder of synthetic images gives away of the images that they were made from.
///
/// Works on images alone, so also on folders that other software made. Distances are root mean square differences of
/// pixels, each image scaled to [0, 1] by its own minimum and maximum, within a class. An image that is a copy but for a
/// shift or a flip is not found.
public struct PrivacyAudit: Codable, Sendable {
  /// A synthetic image and the training image nearest to it.
  public struct Pair: Codable, Sendable, Equatable {
    public var synthetic: String
    public var training: String
    public var distance: Double
    /// From that training image to the training image of its class nearest to it.
    public var spacing: Double

    /// Equal to within half a grey level of 256.
    public var isExact: Bool { NearCopy.isExact(distance: distance) }
    /// Less than half as far as the nearest other person.
    public var isNear: Bool { NearCopy.isNear(distance: distance, spacing: spacing) }
  }

  /// What was found in one class.
  public struct ClassFindings: Codable, Sendable, Equatable {
    public var name: String
    public var synthetic: Int
    public var training: Int
    /// 0 when there are none to compare with.
    public var heldOut: Int
    public var exactCopies: Int
    public var nearCopies: Int
    /// Medians of the distance to the nearest training image.
    public var syntheticDistance: Double
    /// Of held-out images; nil without any.
    public var heldOutDistance: Double?
    /// Of training images to the nearest other one.
    public var trainingDistance: Double
    /// The share of synthetic images that are no mere variation of a training image.
    public var authentic: Double
    /// The same of held-out images, which copied nothing.
    public var heldOutAuthentic: Double?
  }

  public var classes: [ClassFindings]
  /// The data-copying test: below 0 when synthetic images lie nearer to the training images than unseen ones do. The unseen
  /// ones are the held-out images or, without any, each training image against the others.
  public var copying: RankSumTest?
  /// Whether the copying test had held-out images.
  public var hasHeldOut: Bool
  /// Whether the synthetic images tell who was trained on; nil without held-out images.
  public var membership: MembershipTest?
  /// Exact and near copies, nearest first.
  public var copies: [Pair]
  /// The nearest pairs, copies or not, nearest first.
  public var nearest: [Pair]

  /// How many of the nearest pairs are kept.
  static let shown = 24

  /// - Parameters:
  ///   - synthetic: every class of it is among those of `training`.
  ///   - training: what the synthetic images were made from; at least two images of each of those classes.
  ///   - heldOut: real images that took no part; nil for none.
  package init(synthetic: Images, training: Images, heldOut: Images?) {
    var pairs: [Pair] = []
    var copying: [(first: [Double], second: [Double])] = []
    var membership: [(members: [Double], nonMembers: [Double])] = []
    var isHeldOut = false
    classes = Set(synthetic.classNames).sorted().map { name in
      let own = synthetic.indices(of: name)
      let members = training.indices(of: name)
      let others = heldOut?.indices(of: name) ?? []
      let (images, real) = (synthetic.rows.selecting(own), training.rows.selecting(members))
      let found = NearestImages.find(images, among: real)
      let spacing = NearestImages.find(real, among: real, othersOnly: true).map(\.distance)
      let classPairs = zip(own, found).map { index, nearest in
        Pair(
          synthetic: synthetic.paths[index], training: training.paths[members[nearest.index]],
          distance: nearest.distance, spacing: spacing[nearest.index])
      }
      pairs += classPairs
      var heldOutFound: [(index: Int, distance: Double)] = []
      if !others.isEmpty {
        isHeldOut = true
        let unseen = heldOut!.rows.selecting(others)
        heldOutFound = NearestImages.find(unseen, among: real)
        membership.append(
          (
            members: NearestImages.find(real, among: images).map { -$0.distance },
            nonMembers: NearestImages.find(unseen, among: images).map { -$0.distance }
          ))
      }
      copying.append((found.map(\.distance), others.isEmpty ? spacing : heldOutFound.map(\.distance)))
      func share(_ judged: [Bool]) -> Double { Double(judged.count { $0 }) / Double(judged.count) }
      return ClassFindings(
        name: name, synthetic: own.count, training: members.count, heldOut: others.count,
        exactCopies: classPairs.count { $0.isExact }, nearCopies: classPairs.count { $0.isNear && !$0.isExact },
        syntheticDistance: Self.median(found.map(\.distance)),
        heldOutDistance: others.isEmpty ? nil : Self.median(heldOutFound.map(\.distance)),
        trainingDistance: Self.median(spacing),
        authentic: share(Authenticity.judge(nearest: found, spacing: spacing)),
        heldOutAuthentic: others.isEmpty ? nil : share(Authenticity.judge(nearest: heldOutFound, spacing: spacing)))
    }
    hasHeldOut = isHeldOut
    self.copying = RankSumTest(copying)
    self.membership = MembershipTest(membership)
    let sorted = pairs.sorted { ($0.distance, $0.synthetic) < ($1.distance, $1.synthetic) }
    copies = sorted.filter(\.isNear)
    nearest = Array(sorted.prefix(Self.shown))
  }

  private static func median(_ values: [Double]) -> Double { SampleMoments.percentile(0.5, of: values.sorted()) }
}
