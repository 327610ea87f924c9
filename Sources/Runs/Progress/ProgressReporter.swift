import Foundation
import Synchronization

/// Tells a person how far long stages are, several side by side if need be, from any thread.
///
/// On a terminal every stage has a bar, redrawn at most ten times a second and gone at its end; elsewhere a stage writes
/// a line at most every ten seconds. At its end a stage leaves one line that says what was done and how long it took.
public final class ProgressReporter: Sendable {
  /// Where the words go.
  public enum Style: Sendable {
    case bar
    case lines
    case silent
  }

  /// Seconds between two drawings of the bars.
  static let redrawInterval = 0.1
  /// Seconds between two lines of one stage.
  static let lineInterval = 10.0
  /// Bars on the screen at once; further stages wait for room.
  static let mostBars = 8

  private let style: Style
  private let width: Int
  private let output: @Sendable (String) -> Void
  private let now: @Sendable () -> Double
  private let screen = Mutex(Screen())

  /// A reporter with no stage begun.
  ///
  /// - Parameters:
  ///   - style: bars for a terminal, lines for a file, or nothing.
  ///   - width: columns of a bar at most.
  ///   - output: gets text to show, line ends included; never called twice at once.
  ///   - now: seconds from any fixed moment, which must not run back.
  public init(
    style: Style, width: Int = 79, output: @escaping @Sendable (String) -> Void,
    now: @escaping @Sendable () -> Double = { ProcessInfo.processInfo.systemUptime }
  ) {
    self.style = style
    self.width = width
    self.output = output
    self.now = now
  }

  /// A reporter that says nothing.
  public static let silent = ProgressReporter(style: .silent, output: { _ in })

  /// A line for the user that stays on the screen, above the bars.
  public func note(_ text: String) {
    guard style != .silent else { return }
    let time = now()
    screen.withLock { screen in
      output(Self.erasing(&screen) + text + "\n")
      draw(&screen, at: time, always: true)
    }
  }

  /// Begins a stage of `total` units of work. It ends with `finish()`; when the value goes before, it was broken off.
  public func stage(_ name: String, total: Int, unit: String) -> Stage {
    let time = now()
    let id = screen.withLock { screen in
      screen.begun += 1
      screen.running.append(
        Running(
          id: screen.begun, text: ProgressText(name: name, unit: unit, total: total), start: time, lastLine: time))
      draw(&screen, at: time, always: false)
      return screen.begun
    }
    return Stage(reporter: self, id: id)
  }

  /// One stage; may be updated from any thread.
  public final class Stage: Sendable {
    private let reporter: ProgressReporter
    private let id: Int

    init(reporter: ProgressReporter, id: Int) {
      self.reporter = reporter
      self.id = id
    }

    /// Adds to the work done.
    public func advance(by count: Int = 1) {
      reporter.change(id) { $0.done += count }
    }

    /// Sets the work done; less than before changes nothing.
    public func update(to count: Int) {
      reporter.change(id) { $0.done = max($0.done, count) }
    }

    /// Shows something that changes along the way beside the bar, such as "loss 53.2".
    public func detail(_ text: String) {
      reporter.change(id) { $0.detail = text }
    }

    /// Ends the stage.
    public func finish() {
      reporter.end(id, isFinished: true)
    }

    deinit {
      reporter.end(id, isFinished: false)
    }
  }

  private struct Running {
    var id: Int
    var text: ProgressText
    var start: Double
    var lastLine: Double
  }

  /// What is on the screen.
  private struct Screen {
    var running: [Running] = []
    var begun = 0
    var bars = 0
    var lastDrawing = -Double.infinity
  }

  private func change(_ id: Int, _ change: (inout ProgressText) -> Void) {
    guard style != .silent else { return }
    let time = now()
    screen.withLock { screen in
      guard let index = screen.running.firstIndex(where: { $0.id == id }) else { return }
      change(&screen.running[index].text)
      let stage = screen.running[index]
      if style == .lines, time - stage.lastLine >= Self.lineInterval {
        screen.running[index].lastLine = time
        output(stage.text.line(after: time - stage.start) + "\n")
      }
      draw(&screen, at: time, always: false)
    }
  }

  private func end(_ id: Int, isFinished: Bool) {
    let time = now()
    screen.withLock { screen in
      guard let index = screen.running.firstIndex(where: { $0.id == id }) else { return }
      let stage = screen.running.remove(at: index)
      guard style != .silent else { return }
      let last = isFinished ? stage.text.lastLine(after: time - stage.start) + "\n" : ""
      let text = Self.erasing(&screen) + last
      if !text.isEmpty { output(text) }
      draw(&screen, at: time, always: true)
    }
  }

  private func draw(_ screen: inout Screen, at time: Double, always: Bool) {
    guard style == .bar, always || time - screen.lastDrawing >= Self.redrawInterval else { return }
    let bars = screen.running.prefix(Self.mostBars).map { $0.text.bar(after: time - $0.start, width: width) }
    let text = Self.erasing(&screen) + bars.joined(separator: "\n")
    if !text.isEmpty { output(text) }
    screen.bars = bars.count
    screen.lastDrawing = time
  }

  /// What takes the bars off the screen and leaves the cursor where they began.
  private static func erasing(_ screen: inout Screen) -> String {
    guard screen.bars > 0 else { return "" }
    defer { screen.bars = 0 }
    return "\r\u{1B}[2K" + String(repeating: "\u{1B}[1A\u{1B}[2K", count: screen.bars - 1)
  }
}
