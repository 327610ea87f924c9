import CNIfTI
import Foundation

/// A folder of DICOM files whose headers say what must not be written.
package struct DICOMFolder {
  /// Texts that no output may hold.
  package static let secrets = [
    "DOE", "Jane", "19480229", "20240131", "131415", "1.2.826.0.1", "ACC-77", "General Hospital", "Dr Who", "SN-4711",
    "Ward 7", "private remark",
  ]

  package let scratch: ImageScratch
  package let name: String

  package init(scratch: ImageScratch, name: String) {
    self.scratch = scratch
    self.name = name
  }

  /// Adds a file with everything that a hospital writes.
  ///
  /// - Parameters:
  ///   - study: the end of the study's UID; the series' and the image's follow from the numbers.
  @discardableResult
  package func add(
    _ path: String, _ file: DICOMBytes, patient: String?, study: Int = 1, series: Int = 1, instance: Int = 1,
    name patientName: String = "DOE^Jane", encoding: DICOMBytes.Encoding = .explicit
  ) throws -> URL {
    var file = file
    let root = "1.2.826.0.1.\(study)"
    file.identify(
      patient: patient, study: root, series: "\(root).\(series)", number: series, instance: instance)
    // Images of two patients are two images.
    file.set(
      0x0008, 0x0018, "UI",
      "\(root).\(series).\(instance).\(patient?.utf8.reduce(0) { $0 * 31 % 99991 + Int($1) } ?? 0)")
    file.set(0x0008, 0x0020, "DA", "20240131")
    file.set(0x0008, 0x0030, "TM", "131415")
    file.set(0x0008, 0x0050, "SH", "ACC-77")
    file.set(0x0008, 0x0080, "LO", "General Hospital")
    file.set(0x0008, 0x0090, "PN", "Dr Who")
    file.set(0x0008, 0x103E, "LO", "T1 of Jane")
    file.set(0x0010, 0x0010, "PN", patientName)
    file.set(0x0010, 0x0030, "DA", "19480229")
    file.set(0x0010, 0x0040, "CS", "F")
    file.set(0x0010, 0x1010, "AS", "075Y")
    file.set(0x0010, 0x4000, "LT", "private remark")
    file.set(0x0018, 0x1000, "LO", "SN-4711")
    file.set(0x0018, 0x0060, "DS", "120")
    file.set(0x0038, 0x0300, "LO", "Ward 7")
    let url = scratch.path("\(self.name)/\(path)")
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(file.bytes(encoding)).write(to: url)
    return url
  }

  /// A grey image of 4 x 5 whose values tell where it came from.
  package static func picture(_ first: Int, modality: String = "DX") -> DICOMBytes {
    DICOMBytes(rows: 4, columns: 5, pixels: DICOMBytes.stored((0..<20).map { first + $0 }), modality: modality)
  }

  /// Slice `index` of a CT of 6 x 8, whose values are 1000 index + place - 1024.
  package static func slice(_ index: Int) -> DICOMBytes {
    var file = DICOMBytes(
      rows: 6, columns: 8, pixels: DICOMBytes.stored((0..<48).map { 1000 * index + $0 }), modality: "CT",
      sopClass: "1.2.840.10008.5.1.4.1.1.2")
    file.set(0x0028, 0x1052, "DS", "-1024")
    file.set(0x0028, 0x1053, "DS", "1")
    file.set(0x0028, 0x0030, "DS", "0.5\\0.75")
    file.set(0x0018, 0x0050, "DS", "2")
    file.set(0x0020, 0x0037, "DS", "1\\0\\0\\0\\1\\0")
    file.set(0x0020, 0x0032, "DS", "0\\0\\\(2 * index)")
    return file
  }

  /// Every byte below a folder, by path: names, and what files hold, decompressed.
  package static func everything(_ scratch: ImageScratch, _ name: String = "OUT") throws -> [String: String] {
    var texts: [String: String] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: scratch.path(name).path) {
      let file = gzopen(scratch.path("\(name)/\(path)").path, "rb")
      defer { gzclose(file) }
      var bytes: [UInt8] = []
      var chunk = [UInt8](repeating: 0, count: 1 << 16)
      while case let count = gzread(file, &chunk, UInt32(chunk.count)), count > 0 { bytes += chunk.prefix(Int(count)) }
      texts[path] = path + "\n" + String(decoding: bytes, as: UTF8.self)
    }
    return texts
  }
}
