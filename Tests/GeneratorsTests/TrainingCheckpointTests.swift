import Foundation
import Generators
import Networks
import Randomness
import Tensors
import Testing

/// A training that goes on from a checkpoint ends with the bytes of one that was never broken off, whatever the model.
@Suite struct TrainingCheckpointTests {
  private static let stream = RandomStream(seed: 12, purpose: "checkpoints")
  private static let images = ToyDiscs.images(25, seed: 1)
  private static let unseen = ToyDiscs.images(6, seed: 2)

  private static func configuration(_ kind: ModelKind) -> GeneratorConfiguration {
    var configuration = GeneratorConfiguration()
    configuration.kind = kind
    configuration.latentDimensions = 3
    configuration.epochs = 4
    configuration.batchSize = 10
    // The rate falls, so that the schedule is part of it.
    configuration.plateauPatience = 0
    configuration.settings.secondStageSteps = 20
    configuration.settings.pseudoInputs = 6
    return configuration
  }

  /// A checkpoint as a file holds it.
  private struct Kept {
    var numbers: Data
    var tensors: Data

    func read(_ change: (String, SafeTensors.Entry) -> SafeTensors.Entry = { $1 }) throws -> TrainingCheckpoint {
      var entries = try SafeTensors.decode(tensors, path: "kept").entries
      for (name, entry) in entries { entries[name] = change(name, entry) }
      return try TrainingCheckpoint(numbers: numbers, tensors: entries)
    }
  }

  private struct End {
    var weights: Data
    var history: [GeneratorTraining.Epoch]
    /// After each step.
    var kept: [Kept] = []
  }

  private static func train(
    _ kind: ModelKind, from checkpoint: TrainingCheckpoint? = nil
  ) throws -> End {
    let configuration = configuration(kind)
    let model = try configuration.model(height: 16, width: 16, stream: stream.substream("weights"))
    if checkpoint != nil {
      // Whatever the checkpoint does not put back is wrong.
      for case (_, .float32(let tensor)) in model.entries { tensor.mutate { $0.update(repeating: 0.25) } }
    }
    var kept: [Kept] = []
    let history = try GeneratorTraining(configuration).train(
      model, on: TensorRows(images), validation: TensorRows(unseen), stream: stream, from: checkpoint,
      onStep: { _, take in
        let checkpoint = try take()
        kept.append(Kept(numbers: checkpoint.numbers, tensors: try SafeTensors.encode(checkpoint.tensors)))
      })
    try model.finish(on: TensorRows(images), stream: stream.substream("finish"))
    return End(
      weights: try SafeTensors.encode(model.entries),
      history: history.map { epoch in
        var epoch = epoch
        epoch.seconds = 0
        return epoch
      }, kept: kept)
  }

  @Test(arguments: ModelKind.allCases)
  func goesOnAsIfNeverBrokenOff(kind: ModelKind) throws {
    let whole = try Self.train(kind)
    try #require(whole.kept.count % 4 == 0)
    let stepsInEpoch = whole.kept.count / 4
    // The end of epoch 2, and the middle of epoch 3, of a model with other weights.
    for step in [2 * stepsInEpoch, 2 * stepsInEpoch + 1] {
      let resumed = try Self.train(kind, from: whole.kept[step - 1].read())
      #expect(resumed.weights == whole.weights && resumed.history == whole.history, "\(kind), step \(step)")
      #expect(resumed.kept.count == whole.kept.count - step)
    }
    // Without Adam's moments it comes to something else.
    let broken = try Self.train(
      kind,
      from: whole.kept[2 * stepsInEpoch - 1].read { name, entry in
        guard name.hasPrefix("moments/"), case .float32(let tensor) = entry else { return entry }
        return .float32(Tensor.zeros(tensor.shape))
      })
    #expect(broken.weights != whole.weights && broken.history != whole.history, "\(kind)")
  }

  /// What it holds of each model, so that nothing that is kept on disk is left out.
  @Test(arguments: ModelKind.allCases)
  func holdsAllThatAModelKeeps(kind: ModelKind) throws {
    let last = try #require(try Self.train(kind).kept.last)
    let names = Set(try SafeTensors.decode(last.tensors, path: "kept").entries.keys)
    let model = try Self.configuration(kind).model(height: 16, width: 16, stream: Self.stream)
    #expect(Set(model.entries.map { "weights/\($0.name)" }).isSubset(of: names))
    #expect(names.count { $0.hasPrefix("best/") } == model.stores.reduce(0) { $0 + $1.snapshot().count })
    #expect(names.count { $0.hasPrefix("moments/") } == 2 * model.players.reduce(0) { $0 + $1.count })
  }

  @Test func anotherModelsIsRefusedBeforeAnythingChanges() throws {
    let kept = try #require(try Self.train(.ae).kept.last).read()
    let configuration = Self.configuration(.vae)
    let model = try configuration.model(height: 16, width: 16, stream: Self.stream)
    let before = try SafeTensors.encode(model.entries)
    #expect(throws: NetworkError.self) {
      try GeneratorTraining(configuration).train(
        model, on: TensorRows(Self.images), validation: nil, stream: Self.stream, from: kept)
    }
    #expect(try SafeTensors.encode(model.entries) == before)
  }
}
