import Cohorts
import Foundation
import ImageFiles
import ImageSets
import Recipes

/// What kind of file `generate` and `augment` write, and how intensities become its whole numbers.
package struct SyntheticStorage: Sendable {
  package let storage: ImageStorage
  /// What the training images came in; nil if the models do not say.
  let source: ImageStorage?
  /// What the user should know of the choice.
  package let notes: [String]

  /// The kind that a recipe asks for; by default the one that the training images came in.
  ///
  /// - Parameter trained: what the models' training images were; nil where a model does not say.
  /// - Throws: `ExperimentsError.option` for what does not go together.
  package init(_ recipe: Recipe, trained: [ImageStorage?]) throws {
    let settings = recipe.synthetic
    let known = trained.compactMap { $0 }
    let source = known.count == trained.count && !known.isEmpty ? ImageStorage(holding: known) : nil
    let bits = settings.bits.count
    var notes: [String] = []
    let kind: ImageStorage.Kind
    switch settings.format {
    case .auto:
      kind = settings.layout == .bids ? .nifti : source?.kind ?? .nifti
      if settings.layout == .bids, let source, source.kind.isPicture {
        notes.append(
          "a BIDS derivative holds NIfTI images, so the images, which came in as \(source.text), go out as these")
      } else if source == nil {
        notes.append(
          "the models are of an earlier version and do not say what kind of file their images came in, so NIfTI is written; "
            + "--format says otherwise")
      }
    case .nifti: kind = .nifti
    case .png: kind = .png
    case .tiff: kind = .tiff
    case .jpeg: kind = .jpeg
    }
    guard settings.layout != .bids || kind == .nifti else {
      throw ExperimentsError.option(
        name: "--format",
        problem: "a BIDS derivative holds NIfTI images, not \(kind.rawValue); take the layout class-folders")
    }
    if let bits, kind == .nifti {
      throw ExperimentsError.option(
        name: "--bits",
        problem: "NIfTI images are written as 32-bit floats, not with \(bits) bits; leave it out, or name a --format")
    }
    if bits == 16, kind == .jpeg {
      throw ExperimentsError.option(name: "--bits", problem: "JPEG holds 8 bits; take --format png or tiff for 16")
    }
    storage = ImageStorage(kind, bits: bits ?? (source?.kind.isPicture == true ? source!.bits : 8))
    if kind.isLossy {
      notes.append(
        "JPEG is lossy: what it leaves in the pixels is in the synthetic images; --format png is without loss")
    }
    (self.source, self.notes) = (source, notes)
  }

  /// Refuses, before long work, what goes together with no training images.
  package static func check(_ recipe: Recipe) throws {
    if recipe.synthetic.format != .auto { _ = try SyntheticStorage(recipe, trained: [.nifti]) }
  }

  /// Columns of the manifest that say how a picture's numbers are to be taken; none for NIfTI, which holds the intensities.
  package var columns: [String] { storage.kind.isPicture ? ["format", "stored_at_0", "stored_at_1"] : [] }

  /// An image as it goes to its file.
  ///
  /// - Parameters:
  ///   - slice: prepared, from 0 to 1.
  ///   - limits: what became 0 and 1 of the original whose light it is to have.
  func stored(_ slice: Slice, _ preprocessing: Preprocessing, limits: SIMD2<Float>?) -> Slice {
    var slice = slice
    guard let (low, high) = window(preprocessing, limits: limits) else {
      slice.pixels = preprocessing.written(slice.pixels, channels: slice.channels)
      return slice
    }
    slice.pixels = slice.pixels.map { Float(low + Double($0) * (high - low)) }
    return slice
  }

  /// The values of the columns: the kind of file, and the numbers that the prepared intensities 0 and 1 are stored as.
  func values(_ preprocessing: Preprocessing, limits: SIMD2<Float>?) -> [String] {
    guard let (low, high) = window(preprocessing, limits: limits) else { return [] }
    func text(_ value: Double) -> String { value == value.rounded() ? "\(Int(value))" : "\(value)" }
    return [storage.text, text(low), text(high)]
  }

  /// Nil for NIfTI.
  func window(_ preprocessing: Preprocessing, limits: SIMD2<Float>?) -> (low: Double, high: Double)? {
    storage.kind.isPicture ? preprocessing.pictureWindow(storage, source: source, limits: limits) : nil
  }
}
