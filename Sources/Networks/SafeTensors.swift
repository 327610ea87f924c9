import Foundation
import Tensors

/// Weights on disk in the safetensors format: an 8-byte little-endian header length, a JSON header, and the values.
///
/// It holds data only, so a file from a stranger runs no code. Every number in the header is checked before use.
///
/// Source: the format's specification, "safetensors" by Hugging Face.
public enum SafeTensors {
  /// Most bytes of a header: 1 MiB, far more than ten thousand tensors need. It bounds what reading JSON may take; the
  /// values take no more memory than the file has bytes.
  public static let largestHeader = 1 << 20

  /// One tensor of float32, or the 64-bit counter that PyTorch's batch normalisation keeps.
  public enum Entry: Sendable {
    case float32(Tensor)
    case int64(Int64)

    /// Of the values.
    var byteCount: Int {
      switch self {
      case .float32(let tensor): 4 * tensor.count
      case .int64: 8
      }
    }
  }

  /// The bytes of a file.
  ///
  /// - Parameters:
  ///   - entries: names and values; names must differ.
  ///   - metadata: free text beside them.
  public static func encode(_ entries: [(name: String, entry: Entry)], metadata: [String: String] = [:]) throws -> Data
  {
    var bytes = Data(capacity: 1024 + entries.reduce(0) { $0 + $1.entry.byteCount })
    try write(entries, metadata: metadata) { bytes.append(contentsOf: $0) }
    return bytes
  }

  /// The bytes of a file, as `encode` makes them, piece by piece: the tensors are never copied as a whole.
  public static func write(
    _ entries: [(name: String, entry: Entry)], metadata: [String: String] = [:],
    to sink: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    var header: [String: Any] = metadata.isEmpty ? [:] : ["__metadata__": metadata]
    var offset = 0
    for (name, entry) in entries {
      precondition(header[name] == nil, "two tensors are called \(name)")
      switch entry {
      case .float32(let tensor):
        header[name] = ["dtype": "F32", "shape": tensor.shape, "data_offsets": [offset, offset + tensor.count * 4]]
        offset += tensor.count * 4
      case .int64:
        header[name] = ["dtype": "I64", "shape": [Int](), "data_offsets": [offset, offset + 8]]
        offset += 8
      }
    }
    var json = try JSONSerialization.data(withJSONObject: header, options: [.sortedKeys, .withoutEscapingSlashes])
    json.append(Data(repeating: UInt8(ascii: " "), count: (8 - json.count % 8) % 8))
    try withUnsafeBytes(of: UInt64(json.count).littleEndian) { try sink($0) }
    try json.withUnsafeBytes { try sink($0) }
    for (_, entry) in entries {
      switch entry {
      case .float32(let tensor): try sink(UnsafeRawBufferPointer(tensor.buffer))
      case .int64(let value): try withUnsafeBytes(of: value.littleEndian) { try sink($0) }
      }
    }
  }

  /// The tensors and the metadata of a file's bytes.
  ///
  /// - Parameters:
  ///   - bytes: of the whole file.
  ///   - path: named in errors.
  /// - Throws: `NetworkError.weights` if the bytes are not a whole, consistent file of float32 tensors.
  public static func decode(_ bytes: Data, path: String) throws -> (
    entries: [String: Entry], metadata: [String: String]
  ) {
    func failure(_ problem: String) -> NetworkError { .weights(path: path, problem: problem) }
    /// Names come from the file: only their start, and nothing that would break a line.
    func shown(_ name: String) -> String { String(name.prefix(80).map { $0.isNewline ? " " : $0 }) }
    guard bytes.count >= 8 else { throw failure("the file is too short for safetensors") }
    let length = bytes.prefix(8).enumerated().reduce(UInt64(0)) { $0 | UInt64($1.element) << (8 * UInt64($1.offset)) }
    guard length <= UInt64(bytes.count - 8) else { throw failure("the safetensors header is longer than the file") }
    guard length <= UInt64(largestHeader) else { throw failure("the safetensors header is over the limit of 1 MiB") }
    let start = bytes.startIndex + 8
    let json = bytes[start..<(start + Int(length))]
    guard json.first == UInt8(ascii: "{"),
      let header = try? JSONSerialization.jsonObject(with: Data(json)) as? [String: Any]
    else { throw failure("the safetensors header is not a JSON object") }
    let marks = Marks(in: json)
    guard keyCount(of: header) == marks.colons else { throw failure("the safetensors header repeats a name") }
    guard !marks.hasLetters else {
      throw failure("the safetensors header is damaged: it has values that are no text and no whole number")
    }
    let body = bytes[(start + Int(length))...]
    var entries: [String: Entry] = [:]
    var ranges: [Range<Int>] = []
    for (name, value) in header where name != "__metadata__" {
      guard let fields = value as? [String: Any], let type = fields["dtype"] as? String,
        let shape = fields["shape"] as? [Int], let offsets = fields["data_offsets"] as? [Int], offsets.count == 2,
        offsets[0] >= 0, offsets[0] <= offsets[1], offsets[1] <= body.count, shape.allSatisfy({ $0 >= 0 })
      else { throw failure("the entry of '\(shown(name))' is damaged") }
      let size = type == "I64" ? 8 : 4
      guard type == "F32" || type == "I64" else {
        throw failure("'\(shown(name))' has the type \(shown(type)), expected F32")
      }
      var count = size
      for dimension in shape {
        let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
        guard !overflow else { throw failure("the shape of '\(shown(name))' is impossible") }
        count = product
      }
      guard count == offsets[1] - offsets[0] else {
        throw failure("the shape of '\(shown(name))' does not fit its bytes")
      }
      ranges.append(offsets[0]..<offsets[1])
      let part = body[(body.startIndex + offsets[0])..<(body.startIndex + offsets[1])]
      if type == "I64" {
        guard shape.isEmpty else { throw failure("'\(shown(name))' is an integer array, expected one integer") }
        entries[name] = .int64(part.reversed().reduce(Int64(0)) { $0 << 8 | Int64($1) })
      } else {
        entries[name] = .float32(Tensor(shape) { target in _ = part.copyBytes(to: target) })
      }
    }
    var end = 0
    for range in ranges.sorted(by: { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }) {
      guard range.lowerBound == end else { throw failure("the values leave holes or overlap") }
      end = range.upperBound
    }
    guard end == body.count else { throw failure("the file is longer than its header says") }
    guard let metadata = header["__metadata__"] else { return (entries, [:]) }
    guard let texts = metadata as? [String: String] else { throw failure("its '__metadata__' is not text by name") }
    return (entries, texts)
  }

