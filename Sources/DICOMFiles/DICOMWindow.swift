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

  /// Why an image has no window of its own.
  static let missing = DICOMPixels.Refusal(
    reason: "it states no window", remedy: "give one with --window CENTRE,WIDTH, or leave the option out")

  /// From values of the modality to greys from 0 to 255.
  package struct Setting: Sendable, Equatable {
    enum Curve: Sendable, Equatable {
      case linear, linearExact, sigmoid
    }

    var centre: Double
    var width: Double
    var curve = Curve.linear

    package init(centre: Double, width: Double) { (self.centre, self.width) = (centre, width) }

    /// The first window that a file states; nil if it states none that can be.
    init?(_ set: DICOMDataset) {
      guard let centre = set.decimals(.windowCentre).first, let width = set.decimals(.windowWidth).first else {
        return nil
      }
      self.init(centre: centre, width: width)
      let curves: [String: Curve] = ["LINEAR_EXACT": .linearExact, "SIGMOID": .sigmoid]
      curve = curves[set.text(.windowFunction)?.uppercased() ?? ""] ?? .linear
      guard width >= 1 || (width > 0 && curve != .linear) else { return nil }
    }

    package func grey(_ value: Double) -> Double {
      let share: Double =
        switch curve {
        case .linear where width == 1: value > centre - 0.5 ? 1 : 0
        case .linear: (value - (centre - 0.5)) / (width - 1) + 0.5
        case .linearExact: (value - centre) / width + 0.5
        case .sigmoid: 1 / (1 + exp(-4 * (value - centre) / width))
        }
      return 255 * min(1, max(0, share))
    }
  }
}
