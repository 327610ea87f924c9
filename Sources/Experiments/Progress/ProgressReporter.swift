import Foundation

/// Tells a person how far a long stage is: a bar on a terminal, plain lines otherwise, nothing when quiet.
public final class ProgressReporter: Sendable {
  /// Where the words go.
  public enum Style: Sendable {
    /// One line that is redrawn, at most ten times a second.
    case bar
    /// A line at most every ten seconds, and one at the end.
    case lines
    case silent
  }

  private let style: Style
  private let output: @Sendable (String) -> Void
  private let now: @Sendable () -> Double

  /// - Parameters:
  ///   - output: gets text to show, line ends included.
  ///   - now: seconds from any fixed moment.
  public init(
    style: Style, output: @escaping @Sendable (String) -> Void,
    now: @escaping @Sendable () -> Double = { Date().timeIntervalSinceReferenceDate }
  ) {
    self.style = style
    self.output = output
    self.now = now
  }

  /// A reporter that says nothing.
  public static let silent = ProgressReporter(style: .silent, output: { _ in })

  /// A line for the user that stays on the screen.
  public func note(_ text: String) {
    if style != .silent { output(text + "\n") }
  }

  /// Begins a stage of `total` units of work.
  public func stage(_ name: String, total: Int, unit: String) -> Stage {
    Stage(name: name, total: max(total, 1), unit: unit, style: style, output: output, now: now)
  }

  /// One stage; may be updated from any thread.
  public final class Stage: @unchecked Sendable {
    private let name: String
    private let total: Int
    private let unit: String
    private let style: Style
    private let output: @Sendable (String) -> Void
    private let now: @Sendable () -> Double
    private let start: Double
    private let lock = NSLock()
    private var done = 0
    private var lastShown: Double
    private var isFinished = false

    init(
      name: String, total: Int, unit: String, style: Style, output: @escaping @Sendable (String) -> Void,
      now: @escaping @Sendable () -> Double
    ) {
      (self.name, self.total, self.unit) = (name, total, unit)
      (self.style, self.output, self.now) = (style, output, now)
      start = now()
      lastShown = style == .bar ? -Double.infinity : start
    }

    /// Adds to the work done.
    public func advance(by count: Int = 1) {
      lock.withLock { show(done + count) }
    }

    /// Sets the work done.
    public func update(to count: Int) {
      lock.withLock { if count > done { show(count) } }
    }

    /// Ends the stage: the bar makes room, and a line says what was done and how long it took.
    public func finish() {
      lock.withLock {
        guard !isFinished, style != .silent else { return }
        isFinished = true
        let clear = style == .bar ? "\r\u{1B}[K" : ""
        output("\(clear)\(name): \(done) \(unit) in \(Self.duration(now() - start))\n")
      }
    }

    private func show(_ count: Int) {
      done = count
      let time = now()
      let interval = style == .bar ? 0.1 : 10
      guard !isFinished, style != .silent, time - lastShown >= interval else { return }
      lastShown = time
      let line = Self.line(name: name, done: done, total: total, unit: unit, elapsed: time - start, bar: style == .bar)
      output(style == .bar ? "\r\(line)\u{1B}[K" : line + "\n")
    }

    /// One line of at most 79 characters: name, bar, share, rate and time left.
    static func line(name: String, done: Int, total: Int, unit: String, elapsed: Double, bar: Bool) -> String {
      let share = min(1, Double(done) / Double(total))
      let rate = elapsed > 0 ? Double(done) / elapsed : 0
      let rateText = rate > 0 ? (rate >= 10 ? "\(Int(rate))" : String(format: "%.1f", rate)) + " \(unit)/s" : ""
      let left = done > 0 && done < total ? "\(duration(elapsed / Double(done) * Double(total - done))) left" : ""
      let numbers = [String(format: "%3d %%", Int(share * 100)), rateText, left].filter { !$0.isEmpty }
        .joined(separator: ", ")
      guard bar else { return "\(name): \(numbers)" }
      let width = max(0, min(24, 79 - name.count - numbers.count - 5))
      let filled = Int(share * Double(width))
      let picture = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
      return String("\(name) [\(picture)] \(numbers)".prefix(79))
    }

    static func duration(_ seconds: Double) -> String {
      if seconds < 10 { return String(format: "%.1f s", seconds) }
      let whole = Int(seconds.rounded())
      if whole < 60 { return "\(whole) s" }
      if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
      return "\(whole / 3600) h \(whole % 3600 / 60) min"
    }
  }
}
