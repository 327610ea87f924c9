import Foundation

/// How far a long stage is, and how that reads. Nothing here knows a clock.
package struct ProgressText: Equatable {
  var name: String
  /// What is counted, such as "epochs".
  var unit: String
  var total: Int
  var done = 0
  /// Something that changes along the way, such as "loss 53.2".
  var detail: String?

  /// Units a second; nil while nothing can be said.
  func rate(after seconds: Double) -> Double? {
    done > 0 && seconds > 0 ? Double(done) / seconds : nil
  }

  func secondsLeft(after seconds: Double) -> Double? {
    rate(after: seconds).map { Double(max(0, total - done)) / $0 }
  }

  /// A bar for a terminal, at most `width` characters: name, bar, percent, rate, time left.
  func bar(after seconds: Double, width: Int) -> String {
    var facts = [Self.percent(done, of: total)]
    if let rate = rate(after: seconds) { facts.append(Self.rate(rate, unit)) }
    if let left = secondsLeft(after: seconds), done < total { facts.append("\(Self.duration(left)) left") }
    if let detail { facts.append(detail) }
    var title = name
    if title.count > 26 { title = title.prefix(23) + "..." }
    while facts.count > 1, title.count + 2 + 12 + facts.reduce(0, { $0 + 2 + $1.count }) > width { facts.removeLast() }
    let tail = facts.map { "  " + $0 }.joined()
    let room = min(30, width - title.count - 1 - 2 - tail.count)
    guard room >= 4 else { return String((title + tail).prefix(width)) }
    let filled = total > 0 ? min(room, room * done / total) : 0
    return "\(title) [\(String(repeating: "#", count: filled))\(String(repeating: "-", count: room - filled))]\(tail)"
  }

  /// A line for a log.
  func line(after seconds: Double) -> String {
    var facts = ["\(Self.grouped(done)) of \(Self.grouped(total)) \(unit)"]
    if let rate = rate(after: seconds) { facts.append(Self.rate(rate, unit)) }
    if let left = secondsLeft(after: seconds), done < total { facts.append("\(Self.duration(left)) left") }
    if let detail { facts.append(detail) }
    return "\(name): " + facts.joined(separator: ", ")
  }

  /// The last line of a stage in a log.
  func lastLine(after seconds: Double) -> String {
    "\(name): \(Self.grouped(done)) \(unit) in \(Self.duration(seconds))" + (detail.map { ", \($0)" } ?? "")
  }

  static func percent(_ done: Int, of total: Int) -> String {
    let percent = total > 0 ? min(100, 100 * done / total) : 100
    return String(repeating: " ", count: 3 - "\(percent)".count) + "\(percent) %"
  }

  static func rate(_ rate: Double, _ unit: String) -> String {
    switch rate {
    case 9.95...: "\(grouped(Int(min(rate, 1e15).rounded()))) \(unit)/s"
    case 1...: String(format: "%.1f", rate) + " \(unit)/s"
    case (1.0 / 60)...: String(format: "%.1f", rate * 60) + " \(unit)/min"
    default: String(format: "%.1f", rate * 3600) + " \(unit)/h"
    }
  }

  /// "8.2 s", "34 s", "2 min 05 s", "1 h 12 min", "2 d 3 h".
  package static func duration(_ seconds: Double) -> String {
    if seconds < 9.95 { return String(format: "%.1f s", max(0, seconds)) }
    let whole = Int(min(max(0, seconds), 1e12).rounded())
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    switch whole {
    case ..<60: return "\(whole) s"
    case ..<3600: return "\(whole / 60) min \(two(whole % 60)) s"
    case ..<86_400: return "\(whole / 3600) h \(two(whole / 60 % 60)) min"
    default: return "\(whole / 86_400) d \(whole / 3600 % 24) h"
    }
  }

  /// 12,345
  package static func grouped(_ number: Int) -> String {
    var digits = String(number.magnitude)
    var groups: [Substring] = []
    while digits.count > 3 {
      groups.insert(Substring(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    return (number < 0 ? "-" : "") + ([Substring(digits)] + groups).joined(separator: ",")
  }

  /// "243 MB", "1.2 GB".
  package static func size(_ bytes: Int) -> String {
    let megabytes = Double(bytes) / 1e6
    return switch megabytes {
    case ..<0.95: "\(max(1, Int((megabytes * 1000).rounded()))) kB"
    case ..<950: String(format: "%.0f MB", megabytes)
    default: String(format: "%.1f GB", megabytes / 1000)
    }
  }
}
