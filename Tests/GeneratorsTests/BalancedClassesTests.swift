import Foundation
import Generators
import Randomness
import Tensors
import Testing

@Suite struct BalancedClassesTests {
  @Test func everyClassIsShownAsOftenAsTheLargest() {
    let labels = [1, 0, 1, 1, 1, 0, 1, 2]
    let classes = BalancedClasses(labels: labels)
    #expect(classes.rowsInPass == 15)
    var random = RandomStream(seed: 1, purpose: "pass")
    let passes = (0..<2).map { _ in classes.pass(&random) }
    #expect(passes[0] != passes[1])
    for rows in passes {
      let counts = rows.reduce(into: [Int](repeating: 0, count: 8)) { $0[$1] += 1 }
      for label in 0..<3 { #expect(rows.count { labels[$0] == label } == 5) }
      // The five of the large class once each, the two of the small one 2 and 3 times.
      #expect([0, 2, 3, 4, 6].allSatisfy { counts[$0] == 1 })
      #expect([counts[1], counts[5]].sorted() == [2, 3])
    }
  }

  /// A class of few images weighs as much as one of many, in training and in the validation loss.
  @Test func aModelOfTwoClassesLearnsBoth() throws {
    let (many, few) = (ToyDiscs.images(60, seed: 1), ToyDiscs.images(8, seed: 2, inverted: true))
    let images = Tensor.concatenated([many, few])
    let classes = BalancedClasses(
      labels: Array(repeating: 0, count: 60) + Array(repeating: 1, count: 8),
      validationLabels: Array(repeating: 0, count: 30) + [1])
    let validation = Tensor.concatenated([ToyDiscs.images(30, seed: 3), ToyDiscs.images(1, seed: 4, inverted: true)])
    var configuration = GeneratorConfiguration()
    configuration.epochs = 40
    func trained(_ classes: BalancedClasses?) throws -> (error: Double, first: Double) {
      let stream = RandomStream(seed: 7, purpose: "vae")
      let model = try VariationalAutoencoder(.compact, height: 16, width: 16, latentDimensions: 4, stream: stream)
      let history = try GeneratorTraining(configuration).train(
        model, on: images, validation: validation, classes: classes, stream: stream)
      #expect(history.count == 40)
      let unseen = ToyDiscs.images(20, seed: 5, inverted: true)
      let decoded = model.decode(model.encode(unseen).means)
      return (decoded.sumOfSquaredDifferences(unseen) / 20, history[0].validationLoss!)
    }
    let (balanced, plain) = (try trained(classes), try trained(nil))
    #expect(balanced.error < plain.error, "\(balanced.error) \(plain.error)")
    #expect(balanced.error < 20)
  }
}
