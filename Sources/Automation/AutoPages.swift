import Datasets
import Foundation
import Runs

/// The files that tell the answer: `methods.md`, `report.html` and, when the others are there, `answer.json`.
struct AutoPages {
  let run: AutoRun
  let data: ExperimentData
  let answer: AutoAnswer

  func write(to folder: URL) throws {
    let whole = try run.whole(data)
    let methods = MethodsPage(run: run, whole: whole, answer: answer)
    let report = AutoReport(run: run, data: data, whole: whole, answer: answer)
    try AtomicFile.write(methods.text, to: folder.appending(path: "methods.md"))
    try AtomicFile.write(try report.html(), to: folder.appending(path: "report.html"))
    try RunFolder.write(answer, to: folder.appending(path: "answer.json"))
  }
}