  /// The number of keys in all objects within `value`.
  private static func keyCount(of value: Any) -> Int {
    switch value {
    case let object as [String: Any]: object.values.reduce(object.count) { $0 + keyCount(of: $1) }
    case let list as [Any]: list.reduce(0) { $0 + keyCount(of: $1) }
    default: 0
    }
  }

  /// What lies outside the texts of valid JSON, which a reader of JSON does not pass on: it keeps one of two equal keys
  /// and reads `true` as 1, and says nothing.
  private struct Marks {
    /// As many as there are keys.
    var colons = 0
    /// Whether there is a `true`, `false`, `null`, fraction or exponent, which a safetensors header never has.
    var hasLetters = false

    init(in json: Data) {
      var (isText, isEscaped) = (false, false)
      for byte in json {
        if isEscaped {
          isEscaped = false
        } else if isText {
          if byte == UInt8(ascii: "\\") { isEscaped = true }
          if byte == UInt8(ascii: "\"") { isText = false }
        } else {
          switch byte {
          case UInt8(ascii: "\""): isText = true
          case UInt8(ascii: ":"): colons += 1
          case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "E"), UInt8(ascii: "."): hasLetters = true
          default: break
          }
        }
      }
    }
  }
}

extension SafeTensors {
  /// Writes an entry's values into a tensor.
  ///
  /// - Throws: `NetworkError.weights` if it is missing or has another shape.
  public static func fill(_ target: Tensor, named name: String, from entries: [String: Entry], path: String) throws {
    guard case .float32(let source) = entries[name] else {
      throw NetworkError.weights(path: path, problem: "the weights have no '\(name)'")
    }
    guard source.shape == target.shape else {
      throw NetworkError.weights(
        path: path, problem: "'\(name)' has the shape \(source.shape), expected \(target.shape)")
    }
    target.copyValues(of: source)
  }
}

extension Network {
  /// Parameters and running statistics under PyTorch's names.
  public var entries: [(name: String, entry: SafeTensors.Entry)] {
    parameters.map { ($0.name, .float32($0.variable.value)) }
      + statistics.map { ($0.name, .float32($0.tensor)) }
      + statistics.filter { $0.name.hasSuffix("running_mean") }
      .map { ($0.name.replacing("running_mean", with: "num_batches_tracked"), .int64(0)) }
  }

  /// Takes parameters and statistics from a file's entries.
  ///
  /// - Throws: `NetworkError.weights` if one is missing or has another shape.
  public func load(_ entries: [String: SafeTensors.Entry], path: String) throws {
    let targets = parameters.map { ($0.name, $0.variable.value) } + statistics.map { ($0.name, $0.tensor) }
    for (name, target) in targets { try SafeTensors.fill(target, named: name, from: entries, path: path) }
  }

  /// A copy of every parameter and statistic, to come back to.
  public func snapshot() -> [Tensor] {
    parameters.map { $0.variable.value.copy() } + statistics.map { $0.tensor.copy() }
  }

  /// Puts back what `snapshot()` copied.
  public func restore(_ snapshot: [Tensor]) {
    let targets = parameters.map(\.variable.value) + statistics.map(\.tensor)
    precondition(snapshot.count == targets.count, "a snapshot of another network")
    for (target, source) in zip(targets, snapshot) { target.copyValues(of: source) }
  }
}
