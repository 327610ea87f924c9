import Foundation
import Networks
import Testing

/// Weights files made by hand to mislead: each is refused with one sentence.
@Suite struct HostileSafeTensorsTests {
  static func file(_ header: String, body: Int, length: UInt64? = nil) -> Data {
    let json = Array(header.utf8)
    return withUnsafeBytes(of: (length ?? UInt64(json.count)).littleEndian) { Data($0) } + Data(json)
      + Data(repeating: 0, count: body)
  }

  static func entry(_ name: String, _ shape: String, _ from: Int, _ to: Int, type: String = "F32") -> String {
    "\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":[\(from),\(to)]}"
  }

  static let cases: [(String, Data, String)] = [
    ("length beyond the file", file("{}", body: 0, length: 3), "longer than the file"),
    ("length of 64 bits", file("{}", body: 0, length: .max), "longer than the file"),
    ("length of 63 bits", file("{}", body: 0, length: 1 << 63), "longer than the file"),
    ("header over the cap", file("{" + String(repeating: " ", count: 1 << 20) + "}", body: 0), "limit of 1 MiB"),
    ("deep nesting", file("{\"a\":" + String(repeating: "[", count: 100_000), body: 0), "not a JSON object"),
    ("a list", file("[]", body: 0), "not a JSON object"),
    ("text after the object", file("{}{}", body: 0), "not a JSON object"),
    ("a name twice", file("{\(entry("a", "[1]", 0, 4)),\(entry("a", "[1]", 0, 4))}", body: 4), "repeats a name"),
    (
      "a field twice",
      file("{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", body: 4),
      "repeats a name"
    ),
    ("overlap", file("{\(entry("a", "[2]", 0, 8)),\(entry("b", "[2]", 4, 12))}", body: 12), "holes or overlap"),
    ("the same bytes", file("{\(entry("a", "[1]", 0, 4)),\(entry("b", "[1]", 0, 4))}", body: 4), "holes or overlap"),
    ("a hole", file("{\(entry("a", "[1]", 0, 4)),\(entry("b", "[1]", 8, 12))}", body: 12), "holes or overlap"),
    ("a hole at the start", file("{\(entry("a", "[1]", 4, 8))}", body: 8), "holes or overlap"),
    ("more than declared", file("{\(entry("a", "[1]", 0, 4))}", body: 8), "longer than its header"),
    ("less than declared", file("{\(entry("a", "[1]", 0, 4))}", body: 3), "damaged"),
    ("offsets backwards", file("{\(entry("a", "[1]", 4, 0))}", body: 4), "damaged"),
    ("offsets negative", file("{\(entry("a", "[1]", -4, 0))}", body: 4), "damaged"),
    ("shape overflows", file("{\(entry("a", "[4611686018427387904,4]", 0, 4))}", body: 4), "impossible"),
    ("shape wraps to 1", file("{\(entry("a", "[4294967296,4294967296,16]", 0, 4))}", body: 4), "impossible"),
    ("shape beyond 64 bits", file("{\(entry("a", "[99999999999999999999]", 0, 4))}", body: 4), "'a'"),
    ("shape of fractions", file("{\(entry("a", "[0.5]", 0, 2))}", body: 2), "damaged"),
    ("shape of truths", file("{\(entry("a", "[true]", 0, 4))}", body: 4), "damaged"),
    ("offsets of truths", file("{\(entry("a", "[1]", 0, 4)),\"b\":{\"data_offsets\":[4,false]}}", body: 4), "damaged"),
    ("shape with an exponent", file("{\(entry("a", "[1e0]", 0, 4))}", body: 4), "damaged"),
    ("shape negative", file("{\(entry("a", "[-1]", 0, 4))}", body: 4), "damaged"),
    ("another type", file("{\(entry("a", "[1]", 0, 2, type: "F16"))}", body: 2), "the type F16"),
    ("integers", file("{\(entry("a", "[1]", 0, 8, type: "I64"))}", body: 8), "an integer array"),
    ("metadata of numbers", file("{\"__metadata__\":{\"a\":1}}", body: 0), "not text"),
    ("a name of two lines", file("{\(entry("a\\n\\u2028b", "[2]", 0, 4))}", body: 4), "'a"),
  ]

  @Test(arguments: cases.indices) func refused(index: Int) {
    let (label, bytes, words) = Self.cases[index]
    let error = #expect(throws: NetworkError.self, "\(label)") { try SafeTensors.decode(bytes, path: "x.safetensors") }
    let text = error?.description ?? ""
    #expect(text.contains(words) && !text.contains(where: \.isNewline), "\(label): \(text)")
  }

  @Test func badUTF8() {
    var bytes = Self.file("{\(Self.entry("a", "[1]", 0, 4))}", body: 4)
    bytes[10] = 0xFF
    #expect(throws: NetworkError.self) { try SafeTensors.decode(bytes, path: "x.safetensors") }
  }

  @Test func emptyTensorsWithHugeSizesTakeNoMemory() throws {
    let bytes = Self.file("{\(Self.entry("a", "[0,4611686018427387904,8]", 0, 0))}", body: 0)
    let (entries, _) = try SafeTensors.decode(bytes, path: "x.safetensors")
    guard case .float32(let tensor) = entries["a"] else {
      Issue.record("no tensor")
      return
    }
    #expect(tensor.count == 0)
  }
}
