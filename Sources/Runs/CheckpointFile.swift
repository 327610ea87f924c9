import Foundation
import Generators
import Networks
import Recipes

/// When trainings leave checkpoints, and where.
package struct Checkpoints: Sendable {
  /// Seconds between two. Each also waits a hundred times as long as the last one took, so that they cost less than 1 %.
  package var interval = 300.0
  /// Nil: beside the models of the run folder.
  package var folder: URL?
  /// Called after each step with its epoch, from 1: whether to leave a checkpoint and stop there, for tests.
  package var stopsIn: (@Sendable (_ epoch: Int) -> Bool)?

  /// A training that `stopsIn` ended.
  package struct Stopped: Error {}

  package init() {}
}

/// The checkpoint of one training: a file that is whole or not there, replaced by the next one, and gone when the model is
/// done.
///
/// 8 bytes that count those of a JSON object (little-endian), the object, tensors as safetensors, and the SHA-256 of all that as
/// 64 digits.
package final class CheckpointFile {
  private let url: URL
  /// What the training follows from, by name.
  private let inputs: [String: String]
  private let settings: Checkpoints
  private let progress: ProgressReporter
  private var next: ContinuousClock.Instant
  private var isRefused = false

  private struct Head: Codable {
    var inputs: [String: String]
    var numbers: Data
  }

  /// - Parameters:
  ///   - url: hidden, for no name of a class begins with a dot.
  ///   - inputs: the digests of the recipe's sections, of the images, of whatever else the model follows from.
  package init(_ url: URL, inputs: [String: String], settings: Checkpoints, progress: ProgressReporter) {
    self.url = url
    self.inputs = inputs.merging(["manikin": Manikin.version]) { $1 }
    (self.settings, self.progress) = (settings, progress)
    next = .now + .seconds(settings.interval)
  }

  /// Where an earlier start was; nil where there is none, or none of this training, which is said. Makes the folder.
  ///
  /// - Throws: `ExperimentsError.unwritable`.
  package func open() throws -> TrainingCheckpoint? {
    try AtomicFile.makeFolder(url.deletingLastPathComponent())
    guard FileManager.default.fileExists(atPath: url.path) else { return nil }
    guard let (head, body) = parts() else {
      progress.note("The checkpoint \(url.relativePath) is damaged, so that its training begins anew")
      return nil
    }
    if let name = Set(inputs.keys).union(head.inputs.keys).sorted().first(where: { head.inputs[$0] != inputs[$0] }) {
      progress.note(
        "The checkpoint \(url.relativePath) is of another training (its \(name) differs), so that this one begins anew"
      )
      return nil
    }
    guard let entries = try? SafeTensors.decode(body, path: url.relativePath).entries,
      let found = try? TrainingCheckpoint(numbers: head.numbers, tensors: entries)
    else {
      progress.note("The checkpoint \(url.relativePath) is damaged, so that its training begins anew")
      return nil
    }
    return found
  }

  private func parts() -> (Head, Data)? {
    let digits = 64
    guard let bytes = try? Data(contentsOf: url, options: .mappedIfSafe), bytes.count >= 8 + digits else { return nil }
    let content = bytes.dropLast(digits)
    guard Data(Checksum.of(content).utf8) == bytes.suffix(digits) else { return nil }
    let length = content.prefix(8).enumerated().reduce(UInt64(0)) { $0 | UInt64($1.element) << (8 * UInt64($1.offset)) }
    guard length <= UInt64(content.count - 8) else { return nil }
    let json = content.dropFirst(8).prefix(Int(length))
    guard let head = try? JSONDecoder().decode(Head.self, from: Data(json)) else { return nil }
    return (head, content.dropFirst(8 + Int(length)))
  }

  /// Called after each step: writes a checkpoint when it is time for one, or the process is about to end.
  ///
  /// - Throws: `Checkpoints.Stopped`.
  package func step(_ epoch: Int, _ checkpoint: () throws -> TrainingCheckpoint) throws {
    TrainingStop.obey { try write(checkpoint()) }
    if settings.stopsIn?(epoch) == true {
      try write(checkpoint())
      throw Checkpoints.Stopped()
    }
    guard !isRefused, ContinuousClock.now >= next else { return }
    let start = ContinuousClock.now
    do {
      try write(checkpoint())
    } catch let error as ExperimentsError {
      // A training does without.
      progress.note("warning: no checkpoint: \(error)")
      isRefused = true
    }
    let taken = start.duration(to: .now)
    next = .now + max(.seconds(settings.interval), taken * 100)
  }

  private func write(_ checkpoint: TrainingCheckpoint) throws {
    let head = try JSONEncoder().encode(Head(inputs: inputs, numbers: checkpoint.numbers))
    let hash = SHA256()
    try AtomicFile.write(to: url) { sink in
      func put(_ bytes: UnsafeRawBufferPointer) throws {
        hash.update(bytes)
        try sink(bytes)
      }
      try withUnsafeBytes(of: UInt64(head.count).littleEndian) { try put($0) }
      try head.withUnsafeBytes { try put($0) }
      try SafeTensors.write(checkpoint.tensors) { try put($0) }
      try Data(hash.hexadecimalDigest().utf8).withUnsafeBytes { try sink($0) }
    }
  }

  /// Removes it: the model is there, or cannot be.
  package func remove() { try? FileManager.default.removeItem(at: url) }
}
