import Foundation
import Runs
import Synchronization
import Testing

@Suite struct ProgressReporterTests {
  /// What was written, and a clock that a test sets.
  final class Desk: Sendable {
    private let state = Mutex((time: 0.0, text: ""))
    var time: Double {
      get { state.withLock { $0.time } }
      set { state.withLock { $0.time = newValue } }
    }
    /// What was written since the last look.
    func taken() -> String {
      state.withLock { state in
        defer { state.text = "" }
        return state.text
      }
    }
    func reporter(_ style: ProgressReporter.Style) -> ProgressReporter {
      ProgressReporter(
        style: style, width: 80, output: { text in self.state.withLock { $0.text += text } }, now: { self.time })
    }
  }

  static let clear = "\r\u{1B}[2K"
  static let up = "\u{1B}[1A\u{1B}[2K"

  @Test func barShowsShareRateAndTimeLeft() {
    let desk = Desk()
    let stage = desk.reporter(.bar).stage("Training AD", total: 3000, unit: "steps")
    #expect(desk.taken() == "Training AD [\(String(repeating: "-", count: 30))]    0 %")
    desk.time = 20
    stage.advance(by: 1000)
    let filled = String(repeating: "#", count: 10) + String(repeating: "-", count: 20)
    #expect(desk.taken() == Self.clear + "Training AD [\(filled)]   33 %  50 steps/s  40 s left")
    desk.time = 65.2
    stage.update(to: 3000)
    _ = desk.taken()
    stage.finish()
    #expect(desk.taken() == Self.clear + "Training AD: 3,000 steps in 1 min 05 s\n")
    stage.finish()
    stage.advance()
    #expect(desk.taken() == "", "a stage that has ended says nothing more")
  }

  @Test func barIsDrawnTenTimesASecondAtMost() {
    let desk = Desk()
    let stage = desk.reporter(.bar).stage("a", total: 10_000, unit: "steps")
    var drawings = 0
    for step in 1...10_000 {
      desk.time = Double(step) * 0.001
      stage.advance()
      if !desk.taken().isEmpty { drawings += 1 }
    }
    #expect(drawings >= 95 && drawings <= 101)
  }

  @Test func stagesSideBySideHaveALineEach() {
    let desk = Desk()
    let reporter = desk.reporter(.bar)
    let first = reporter.stage("first", total: 10, unit: "runs")
    desk.time = 1
    let second = reporter.stage("second", total: 10, unit: "runs")
    #expect(desk.taken().split(separator: "\n").last?.hasPrefix("second [---") == true)
    reporter.note("a note")
    let text = desk.taken()
    #expect(text.hasPrefix(Self.clear + Self.up + "a note\nfirst ["), "both bars go, the note stays, both come back")
    #expect(text.hasSuffix("\nsecond [\(String(repeating: "-", count: 30))]    0 %"))
    first.finish()
    #expect(desk.taken().hasPrefix(Self.clear + Self.up + "first: 0 runs in 1.0 s\nsecond ["))
    second.finish()
    #expect(desk.taken() == Self.clear + "second: 0 runs in 0.0 s\n")
    reporter.note("b")
    #expect(desk.taken() == "b\n")
  }

  @Test func brokenOffStageLeavesNothing() {
    let desk = Desk()
    let reporter = desk.reporter(.bar)
    do { _ = reporter.stage("a", total: 10, unit: "runs") }
    #expect(desk.taken().hasSuffix(Self.clear))
    do { _ = desk.reporter(.lines).stage("a", total: 10, unit: "runs") }
    #expect(desk.taken() == "")
  }

  @Test func linesComeEveryTenSecondsAndAtTheEnd() {
    let desk = Desk()
    let stage = desk.reporter(.lines).stage("Training AD", total: 3000, unit: "steps")
    var lines = ""
    for step in 1...3000 {
      desk.time = Double(step) / 100
      stage.advance()
      lines += desk.taken()
    }
    stage.finish()
    #expect(
      lines + desk.taken() == """
        Training AD: 1,000 of 3,000 steps, 100 steps/s, 20 s left
        Training AD: 2,000 of 3,000 steps, 100 steps/s, 10 s left
        Training AD: 3,000 of 3,000 steps, 100 steps/s
        Training AD: 3,000 steps in 30 s

        """)
  }

  @Test func silentSaysNothing() {
    let desk = Desk()
    let reporter = desk.reporter(.silent)
    let stage = reporter.stage("a", total: 1, unit: "runs")
    desk.time = 100
    stage.advance()
    reporter.note("b")
    stage.finish()
    #expect(desk.taken() == "")
  }

  @Test func updatesFromManyThreadsAllCount() {
    let desk = Desk()
    let stage = desk.reporter(.lines).stage("a", total: 10_000, unit: "runs")
    DispatchQueue.concurrentPerform(iterations: 100) { _ in
      for _ in 0..<100 { stage.advance() }
    }
    stage.update(to: 5)
    stage.detail("loss 5.3")
    stage.finish()
    #expect(desk.taken() == "a: 10,000 runs in 0.0 s, loss 5.3\n")
  }

  @Test(arguments: [
    (30, 1, "2.0 runs/min"), (100.0, 1, "36.0 runs/h"), (1.0, 3, "3.0 runs/s"), (1.0, 1234, "1,234 runs/s"),
  ])
  func ratesAreReadable(seconds: Double, done: Int, rate: String) {
    let desk = Desk()
    let stage = desk.reporter(.bar).stage("a", total: 100_000, unit: "runs")
    desk.time = seconds
    stage.advance(by: done)
    #expect(desk.taken().contains("  \(rate)"))
  }

  @Test(arguments: [
    (0.0, "0.0 s"), (9.94, "9.9 s"), (9.96, "10 s"), (59.4, "59 s"), (59.6, "1 min 00 s"), (125, "2 min 05 s"),
    (4321, "1 h 12 min"), (183_700, "2 d 3 h"),
  ])
  func durationsAreReadable(seconds: Double, text: String) {
    let desk = Desk()
    let stage = desk.reporter(.lines).stage("a", total: 1, unit: "runs")
    desk.time = seconds
    stage.finish()
    #expect(desk.taken() == "a: 0 runs in \(text)\n")
  }

  @Test(
    arguments: [20, 40, 60, 79], ["T", "Training 2 models", String(repeating: "a long name ", count: 8)])
  func barFitsTheWidth(width: Int, name: String) {
    let written = Mutex("")
    let time = Mutex(0.0)
    let reporter = ProgressReporter(
      style: .bar, width: width, output: { text in written.withLock { $0 += text } }, now: { time.withLock { $0 } })
    for total in [0, 1, 7, 10_000_000] {
      let stage = reporter.stage(name, total: total, unit: "optimiser steps")
      for (seconds, done) in [(0.1, 0), (0.5, 1), (4000.0, total / 3 + 1), (400_000.0, total), (400_001.0, total + 5)] {
        time.withLock { $0 += seconds }
        stage.update(to: done)
        stage.detail("loss 123.456789")
      }
    }
    let lines = written.withLock { $0 }.replacing(Self.clear, with: "\n").split(separator: "\n")
    #expect(lines.count >= 20)
    #expect(lines.allSatisfy { $0.count <= width }, "\(lines)")
  }
}
