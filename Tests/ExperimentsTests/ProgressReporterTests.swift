import Experiments
import Foundation
import Testing

@Suite struct ProgressReporterTests {
  /// A clock that is set by hand, and what was shown.
  private final class Scene: @unchecked Sendable {
    private let lock = NSLock()
    private var seconds = 100.0
    private var texts: [String] = []

    var shown: [String] { lock.withLock { texts } }
    var time: Double {
      get { lock.withLock { seconds } }
      set { lock.withLock { seconds = newValue } }
    }

    func reporter(_ style: ProgressReporter.Style) -> ProgressReporter {
      ProgressReporter(
        style: style, output: { text in self.lock.withLock { self.texts.append(text) } }, now: { self.time })
    }
  }

  @Test func aBarIsRedrawnAtMostTenTimesASecond() {
    let scene = Scene()
    let stage = scene.reporter(.bar).stage("Training", total: 1000, unit: "epochs")
    for _ in 0..<500 {
      scene.time += 0.01
      stage.advance()
    }
    #expect((45...51).contains(scene.shown.count), "\(scene.shown.count) times in 5 s")
    #expect(scene.shown.allSatisfy { $0.hasPrefix("\r") && !$0.contains("\n") && $0.hasSuffix("\u{1B}[K") })
    let last = scene.shown.last!
    #expect(
      last.contains("Training [") && last.contains(" %") && last.contains("100 epochs/s") && last.contains("left"))
    stage.finish()
    #expect(scene.shown.last == "\r\u{1B}[KTraining: 500 epochs in 5.0 s\n")
    let count = scene.shown.count
    stage.finish()
    scene.time += 60
    stage.advance()
    #expect(scene.shown.count == count)
  }

  @Test(arguments: ["T", "Training 2 models", String(repeating: "a long name ", count: 8)], [1, 7, 10_000_000])
  func aBarFitsALine(name: String, total: Int) {
    let scene = Scene()
    let stage = scene.reporter(.bar).stage(name, total: total, unit: "images")
    for (time, done) in [(0.1, 0), (0.5, 1), (4000.0, total / 3 + 1), (400_000.0, total), (400_001.0, total + 5)] {
      scene.time = 100 + time
      stage.update(to: done)
      stage.advance(by: 0)
    }
    #expect(!scene.shown.isEmpty)
    for text in scene.shown {
      let line = text.dropFirst().replacing("\u{1B}[K", with: "")
      #expect(line.count <= 79, "\(line)")
    }
  }

  @Test func theShareAndTheTimeLeft() {
    let scene = Scene()
    let stage = scene.reporter(.lines).stage("Drawing", total: 200, unit: "images")
    scene.time += 5
    stage.advance(by: 10)
    #expect(scene.shown.isEmpty)
    scene.time += 5
    stage.advance(by: 40)
    #expect(scene.shown == ["Drawing:  25 %, 5.0 images/s, 30 s left\n"])
    scene.time += 9
    stage.advance(by: 40)
    stage.update(to: 60)
    #expect(scene.shown.count == 1)
    scene.time += 1
    stage.advance(by: 10)
    #expect(scene.shown.last == "Drawing:  50 %, 5.0 images/s, 20 s left\n")
    scene.time += 100
    stage.update(to: 200)
    stage.finish()
    #expect(scene.shown.last == "Drawing: 200 images in 2 min 0 s\n")
    #expect(scene.shown.count == 4)
  }

  @Test(arguments: [(0.0, "0.0 s"), (9.94, "9.9 s"), (59.4, "59 s"), (61.0, "1 min 1 s"), (3725.0, "1 h 2 min")])
  func durationsAreShort(seconds: Double, text: String) {
    let scene = Scene()
    let stage = scene.reporter(.lines).stage("Work", total: 1, unit: "parts")
    scene.time += seconds
    stage.finish()
    #expect(scene.shown == ["Work: 0 parts in \(text)\n"])
  }

  @Test func silenceIsSilent() {
    let scene = Scene()
    let reporter = scene.reporter(.silent)
    reporter.note("words")
    let stage = reporter.stage("Work", total: 3, unit: "parts")
    scene.time += 60
    stage.advance(by: 3)
    stage.finish()
    #expect(scene.shown.isEmpty)
    scene.reporter(.lines).note("words")
    #expect(scene.shown == ["words\n"])
  }
}
