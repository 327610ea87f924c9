import ImageFiles
import Randomness

/// A cohort of simulated brain scans: axial slices at the level of the lateral ventricles, skull stripped, T1 contrast.
///
/// A subject depends only on the seed, the subject's index and class, and the size of the slice: never on the order or
/// the threads in which subjects are drawn. Who is ill is shuffled over the numbers.
public struct Phantom: Sendable {
  /// The class with simulated Alzheimer's disease.
  public static let diseased = "AD"
  /// The cognitively normal class.
  public static let normal = "CN"

  public let configuration: PhantomConfiguration
  /// The class of every subject.
  public let classNames: [String]

  /// - Throws: `ImagingError.invalid` if the configuration makes no sense.
  public init(configuration: PhantomConfiguration = PhantomConfiguration()) throws {
    try configuration.validate()
    self.configuration = configuration
    var random = RandomStream(seed: configuration.seed, purpose: "phantom/classes")
    let order = random.permutation(configuration.subjects)
    var names = [String](repeating: Self.normal, count: configuration.subjects)
    for index in order.prefix(configuration.minority) { names[index] = Self.diseased }
    classNames = names
  }

  /// What is true of one subject, without drawing the scan.
  ///
  /// - Parameter index: 0 up to `configuration.subjects`.
  public func traits(_ index: Int) -> PhantomTraits {
    var random = stream(index).substream("traits")
    return PhantomTraits(className: classNames[index], random: &random)
  }

  /// One subject with the scan.
  ///
  /// - Parameter index: 0 up to `configuration.subjects`.
  public func subject(_ index: Int) -> PhantomSubject {
    let traits = traits(index)
    let random = stream(index)
    let anatomy = PhantomAnatomy(traits: traits, random: random.substream("anatomy"))
    let appearance = PhantomAppearance(traits: traits, random: random.substream("appearance"))
    let height = configuration.height
    let width = configuration.width
    let spacing = configuration.spacingMillimetres
    let pixels = appearance.draw(anatomy, height: height, width: width, spacing: spacing)
    let slice = Slice(
      height: height, width: width, pixels: pixels,
      frame: .axial(height: height, width: width, spacing: SIMD3(spacing, spacing, 1), z: Self.planeHeight))
    return PhantomSubject(name: name(index), traits: traits, slice: slice)
  }

  /// The identifier of a subject, such as `sub-0001` for index 0.
  public func name(_ index: Int) -> String {
    let digits = max(4, String(configuration.subjects).count)
    let number = String(index + 1)
    return "sub-" + String(repeating: "0", count: digits - number.count) + number
  }

  /// Where the plane lies, in millimetres above the anterior commissure.
  private static let planeHeight = 14.0

  private func stream(_ index: Int) -> RandomStream {
    RandomStream(seed: configuration.seed, purpose: "phantom/subject", index: index)
  }
}

/// One simulated person: name, traits and scan.
public struct PhantomSubject: Sendable, Equatable {
  /// Such as `sub-0001`.
  public var name: String
  public var traits: PhantomTraits
  /// Scanner units: 0 outside the brain, white matter near 850.
  public var slice: Slice

  /// "AD" or "CN".
  public var className: String { traits.className }
}
