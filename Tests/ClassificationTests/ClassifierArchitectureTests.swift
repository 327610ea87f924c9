import Classification
import Networks
import Randomness
import Testing

@Suite struct ClassifierArchitectureTests {
  private static func strides(_ architecture: ClassifierArchitecture) -> [Int] {
    architecture.layers.compactMap { layer in
      if case .convolution(_, let geometry, _) = layer { geometry.stride.height } else { nil }
    }
  }

  private static func network(_ architecture: ClassifierArchitecture, _ height: Int, _ width: Int) throws -> Network {
    try Network(
      name: "classifier", inputShape: [height, width, 1], layers: architecture.layers,
      stream: RandomStream(seed: 1, purpose: "test"))
  }

  /// Expected: the paper's Table 5, whose last feature map is 2 x 2 x 64.
  @Test func thePapersSizeGivesThePapersNetwork() throws {
    let architecture = ClassifierArchitecture(height: 208, width: 176, classes: 2)
    #expect(Self.strides(architecture) == [1, 1, 2, 2])
    let shapes = try Self.network(architecture, 208, 176).parameters.map(\.variable.shape)
    #expect(
      shapes == [
        [8, 1, 3, 3], [8], [8], [8], [16, 8, 3, 3], [16], [16], [16], [32, 16, 3, 3], [32], [32], [32],
        [64, 32, 3, 3], [64], [64], [64], [100, 256], [100], [2, 100], [2],
      ])
  }

  @Test(
    arguments: [
      (208, 176, [1, 1, 2, 2]), (104, 88, [1, 1, 2, 1]), (64, 56, [1, 1, 1, 1]), (32, 32, [1, 1, 1, 1]),
      (16, 16, [1, 1, 1, 1]), (17, 23, [1, 1, 1, 1]), (8, 9, [1, 1, 1]), (2, 2, [1]),
    ])
  func everySizeBuilds(height: Int, width: Int, strides: [Int]) throws {
    for classes in [2, 3] {
      let architecture = ClassifierArchitecture(height: height, width: width, classes: classes)
      #expect(Self.strides(architecture) == strides, "\(height) x \(width)")
      let network = try Self.network(architecture, height, width)
      #expect(network.outputShape == [classes])
    }
  }

  @Test func everySizeFromTwoToSixtyBuilds() throws {
    for height in 2...60 {
      for width in [2, 3, 15, 16, 31, height] {
        let architecture = ClassifierArchitecture(height: height, width: width, classes: 2)
        #expect(try Self.network(architecture, height, width).outputShape == [2], "\(height) x \(width)")
      }
    }
  }
}
