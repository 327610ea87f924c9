import DICOMFiles
import Files
import Foundation
import ImageFiles

/// The comparison of the volumes that `dcm2niix` makes of a stack with the slices of the stack, read one by one by
/// `DICOMImage`.
///
/// The program changes values in some cases: it leaves MONOCHROME1 as it is, takes signed samples of 12 bits for unsigned
/// ones, and resamples tilted slices. So no value of its is taken on trust: each slice of a volume must be one source
/// slice, and each source slice one of a volume; where only values differ, those of the source are put in.
struct DICOMVolumeCheck {
  /// Why a stack gives no volume, and whether a file is damaged or cannot be converted; completes "it is of a series that gives no volume: ...".
  struct Refusal: Error {
    var reason: String
    var isDamage = false
    var remedy = "copy the files again"
  }

  /// Millimetres between two places.
  private static let tolerance = 0.01

  /// One slice that the volumes are made of.
  struct Source {
    var geometry: DICOMGeometry
    var rows: Int
    var columns: Int
    var read: () throws -> Slice
  }

  private let sources: [Source]
  /// The axis that the slices follow each other along, of right, anterior, superior.
  private let world: Int
  private let plane: Plane
  /// The files in each place, from the left, back or bottom.
  private let places: [(millimetres: Double, files: [Int])]

  /// - Parameter files: single slices that lie alike, each with its place, or one enhanced file.
  /// - Throws: `Refusal` for a tilted stack; `ImagingError` for a file that is not there any more.
  init(_ files: [DICOMTree.File]) throws {
    sources =
      files.count == 1
      ? try Self.frames(of: files[0])
      : files.map { file in
        Source(geometry: file.header.geometry, rows: file.header.rows, columns: file.header.columns) {
          try Self.refusing { try DICOMImage(Self.file(file), window: .full).slice }
        }
      }
    let steps = sources.compactMap(\.geometry.steps)
    guard steps.count == sources.count, !steps.isEmpty else {
      throw Refusal(reason: "not every slice says where it lies")
    }
    guard let orientation = Orientation(steps: [steps[0].column, steps[0].row, steps[0].normal]) else {
      throw Refusal(reason: "its header does not say how the slices lie")
    }
    let world = orientation.world[2]
    self.world = world
    plane = Plane.allCases.first { Orientation.normal(of: $0) == world }!
    func length(_ vector: SIMD3<Double>) -> Double { (vector * vector).sum().squareRoot() }
    let normal = steps[0].normal / length(steps[0].normal)
    for step in steps {
      guard length(step.normal / length(step.normal) - normal) < 0.02 else {
        throw Refusal(reason: "its slices lie in several directions (export each stack as a series of its own)")
      }
      let way = step.origin - steps[0].origin
      let across = (way * normal).sum()
      guard length(way - across * normal) <= 0.01 * abs(across) + 0.05 else {
        throw Refusal(
          reason: "its slices are shifted against each other in their own plane, as by a tilted gantry, and nothing is "
            + "resampled here (undo the tilt with another program and use 'manikin import volumes')")
      }
    }
    var places: [(millimetres: Double, files: [Int])] = []
    let centres = zip(sources, steps).map { source, step -> Double in
      let half = (Double(source.rows - 1) / 2, Double(source.columns - 1) / 2)
      return (step.origin + half.0 * step.row + half.1 * step.column)[world]
    }
    for place in sources.indices.sorted(by: { centres[$0] < centres[$1] }) {
      if let last = places.last, centres[place] - last.millimetres <= Self.tolerance {
        places[places.count - 1].files.append(place)
      } else {
        places.append((centres[place], [place]))
      }
    }
    self.places = places
  }

