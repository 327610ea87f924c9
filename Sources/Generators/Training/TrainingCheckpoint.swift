import Foundation
import Networks
import Randomness
import Tensors

/// Where a training is between two steps, beside its model and optimisers.
struct TrainingState: Codable {
  /// From 1; the one that is under way.
  var epoch = 1
  /// Of that epoch, how many are done.
  var batches = 0
  /// Where that epoch's random numbers are; nil at its beginning.
  var random: RandomStream?
  /// What its batches came to.
  var sum = GeneratorTrainingStep.Outcome()
  /// That it took so far.
  var seconds = 0.0
  var schedule: PlateauSchedule
  var history: [GeneratorTraining.Epoch] = []
  /// The lowest validation loss; nil without.
  var best: Best?
  /// The weights of that epoch, where they are kept.
  var bestWeights: [[Tensor]] = []

  struct Best: Codable {
    var loss: Double
    var epoch: Int
  }

  private enum CodingKeys: String, CodingKey {
    case epoch, batches, random, sum, seconds, schedule, history, best
  }

  init(schedule: PlateauSchedule) { self.schedule = schedule }

  /// Goes on to the next epoch.
  mutating func finish(_ done: GeneratorTraining.Epoch) {
    history.append(done)
    epoch += 1
    (batches, random, sum, seconds) = (0, nil, .init(), 0)
  }
}

/// All that the rest of a training depends on, between two of its steps: weights and what is kept beside them (running
/// statistics, singular vectors, pseudo-inputs), the moments of every player's optimiser, the schedule, the weights of the
/// best epoch, the random numbers' place and the history.
public struct TrainingCheckpoint {
  /// Everything but tensors, as JSON.
  public let numbers: Data
  /// `weights/NAME`, `moments/PLAYER/INDEX`, `best/STORE/INDEX`.
  public let tensors: [(name: String, entry: SafeTensors.Entry)]
  /// The epoch that was under way, from 1.
  public let epoch: Int

  private struct Numbers: Codable {
    var state: TrainingState
    var learningRate: Double
    /// Of each player's optimiser.
    var powers: [[Double]]
  }

  init(of model: any GenerativeModel, _ step: GeneratorTrainingStep, _ state: TrainingState) throws {
    let numbers = Numbers(
      state: state, learningRate: Double(step.learningRate),
      powers: step.optimisers.map { [$0.decayPowers.first, $0.decayPowers.second] })
    self.numbers = try Self.encoder.encode(numbers)
    epoch = state.epoch
    tensors =
      model.entries.map { ("weights/\($0.name)", $0.entry) }
      + Self.named("moments", step.optimisers.map(\.moments)).map { ($0.name, .float32($0.tensor)) }
      + Self.named("best", state.bestWeights).map { ($0.name, .float32($0.tensor)) }
  }

  /// The checkpoint that was written as these.
  ///
  /// - Parameters:
  ///   - numbers: the JSON of `numbers`.
  ///   - tensors: by the names in `tensors`; `GeneratorTraining` checks them against its model.
  /// - Throws: `DecodingError`.
  public init(numbers: Data, tensors: [String: SafeTensors.Entry]) throws {
    self.numbers = numbers
    self.tensors = tensors.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    epoch = try Self.decoder.decode(Numbers.self, from: numbers).state.epoch
  }

  /// Puts model and optimisers back; nothing is changed when something does not fit.
  ///
  /// - Throws: `NetworkError.weights` when it is of another model; `DecodingError`.
  func restore(_ model: any GenerativeModel, _ step: GeneratorTrainingStep) throws -> TrainingState {
    let numbers = try Self.decoder.decode(Numbers.self, from: numbers)
    let found = Dictionary(tensors.map { ($0.name, $0.entry) }) { first, _ in first }
    let path = "the checkpoint"
    let moments = Self.named("moments", step.optimisers.map(\.moments))
    let weights = model.entries.compactMap { name, entry -> (name: String, tensor: Tensor)? in
      guard case .float32(let tensor) = entry else { return nil }
      return ("weights/\(name)", tensor)
    }
    let hasBest = found.keys.contains { $0.hasPrefix("best/") }
    let best = hasBest ? model.snapshot() : []
    let targets = weights + moments + Self.named("best", best)
    for (name, target) in targets {
      guard case .float32(let source) = found[name], source.shape == target.shape else {
        throw NetworkError.weights(path: path, problem: "'\(name)' is missing or misshapen")
      }
    }
    guard numbers.powers.count == step.optimisers.count, numbers.powers.allSatisfy({ $0.count == 2 }) else {
      throw NetworkError.weights(path: path, problem: "it is of a model with other optimisers")
    }
    for (name, target) in targets { try SafeTensors.fill(target, named: name, from: found, path: path) }
    for (optimiser, powers) in zip(step.optimisers, numbers.powers) { optimiser.decayPowers = (powers[0], powers[1]) }
    step.learningRate = Float(numbers.learningRate)
    var state = numbers.state
    state.bestWeights = best
    return state
  }

  private static func named(_ prefix: String, _ lists: [[Tensor]]) -> [(name: String, tensor: Tensor)] {
    lists.enumerated().flatMap { number, list in
      list.enumerated().map { ("\(prefix)/\(number)/\($0)", $1) }
    }
  }

  private static var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return encoder
  }

  private static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return decoder
  }
}
