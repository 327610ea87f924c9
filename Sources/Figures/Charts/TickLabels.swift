/// Which of an axis's labels stand side by side without touching where the axis is short, as on a phone.
///
/// Every so-many-th label is kept, counted from the one that matters most.
package struct TickLabels: Sendable, Equatable {
  /// A label at a fraction of the axis, 0 its start and 1 its end.
  package struct Label: Sendable, Equatable {
    package let text: String
    package let fraction: Double

    package init(text: String, fraction: Double) {
      (self.text, self.fraction) = (text, fraction)
    }

    /// Labels at the ends of the axis do not reach beyond it.
    package var anchor: String { fraction < 0.02 ? "start" : fraction > 0.98 ? "end" : "middle" }

    /// Where the label begins and ends on an axis of a width in pixels, at the page's size of such text.
    package func extent(width: Double) -> ClosedRange<Double> {
      let (own, place) = (Double(text.count) * TickLabels.characterWidth, fraction * width)
      switch anchor {
      case "start": return place...(place + own)
      case "end": return (place - own)...place
      default: return (place - own / 2)...(place + own / 2)
      }
    }
  }

  package let labels: [Label]

  package init(_ labels: [Label]) { self.labels = labels }

  /// Digits of 12 pixels' height in the widest of the usual fonts, and the least room between two labels.
  static let characterWidth = 7.0
  private static let gap = 4.0

  /// The numbers of the labels that are kept on an axis of so many pixels, that of `first` among them.
  package func fitting(width: Double, keeping first: Int) -> Set<Int> {
    for stride in 1...max(1, labels.count) {
      let kept = labels.indices.filter { ($0 - first) % stride == 0 }
      let extents = kept.map { labels[$0].extent(width: width) }
      if zip(extents, extents.dropFirst()).allSatisfy({ $0.upperBound + Self.gap <= $1.lowerBound }) {
        return Set(kept)
      }
    }
    return labels.isEmpty ? [] : [first]
  }
}