  /// Compares volumes with the slices, and puts the values of the slices in where they differ.
  ///
  /// - Parameters:
  ///   - urls: uncompressed `.nii` files; those whose values differ are written anew.
  ///   - isPartial: whether volumes are missing among them, and source slices so may be, too.
  /// - Returns: whether any is written anew.
  /// - Throws: `Refusal` where more than values differs; `ImagingError` for a volume that cannot be read or written.
  func check(_ urls: [URL], isPartial: Bool) throws -> Bool {
    var isUsed = sources.map { _ in false }
    var isMended = false
    for url in urls {
      let volume = try Volume(url)
      guard volume.orientation.world[2] == world else { throw Refusal(reason: "dcm2niix turned its slices") }
      let count = volume.count(across: plane)
      guard count <= places.count else { throw Refusal(reason: twice) }
      var chosen: [Int] = []
      var isEqual = true
      for index in 0..<count {
        let slice = volume.slice(plane, index: index)
        let candidates = candidates(volume, index, count)
        guard !candidates.isEmpty else { throw Refusal(reason: "dcm2niix made slices where none was taken") }
        var found: Int?
        for candidate in candidates where !isUsed[candidate] && found == nil {
          let source = try sources[candidate].read()
          guard source.height == slice.height, source.width == slice.width, source.channels == slice.channels else {
            throw Refusal(reason: "dcm2niix resampled its slices or changed their colours")
          }
          if Self.isEqual(source.pixels, slice.pixels) { found = candidate }
        }
        if found == nil {
          guard candidates.count == 1, !isUsed[candidates[0]] else {
            throw Refusal(
              reason: candidates.count == 1
                ? "dcm2niix made two slices of one"
                : "dcm2niix changed values, and several slices lie in one place (give each acquisition a series of its own)"
            )
          }
          isEqual = false
        }
        let source = found ?? candidates[0]
        isUsed[source] = true
        chosen.append(source)
      }
      guard !isEqual else { continue }
      try rewrite(url, volume, chosen)
      isMended = true
    }
    guard isPartial || isUsed.allSatisfy({ $0 }) else {
      throw Refusal(reason: hasSharedPlaces ? twice : "dcm2niix left slices out")
    }
    return isMended
  }

  /// Whether several slices lie in one place.
  var hasSharedPlaces: Bool { places.contains { $0.files.count > 1 } }

  /// - Throws: `Refusal` if some places have more slices than others, which no series over time has.
  func refuseUnequalPlaces() throws(Refusal) {
    guard Set(places.map(\.files.count)).count == 1 else { throw Refusal(reason: twice) }
  }

  private var twice: String {
    "two different slices lie in one place (put each acquisition in a series of its own, or take the wrong slices away)"
  }

  /// Which files a slice of a volume may be. Where the gaps between slices differ, its place is not right, its number is.
  private func candidates(_ volume: Volume, _ index: Int, _ count: Int) -> [Int] {
    guard count != places.count else { return places[index].files }
    let centre = volume.millimetres(of: plane, index: index)
    return places.filter { abs($0.millimetres - centre) <= 0.1 }.flatMap(\.files)
  }

  private static func file(_ file: DICOMTree.File) throws -> DICOMFile {
    try DICOMFile(RegularFile(path: file.url.path, noun: "a DICOM file").allBytes(limit: DICOMFile.limit))
  }

  private static func frames(of file: DICOMTree.File) throws -> [Source] {
    try refusing { try DICOMFrames(self.file(file)).files }.map { frame in
      let header = DICOMHeader(frame)
      return Source(geometry: header.geometry, rows: header.rows, columns: header.columns) {
        try refusing { try DICOMImage(frame, window: .full).slice }
      }
    }
  }

  /// Says why pixels are not read.
  private static func refusing<Value>(_ read: () throws -> Value) throws -> Value {
    do { return try read() } catch let refusal as DICOMPixels.Refusal {
      throw Refusal(reason: "a slice cannot be read: \(refusal.reason)", isDamage: refusal.isDamage)
    } catch let damage as DICOMDataset.Damage {
      throw Refusal(reason: "a slice is damaged: \(damage.reason)", isDamage: true)
    }
  }

  /// To the precision of float32 after a rescaling.
  static func isEqual(_ a: [Float], _ b: [Float]) -> Bool {
    let greatest = a.reduce(0) { max($0, abs($1)) }
    let tolerance = 1e-5 * greatest
    return a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance }
  }

  /// Writes a volume's header with the values of source slices, as float32.
  private func rewrite(_ url: URL, _ volume: Volume, _ chosen: [Int]) throws {
    try volume.rewrite(to: url, across: plane) { index in
      let slice = try sources[chosen[index]].read()
      guard slice.channels == 1 else { throw Refusal(reason: "dcm2niix changed its colours") }
      return slice
    }
  }
}
