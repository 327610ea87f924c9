import Files
import Foundation
import ImageFiles

/// The nearest whole number from 0 to 255.
private func byte(_ value: Double) -> Float { Float(min(255, max(0, value.rounded()))) }

/// One image of a DICOM file as Manikin uses it.
///
/// Grey: the stored values after the modality's rescaling or table, those of MONOCHROME1 turned (the sum of the least and
/// the greatest possible value, less the value), or after a window greys from 0 to 255. Colours: red, green and blue from
/// 0 to 255, palettes looked up, YBR converted, more than 8 bits scaled down.
package struct DICOMImage: Sendable {
  /// As it lies in the file: rows from the top, columns from the left.
  package let stored: Slice
  let geometry: DICOMGeometry

  /// Reads an image from the bytes of a file.
  ///
  /// - Parameter path: what errors call the file.
  /// - Throws: `ImagingError`.
  package init(bytes: [UInt8], path: String, window: DICOMWindow = .full) throws {
    do {
      let file = try DICOMFile(bytes)
      try self.init(file, window: window)
    } catch let damage as DICOMDataset.Damage {
      throw ImagingError.unreadable(path: path, reason: damage.reason, remedy: "copy or export the file again")
    } catch let refusal as DICOMPixels.Refusal {
      throw ImagingError.unreadable(path: path, reason: refusal.reason, remedy: refusal.remedy)
    }
  }

  /// - Throws: `DICOMPixels.Refusal`.
  package init(_ file: DICOMFile, window: DICOMWindow) throws {
    let header = DICOMHeader(file)
    guard header.frames == 1 else {
      throw DICOMPixels.Refusal(
        reason: "it holds \(header.frames) frames", remedy: "export the frames that you need as images of their own")
    }
    geometry = header.geometry
    let pixels = try DICOMPixels(file)
    let size = pixels.size
    let count = size.height * size.width
    var frame = SliceFrame.unoriented()
    if let spacing = geometry.spacing {
      frame = .unoriented(spacing: SIMD3(spacing[0], spacing[1], geometry.thickness ?? 1))
      frame.unitsCode = 2
    }
    switch pixels.colours {
    case .grey:
      let greys = try Self.greys(pixels, file.dataset, window)
      guard greys.allSatisfy(\.isFinite) else {
        throw DICOMPixels.Refusal(reason: "its rescaled values are too large", isDamage: true)
      }
      stored = Slice(height: size.height, width: size.width, pixels: greys, frame: frame)
    case .palette:
      let tables = try Self.palette(file.dataset, isSigned: pixels.isSigned)
      stored = Slice(
        height: size.height, width: size.width,
        storedColours: Self.gather(count) { place in
          let value = pixels.value(place)
          func part(_ table: DICOMTable) -> Float { Float(table.bits > 8 ? table[value] >> 8 : table[value]) }
          return (part(tables[0]), part(tables[1]), part(tables[2]))
        }, frame: frame)
    case .rgb, .ybr:
      let isYBR = pixels.colours == .ybr
      let least = pixels.range.lowerBound
      let scale = Double(pixels.range.upperBound - least) / 255
      stored = Slice(
        height: size.height, width: size.width,
        storedColours: Self.gather(count) { place in
          func part(_ channel: Int) -> Double { Double(pixels.value(place, channel) - least) / scale }
          return isYBR ? Self.rgb(part(0), part(1), part(2)) : (byte(part(0)), byte(part(1)), byte(part(2)))
        }, frame: frame)
    }
  }

  private static func gather(_ count: Int, _ colour: (Int) -> (Float, Float, Float)) -> [Float] {
    var pixels = [Float](repeating: 0, count: 3 * count)
    for place in 0..<count { (pixels[3 * place], pixels[3 * place + 1], pixels[3 * place + 2]) = colour(place) }
    return pixels
  }

  /// Source: DICOM PS3.3, C.7.6.3.1.2; the inverse of ITU-R BT.601's full range.
  private static func rgb(_ y: Double, _ blue: Double, _ red: Double) -> (Float, Float, Float) {
    (
      byte(y + 1.402 * (red - 128)), byte(y - 0.344136 * (blue - 128) - 0.714136 * (red - 128)),
      byte(y + 1.772 * (blue - 128))
    )
  }

  private static func palette(_ set: DICOMDataset, isSigned: Bool) throws -> [DICOMTable] {
    let tables = zip(DICOMTag.paletteDescriptors, DICOMTag.palettes).compactMap {
      DICOMTable(set, descriptor: $0, data: $1, isSigned: isSigned)
    }
    guard tables.count == 3 else {
      throw DICOMPixels.Refusal(
        reason: "its palette is missing, damaged or in segments", remedy: "export the image again in RGB")
    }
    return tables
  }

  private static func greys(_ pixels: DICOMPixels, _ set: DICOMDataset, _ window: DICOMWindow) throws -> [Float] {
    let count = pixels.size.height * pixels.size.width
    let modality = Modality(set, isSigned: pixels.isSigned, range: pixels.range)
    guard let display = try Display(set, window, isSigned: pixels.isSigned) else {
      let sum = modality.least + modality.greatest
      return (0..<count).map { place in
        let value = modality.value(pixels.value(place))
        return Float(pixels.isInverted ? sum - value : value)
      }
    }
    return (0..<count).map { place in
      let grey = display.grey(modality.value(pixels.value(place)))
      return Float(pixels.isInverted ? 255 - grey : grey)
    }
  }

  /// From stored values to those of the modality, such as Hounsfield units.
  private struct Modality {
    let table: DICOMTable?
    let slope: Double
    let intercept: Double
    /// Of all that samples of so many bits can give.
    let least: Double
    let greatest: Double

    init(_ set: DICOMDataset, isSigned: Bool, range: ClosedRange<Int>) {
      table = DICOMTable(sequence: .modalityTable, in: set, isSigned: isSigned)
      let scale = set.decimals(.slope).first ?? 1
      slope = scale == 0 ? 1 : scale
      intercept = set.decimals(.intercept).first ?? 0
      if let table {
        (least, greatest) = (Double(table.entries.min() ?? 0), Double(table.entries.max() ?? 0))
      } else {
        let ends = (slope * Double(range.lowerBound) + intercept, slope * Double(range.upperBound) + intercept)
        (least, greatest) = (min(ends.0, ends.1), max(ends.0, ends.1))
      }
    }

    func value(_ stored: Int) -> Double { table.map { Double($0[stored]) } ?? slope * Double(stored) + intercept }
  }

  /// From values of the modality to greys from 0 to 255.
  private enum Display {
    case setting(DICOMWindow.Setting)
    case table(DICOMTable)

    /// Nil where no window is asked for.
    init?(_ set: DICOMDataset, _ window: DICOMWindow, isSigned: Bool) throws {
      switch window {
      case .full: return nil
      case .given(let centre, let width): self = .setting(.init(centre: centre, width: width))
      case .file:
        if let setting = DICOMWindow.Setting(set) {
          self = .setting(setting)
        } else if let table = DICOMTable(sequence: .windowTable, in: set, isSigned: isSigned) {
          self = .table(table)
        } else {
          throw DICOMWindow.missing
        }
      }
    }

    func grey(_ value: Double) -> Double {
      switch self {
      case .setting(let setting): setting.grey(value)
      case .table(let table): Double(table[Int(max(-1e6, min(1e6, value)))]) * 255 / Double((1 << table.bits) - 1)
      }
    }
  }
}
