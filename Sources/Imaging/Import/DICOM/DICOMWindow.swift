import Foundation

/// Which part of the values of a DICOM image is shown, and how.
///
/// Source: DICOM PS3.3, C.11.2 (VOI LUT).
public enum DICOMWindow: Sendable, Equatable, CustomStringConvertible {
  /// None: the values as they are, after the modality's rescaling.
  case full
  /// The values about a centre, as numbers from 0 to 255.
  case given(centre: Double, width: Double)
  /// The first window that each file states, as numbers from 0 to 255.
  case file

  /// Reads `40,400` (centre and width), `file` or `full`; nil for anything else.
  public init?(_ text: String) {
    switch text {
    case "full": self = .full
    case "file": self = .file
    default:
      let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
      guard numbers.count == 2, let centre = numbers[0], let width = numbers[1], centre.isFinite, width.isFinite,
        width >= 1
      else { return nil }
      self = .given(centre: centre, width: width)
    }
  }

  public var description: String {
    switch self {
    case .full: "full"
    case .file: "file"
    case .given(let centre, let width): "\(centre),\(width)"
    }
  }

  /// From a value to a grey from 0 to 255.
  enum Curve: Sendable, Equatable {
    case linear, linearExact, sigmoid

    func grey(_ value: Double, centre: Double, width: Double) -> Double {
      let share: Double =
        switch self {
        case .linear where width == 1: value > centre - 0.5 ? 1 : 0
        case .linear: (value - (centre - 0.5)) / (width - 1) + 0.5
        case .linearExact: (value - centre) / width + 0.5
        case .sigmoid: 1 / (1 + exp(-4 * (value - centre) / width))
        }
      return 255 * min(1, max(0, share))
    }
  }
}
