import ImageFiles
import ImageSets

/// What an inspection learns from one image file.
struct ImageScan: Sendable {
  var image: CohortImage
  /// Why the file cannot be read; then nothing else is known.
  var problem: String?
  /// Rows by columns; for a volume of which no slice was chosen, the sizes in file order.
  var size = ""
  var smallestSide = 0
  /// In millimetres, in the order of `size`; empty if the file does not say.
  var spacing = ""
  /// Such as `RAS`, or `none`.
  var orientation = ""
  var dataType = ""
  /// Nil for a volume of which no slice was chosen.
  var range: (low: Float, high: Float)?
  var nonFiniteCount = 0
  /// Whether the file stores colours.
  var isColour = false
  /// Whether it was turned as its file says.
  var isTurned = false
  /// How the pixels fill their range; nil for a volume of which no slice was chosen, and for pixels that are all equal.
  var spread: IntensitySpread?
  /// Of size and pixels; nil for a volume of which no slice was chosen.
  var digest: UInt64?

  /// Nil for a volume of which no slice was chosen, and for an image without detail.
  var fingerprint: Fingerprint?

  var isConstant: Bool { range.map { $0.low == $0.high } ?? false }

  init(_ image: CohortImage, selection: SliceSelection?) {
    self.image = image
    do {
      let (header, slice) = try ImageFile.open(image.url, selection: selection)
      orientation = header.orientation ?? "none"
      dataType = header.dataType
      guard let slice else {
        let sides = header.dimensions.prefix(3)
        size = sides.map(String.init).joined(separator: " x ")
        smallestSide = sides.min() ?? 0
        spacing = Self.text(header.spacingMillimetres)
        return
      }
      size = "\(slice.height) x \(slice.width)"
      smallestSide = min(slice.height, slice.width)
      if header.spacingMillimetres.count == 3 {
        let layout = slice.frame.layout
        spacing = Self.text([header.spacingMillimetres[layout.rowAxis], header.spacingMillimetres[layout.columnAxis]])
      }
      range = Preprocessing.range(of: slice.pixels)
      nonFiniteCount = slice.nonFiniteCount
      isColour = slice.isColour
      isTurned = slice.isTurned
      spread = IntensitySpread(slice.pixels)
      var digest = DuplicateSearch.Digest()
      digest.add(UInt64(slice.height))
      digest.add(UInt64(slice.width))
      if slice.channels > 1 { digest.add(UInt64(slice.channels)) }
      slice.pixels.withUnsafeBytes { digest.add($0) }
      self.digest = digest.value
      fingerprint = Fingerprint(slice)
    } catch {
      problem = "\(error)"
    }
  }

  /// Millimetres to three decimals, without trailing zeros.
  private static func text(_ spacing: [Double]) -> String {
    spacing.map { value in
      let rounded = (value * 1000).rounded() / 1000
      return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    }.joined(separator: " x ")
  }
}
