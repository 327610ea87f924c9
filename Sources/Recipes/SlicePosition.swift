/// Which slice of a volume, along a plane's normal.
public enum SlicePosition: Sendable, Equatable, CustomStringConvertible {
  /// Counted from 0.
  case index(Int)
  /// In the volume's own coordinates.
  case millimetres(Double)
  case middle

  /// `middle`, an index such as `90`, or a position such as `-12.5mm`; nil for anything else.
  public init?(_ text: String) {
    if text == "middle" {
      self = .middle
    } else if text.hasSuffix("mm") {
      guard let value = SettingKind.decimal(String(text.dropLast(2))) else { return nil }
      self = .millimetres(value)
    } else {
      guard let index = SettingKind.wholeNumber(text), index >= 0 else { return nil }
      self = .index(index)
    }
  }

  public var description: String {
    switch self {
    case .index(let index): "\(index)"
    case .millimetres(let value): SettingValue.number(value).plain + "mm"
    case .middle: "middle"
    }
  }

  var settingValue: SettingValue {
    if case .index(let index) = self { return .integer(index) }
    return .text(description)
  }
}
