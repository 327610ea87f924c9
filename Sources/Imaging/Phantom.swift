import Randomness

/// A cohort of simulated brain scans: axial slices at the level of the lateral ventricles, skull stripped, T1 contrast.
///
/// Every subject depends only on the configuration's seed and the subject's index and class.
public struct Phantom: Sendable {
  /// The class with simulated Alzheimer's disease.
  public static let diseased = "AD"
  /// The cognitively normal class.
  public static let normal = "CN"

  public let configuration: PhantomConfiguration
  /// The class of every subject, shuffled.
  public let classNames: [String]

  public init(configuration: PhantomConfiguration) {
    self.configuration = configuration
    var random = RandomStream(seed: configuration.seed, purpose: "phantom/classes")
    let order = random.permutation(configuration.subjects)
    var names = [String](repeating: Self.normal, count: configuration.subjects)
    for index in order.prefix(configuration.minority) { names[index] = Self.diseased }
    classNames = names
  }

  /// What is true of one subject, without drawing it.
  public func traits(_ index: Int) -> PhantomTraits {
    var random = stream(index).substream("traits")
    return PhantomTraits(className: classNames[index], random: &random)
  }

  public func pixels(_ index: Int) -> [Float] {
    let traits = traits(index)
    let random = stream(index)
    let anatomy = PhantomAnatomy(traits: traits, random: random.substream("anatomy"))
    let appearance = PhantomAppearance(traits: traits, random: random.substream("appearance"))
    return appearance.draw(
      anatomy, traits: traits, height: configuration.height, width: configuration.width,
      spacing: configuration.spacingMillimetres)
  }

  private func stream(_ index: Int) -> RandomStream {
    RandomStream(seed: configuration.seed, purpose: "phantom/subject", index: index)
  }
}
