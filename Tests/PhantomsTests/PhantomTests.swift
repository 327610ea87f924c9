import Files
import ImageFiles
import Phantoms
import Testing

@Suite struct PhantomTests {
  @Test func defaultsAreThePapersCohort() throws {
    let phantom = try Phantom()
    #expect(
      phantom.configuration == PhantomConfiguration(subjects: 416, minority: 100, height: 208, width: 176, seed: 0))
    #expect(phantom.classNames.filter { $0 == Phantom.diseased }.count == 100)
    #expect(phantom.classNames.filter { $0 == Phantom.normal }.count == 316)
    #expect(phantom.configuration.spacingMillimetres == 1)
  }

  @Test func classesAreShuffledOverTheNumbers() throws {
    let names = try Phantom().classNames
    let early = names.prefix(208).filter { $0 == Phantom.diseased }.count
    // A hypergeometric count: mean 50, standard deviation 4.4.
    #expect((33...67).contains(early), "\(early) of 100 in the first half")
    let other = try Phantom(configuration: PhantomConfiguration(seed: 1)).classNames
    #expect(names != other)
  }

  @Test func aSubjectDependsOnNothingButSeedAndIndex() throws {
    let configuration = PhantomConfiguration(subjects: 6, minority: 3, height: 64, width: 56, seed: 5)
    let first = try Phantom(configuration: configuration)
    let second = try Phantom(configuration: configuration)
    let forward = (0..<6).map { first.subject($0) }
    let backward = (0..<6).reversed().map { second.subject($0) }
    #expect(forward == backward.reversed())
    var reseeded = configuration
    reseeded.seed = 6
    #expect(try Phantom(configuration: reseeded).subject(0).slice.pixels != forward[0].slice.pixels)
    for index in 1..<6 { #expect(forward[index].slice.pixels != forward[0].slice.pixels) }
  }

  @Test(arguments: [
    (PhantomConfiguration(subjects: 0, minority: 0), "subjects"),
    (PhantomConfiguration(subjects: -3), "subjects"),
    (PhantomConfiguration(subjects: 10, minority: 11), "minority"),
    (PhantomConfiguration(minority: -1), "minority"),
    (PhantomConfiguration(height: 31), "height"),
    (PhantomConfiguration(width: 4096), "width"),
  ])
  func refusesWhatMakesNoSense(configuration: PhantomConfiguration, word: String) {
    let error = #expect(throws: ImagingError.self) { try Phantom(configuration: configuration) }
    #expect(error?.description.contains(word) == true)
  }

  /// The classes overlap as they should: neither feature alone, nor both, tells them apart without error.
  @Test func diseaseOverlapsWithNormalVariation() throws {
    let phantom = try Phantom(configuration: PhantomConfiguration(subjects: 4000, minority: 2000, seed: 3))
    let traits = (0..<4000).map(phantom.traits)
    let ill = traits.filter { $0.className == Phantom.diseased }
    let well = traits.filter { $0.className == Phantom.normal }
    let ventricles = Self.areaUnderCurve(ill.map(\.ventricleScale), well.map(\.ventricleScale))
    let sulci = Self.areaUnderCurve(ill.map(\.sulcalWidthMillimetres), well.map(\.sulcalWidthMillimetres))
    #expect((0.90...0.97).contains(ventricles), "ventricles \(ventricles)")
    #expect((0.90...0.97).contains(sulci), "sulci \(sulci)")
    // Among people of the same age the overlap is larger.
    let peers = well.filter { $0.age >= 65 }
    let matched = Self.areaUnderCurve(ill.map(\.ventricleScale), peers.map(\.ventricleScale))
    #expect((0.78...0.92).contains(matched), "ventricles over 65: \(matched)")
  }

  @Test func traitsStayInTheirRanges() throws {
    let phantom = try Phantom(configuration: PhantomConfiguration(subjects: 2000, minority: 700, seed: 8))
    for traits in (0..<2000).map(phantom.traits) {
      #expect((18...96).contains(traits.age) && traits.age == traits.age.rounded())
      #expect(traits.className == Phantom.diseased ? (0.35...1).contains(traits.severity) : traits.severity == 0)
      #expect((0.6...3).contains(traits.ventricleScale))
      #expect((0.2...4).contains(traits.sulcalWidthMillimetres))
      #expect(["F", "M"].contains(traits.sex))
    }
    let young = (0..<2000).map(phantom.traits).filter { $0.severity == 0 && $0.age < 40 }.map(\.ventricleScale)
    let old = (0..<2000).map(phantom.traits).filter { $0.severity == 0 && $0.age > 75 }.map(\.ventricleScale)
    #expect(Self.mean(old) > Self.mean(young) * 1.2, "normal ageing widens the ventricles")
  }

  /// The probability that a value of the first group exceeds one of the second.
  private static func areaUnderCurve(_ positives: [Double], _ negatives: [Double]) -> Double {
    let sorted = negatives.sorted()
    let below = positives.reduce(0) { total, value in
      var low = 0
      var high = sorted.count
      while low < high {
        let middle = (low + high) / 2
        if sorted[middle] < value { low = middle + 1 } else { high = middle }
      }
      return total + low
    }
    return Double(below) / Double(positives.count * negatives.count)
  }

  private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
}
