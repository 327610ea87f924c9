import Randomness

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What is true of one simulated subject, before any pixel is drawn.
public struct PhantomTraits: Sendable, Equatable {
  /// "AD" or "CN".
  public var className: String
  /// Years, 18 to 96.
  public var age: Double
  /// "F" or "M".
  public var sex: String
  /// How far the disease has gone: 0 for CN, above 0 and at most 1 for AD.
  public var severity: Double
  /// Width of the lateral ventricles as a multiple of a young adult's.
  public var ventricleScale: Double
  /// Width of a typical sulcus at its opening, in millimetres.
  public var sulcalWidthMillimetres: Double
  /// Linear size of the brain as a multiple of the average.
  public var brainScale: Double

  /// Draws a subject of a class.
  ///
  /// Log ventricle width and sulcal width rise slowly with age, faster after 55, and scatter between people with a
  /// correlation, as they do in normal ageing. Disease adds to both in proportion to its severity. The scatter is as
  /// wide as the effect, so that the classes overlap: `Self.ventricleEffect` and its neighbours set how far.
  init(className: String, random: inout RandomStream) {
    self.className = className
    let isDiseased = className == Phantom.diseased
    if isDiseased {
      age = min(max(77 + 7.5 * random.normal(), 62), 96)
    } else if random.uniform() < Self.youngShare {
      age = random.uniform(18, 60)
    } else {
      age = min(max(75 + 9 * random.normal(), 60), 94)
    }
    age = age.rounded()
    sex = random.uniform() < 0.6 ? "F" : "M"
    severity = isDiseased ? 0.35 + 0.65 * random.uniform() : 0
    let atrophy = 0.0025 * (age - 20) + 0.008 * max(0, age - 55)
    let shared = random.normal()
    let ownShare = (1 - Self.correlation * Self.correlation).squareRoot()
    let ventricleScatter = Self.correlation * shared + ownShare * random.normal()
    let sulcalScatter = Self.correlation * shared + ownShare * random.normal()
    ventricleScale = exp(atrophy + Self.ventricleEffect * severity + Self.ventricleScatter * ventricleScatter)
    ventricleScale = min(max(ventricleScale, 0.6), 3)
    sulcalWidthMillimetres = 0.64 + 1.8 * atrophy + Self.sulcalEffect * severity + Self.sulcalScatter * sulcalScatter
    sulcalWidthMillimetres = min(max(sulcalWidthMillimetres, 0.2), 4)
    brainScale = (sex == "M" ? 1.015 : 0.985) + 0.02 * random.normal()
  }

  /// Share of CN subjects below 60 years of age.
  static let youngShare = 0.5
  /// Correlation of each scatter with the part that both share.
  static let correlation = 0.6
  /// Rise of the log ventricle width at full severity.
  static let ventricleEffect = 0.63
  /// Standard deviation of the log ventricle width between people of one age.
  static let ventricleScatter = 0.22
  /// Rise of the sulcal width at full severity, in millimetres.
  static let sulcalEffect = 1.18
  /// Standard deviation of the sulcal width between people of one age, in millimetres.
  static let sulcalScatter = 0.42
}
