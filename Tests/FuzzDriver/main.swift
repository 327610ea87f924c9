import Foundation
import ReaderFuzzing

/// libFuzzer on one reader: `manikin-fuzz READER FOLDER [libFuzzer's options]`. Writes the reader's seeds and words below
/// FOLDER and starts from them.

@_silgen_name("LLVMFuzzerRunDriver")
func runDriver(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ callback: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

nonisolated(unsafe) var target = FuzzTarget.nifti

let given = CommandLine.arguments
guard given.count >= 3, let chosen = FuzzTarget(rawValue: given[1]) else {
  let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: "|")
  FileHandle.standardError.write(Data("usage: manikin-fuzz \(names) FOLDER [libFuzzer's options]\n".utf8))
  exit(2)
}
target = chosen

let corpus = URL(filePath: given[2], directoryHint: .isDirectory).appending(path: chosen.rawValue)
try FileManager.default.createDirectory(at: corpus, withIntermediateDirectories: true)
for (index, seed) in chosen.seeds.enumerated() { try Data(seed).write(to: corpus.appending(path: "seed-\(index)")) }
let dictionary = corpus.appendingPathExtension("words")
let lines = chosen.words.map { word in "\"" + word.utf8.map { "\\x" + String(format: "%02x", $0) }.joined() + "\"\n" }
try Data(lines.joined().utf8).write(to: dictionary)

let options =
  [given[0], "-max_len=\(chosen.longest)", "-dict=\(dictionary.path)"] + given.dropFirst(3) + [corpus.path]
var arguments = options.map { strdup($0) } + [nil]
var count = CInt(options.count)
let code = arguments.withUnsafeMutableBufferPointer { buffer in
  var base = buffer.baseAddress!
  return runDriver(&count, &base) { bytes, count in
    // A broken promise traps, which libFuzzer takes for a crash: it keeps the input.
    do { try target.run(Array(UnsafeBufferPointer(start: bytes, count: count))) } catch { fatalError("\(error)") }
    return 0
  }
}
exit(code)
