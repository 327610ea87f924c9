import Foundation

/// Numbers as a reader sees them: a real minus sign, grouped thousands, a dash for what is undefined.
package enum NumberText {
  /// What stands for an undefined value.
  package static let undefined = "–"

  /// A fraction as a percentage without the sign, `0.831` as `83.1`.
  package static func percent(_ fraction: Double?, decimals: Int = 1) -> String {
    guard let fraction, fraction.isFinite else { return undefined }
    return fixed(fraction * 100, decimals: decimals)
  }

  /// A number with so many decimals and grouped thousands.
  package static func fixed(_ value: Double, decimals: Int) -> String {
    var text = String(format: "%.\(decimals)f", abs(value))
    let isZero = !text.contains { $0 != "0" && $0 != "." }
    let point = text.firstIndex(of: ".") ?? text.endIndex
    var position = text.distance(from: text.startIndex, to: point) - 3
    while position > 0 {
      text.insert(",", at: text.index(text.startIndex, offsetBy: position))
      position -= 3
    }
    return (value < 0 && !isZero ? "−" : "") + text
  }

  /// A number with three significant digits, or more where the whole part has more; powers of ten outside
  /// 0.001...1,000,000.
  package static func significant(_ value: Double?) -> String {
    guard let value, value.isFinite else { return undefined }
    if value == 0 { return "0" }
    let exponent = Int(log10(abs(value)).rounded(.down))
    guard (-3..<6).contains(exponent) else { return scientific(value, exponent: exponent) }
    return trimmed(fixed(value, decimals: max(0, 2 - exponent)))
  }

  /// How many decimals, at most six, show the smallest of `values` that is not zero with three significant digits.
  package static func decimals(for values: [Double]) -> Int {
    let smallest = values.filter(\.isFinite).map(abs).filter { $0 > 0 }.min() ?? 1
    return min(6, max(0, 2 - Int(log10(smallest).rounded(.down))))
  }

  /// The label of a tick among ticks that are `step` apart.
  package static func tick(_ value: Double, step: Double) -> String {
    let largest = max(abs(value), step)
    guard step > 0, largest < 1e6, step >= 1e-4 else { return significant(value) }
    let decimals = max(0, -Int(log10(step).rounded(.down)))
    let needsOneMore = abs(step * pow(10, Double(decimals)) - (step * pow(10, Double(decimals))).rounded()) > 1e-6
    return fixed(value, decimals: decimals + (needsOneMore ? 1 : 0))
  }

  private static func scientific(_ value: Double, exponent: Int) -> String {
    let mantissa = trimmed(String(format: "%.2f", abs(value) / pow(10, Double(exponent))))
    if mantissa == "10" { return scientific(value < 0 ? -1 : 1, power: exponent + 1, mantissa: "1") }
    return scientific(value, power: exponent, mantissa: mantissa)
  }

  private static func scientific(_ value: Double, power: Int, mantissa: String) -> String {
    let digits: [Character: Character] = [
      "-": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸", "9": "⁹",
    ]
    let power = "10" + String(String(power).map { digits[$0] ?? $0 })
    return (value < 0 ? "−" : "") + (mantissa == "1" ? power : "\(mantissa) × \(power)")
  }

  private static func trimmed(_ text: String) -> String {
    guard text.contains(".") else { return text }
    var text = Substring(text)
    while text.last == "0" { text.removeLast() }
    if text.last == "." { text.removeLast() }
    return String(text)
  }
}
