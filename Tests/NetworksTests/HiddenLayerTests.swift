import Networks
import Randomness
import Tensors
import Testing

@Suite struct HiddenLayerTests {
  /// Weights follow from a layer's place, so that a network without the last layer has the hidden layers of the whole one.
  @Test func leavingOutTheLastLayerGivesTheOneBefore() throws {
    let stream = RandomStream(seed: 5, purpose: "weights")
    let hidden: [LayerDescription] = [.linear(outputs: 7, activation: .relu), .linear(outputs: 5, activation: .relu)]
    func network(_ layers: [LayerDescription]) throws -> Network {
      try Network(name: "net", inputShape: [4], layers: layers, stream: stream)
    }
    let whole = try network(hidden + [.linear(outputs: 2, activation: .identity)])
    let input = Variable(Tensor([3, 4], values: (0..<12).map { Float($0 * $0 % 7) - 3 }))
    let output = whole(input, training: false, leavingOut: 1).value
    #expect(output.shape == [3, 5])
    #expect(output.values == (try network(hidden))(input, training: false).value.values)
    #expect(output.values.contains { $0 > 0 })
    #expect(whole(input, training: false, leavingOut: 0).value.values == whole(input, training: false).value.values)
  }
}
