import DICOMFiles
import Files
import Foundation

/// The images of one series of a subject, and what they are called.
struct DICOMSeries: Sendable {
  /// What one written scan is made of.
  enum Content: Sendable {
    /// Files that make volumes together, in the order of their instances.
    case volume([DICOMTree.File])
    case picture(DICOMTree.File)
  }

  let subject: String
  /// From 1 within the subject, in the order of studies and series.
  let number: Int
  /// In the order of instances, with the names that written files begin with.
  let contents: [(name: String, content: Content)]

  /// Puts files into series.
  ///
  /// Slices of tomography make a volume where at least two that lie alike lie in different places; a file of enhanced
  /// tomography makes one by itself. All else are single images.
  static func all(_ files: [DICOMTree.File], subjects: [String]) -> [DICOMSeries] {
    let bySubject = Dictionary(grouping: files.indices, by: { subjects[$0] })
    return bySubject.keys.sortedBytewise().flatMap { subject -> [DICOMSeries] in
      let own = bySubject[subject]!.map { files[$0] }
      let series = Dictionary(grouping: own) { "\($0.header.studyUID ?? "")\u{0}\($0.header.seriesUID ?? $0.path)" }
      let sorted = series.values.map { $0.sorted(by: precedes) }.sorted {
        let (a, b) = ($0[0].header, $1[0].header)
        return (a.studyTime, a.studyUID ?? "", a.seriesNumber, a.seriesUID ?? "", $0[0].path)
          < (b.studyTime, b.studyUID ?? "", b.seriesNumber, b.seriesUID ?? "", $1[0].path)
      }
      return sorted.enumerated().map { DICOMSeries(subject: subject, number: $0 + 1, $1) }
    }
  }

  private static func precedes(_ a: DICOMTree.File, _ b: DICOMTree.File) -> Bool {
    (a.header.instanceNumber, a.header.instanceUID ?? "", a.path)
      < (b.header.instanceNumber, b.header.instanceUID ?? "", b.path)
  }

  private init(subject: String, number: Int, _ files: [DICOMTree.File]) {
    (self.subject, self.number) = (subject, number)
    let start = "\(subject)_series-\(DICOMPatients.padded(number, 2))"
    let slices = files.filter { $0.header.isOfVolume && !$0.header.isEnhanced && $0.header.geometry.steps != nil }
    let stacks = Dictionary(grouping: slices, by: Self.stack).values.filter { files in
      Set(files.map { $0.header.geometry.steps!.origin }).count > 1
    }.sorted { Self.precedes($0[0], $1[0]) }
    var contents: [(name: String, content: Content)] = stacks.enumerated().map {
      (stacks.count == 1 ? start : "\(start)_stack-\($0 + 1)", .volume($1))
    }
    let parts = Set(stacks.joined().map(\.path))
    for (place, file) in files.enumerated() where !parts.contains(file.path) {
      let image = "\(start)_image-\(DICOMPatients.padded(place + 1, 3))"
      contents.append((image, file.header.isEnhanced ? .volume([file]) : .picture(file)))
    }
    self.contents = contents
  }

  /// What the slices of one stack have in common: how they lie, their size and spacing. A series of views from several
  /// sides has several.
  private static func stack(_ file: DICOMTree.File) -> [Int] {
    let (header, geometry) = (file.header, file.header.geometry)
    let (along, down, spacing) = (geometry.along!, geometry.down!, geometry.spacing!)
    let directions = [along.x, along.y, along.z, down.x, down.y, down.z].map { Int(($0 * 100).rounded()) }
    return directions + [spacing.x, spacing.y].map { Int(($0 * 1000).rounded()) } + [header.rows, header.columns]
  }

  /// Whether the gaps between the slices of a stack differ by more than a tenth of the least.
  static func isUneven(_ files: [DICOMTree.File]) -> Bool {
    let geometries = files.map(\.header.geometry)
    guard let normal = geometries[0].steps?.normal else { return false }
    let length = (normal * normal).sum().squareRoot()
    let heights = geometries.compactMap { $0.steps.map { ($0.origin * normal).sum() / length } }.sorted()
    let gaps = zip(heights, heights.dropFirst()).map { $1 - $0 }.filter { $0 > 0.001 }
    guard let least = gaps.min(), let most = gaps.max() else { return false }
    return most > 1.1 * least
  }
}
