import ImageFiles
import Phantoms
import Testing

/// What the drawn pixels must show, measured from the pixels.
@Suite struct PhantomImageTests {
  @Test func backgroundIsBlackAndTheBrainIsInside() throws {
    let phantom = try Phantom(configuration: PhantomConfiguration(subjects: 12, minority: 6, seed: 2))
    for index in 0..<12 {
      let slice = phantom.subject(index).slice
      for row in 0..<slice.height {
        #expect(slice[row, 0] == 0 && slice[row, slice.width - 1] == 0)
      }
      for column in 0..<slice.width {
        #expect(slice[0, column] == 0 && slice[slice.height - 1, column] == 0)
      }
      let share = Double(slice.pixels.filter { $0 > 0 }.count) / Double(slice.pixels.count)
      #expect((0.38...0.62).contains(share), "subject \(index) covers \(share)")
      #expect(slice.pixels.allSatisfy { $0.isFinite && $0 >= 0 })
    }
  }

  /// Over a few subjects, fluid, grey matter and white matter each make a peak of the histogram, in T1 order.
  @Test func threeTissuesMakeThreePeaks() throws {
    let phantom = try Phantom(configuration: PhantomConfiguration(subjects: 12, minority: 6, seed: 4))
    var histogram = [Double](repeating: 0, count: 50)
    for index in 0..<12 {
      let pixels = phantom.subject(index).slice.pixels.filter { $0 > 0 }
      let white = pixels.sorted()[pixels.count * 85 / 100]
      for pixel in pixels { histogram[min(49, Int(pixel / white * 40))] += 1 / Double(12 * pixels.count) }
    }
    let peaks = histogram.indices.filter { bin in
      let near = max(0, bin - 3)...min(49, bin + 3)
      return histogram[bin] > 0.008 && near.allSatisfy { histogram[$0] <= histogram[bin] }
    }
    let places = peaks.map { Double($0) / 40 }
    #expect(places.count == 3, "peaks at \(places)")
    #expect(places.contains { (0.15...0.4).contains($0) }, "fluid: peaks at \(places)")
    #expect(places.contains { (0.58...0.82).contains($0) }, "grey: peaks at \(places)")
    #expect(places.contains { (0.88...1.1).contains($0) }, "white: peaks at \(places)")
  }

  /// The share of dark pixels in the middle of the brain follows the true size of the ventricles.
  @Test func ventriclesInThePictureFollowTheTruth() throws {
    let phantom = try Phantom(configuration: PhantomConfiguration(subjects: 60, minority: 30, height: 104, width: 88))
    var truth: [Double] = []
    var seen: [Double] = []
    for subject in (0..<60).map(phantom.subject) {
      let slice = subject.slice
      let bright = slice.pixels.sorted()[slice.pixels.count * 9 / 10]
      var dark = 0.0
      for row in 34..<74 {
        for column in 28..<60 where slice[row, column] < 0.5 * bright { dark += 1 }
      }
      truth.append(subject.traits.ventricleScale)
      seen.append(dark)
    }
    let correlation = Self.correlation(truth, seen)
    #expect(correlation > 0.85, "correlation \(correlation)")
  }

  /// The same subject at another size is the same picture: averaged pixels of the fine one match the coarse one.
  @Test func anatomyScalesWithTheImage() throws {
    let fine = try Phantom(configuration: PhantomConfiguration(subjects: 4, minority: 2, seed: 9))
    let coarse = try Phantom(
      configuration: PhantomConfiguration(subjects: 4, minority: 2, height: 104, width: 88, seed: 9))
    for index in 0..<4 {
      let large = fine.subject(index)
      let small = coarse.subject(index)
      #expect(large.traits == small.traits && large.name == small.name)
      var averaged = [Double](repeating: 0, count: 104 * 88)
      for row in 0..<208 {
        for column in 0..<176 { averaged[(row / 2) * 88 + column / 2] += Double(large.slice[row, column]) / 4 }
      }
      let correlation = Self.correlation(averaged, small.slice.pixels.map(Double.init))
      #expect(correlation > 0.985, "subject \(index): correlation \(correlation)")
    }
  }

  @Test(arguments: [(32, 32), (33, 57), (64, 56), (100, 60), (60, 200), (250, 210)])
  func anySizeHoldsAWholeBrain(height: Int, width: Int) throws {
    let phantom = try Phantom(
      configuration: PhantomConfiguration(subjects: 2, minority: 1, height: height, width: width, seed: 1))
    for index in 0..<2 {
      let slice = phantom.subject(index).slice
      #expect(slice.height == height && slice.width == width && slice.pixels.count == height * width)
      let spacing = phantom.configuration.spacingMillimetres
      #expect(slice.frame.spacing.x == spacing && slice.frame.spacing.y == spacing && slice.frame.hasOrientation)
      let area = Double(slice.pixels.filter { $0 > 0 }.count) * spacing * spacing
      #expect((14_000...22_000).contains(area), "brain of \(area) square millimetres")
    }
  }

  private static func correlation(_ a: [Double], _ b: [Double]) -> Double {
    let count = Double(a.count)
    let meanA = a.reduce(0, +) / count
    let meanB = b.reduce(0, +) / count
    var cross = 0.0
    var squareA = 0.0
    var squareB = 0.0
    for (x, y) in zip(a, b) {
      cross += (x - meanA) * (y - meanB)
      squareA += (x - meanA) * (x - meanA)
      squareB += (y - meanB) * (y - meanB)
    }
    return cross / (squareA * squareB).squareRoot()
  }
}
