import Cohorts
import Foundation
import ImageFiles
import ImageSets
import Importers
import TestFiles
import Testing

/// Volumes whose values dcm2niix changes: those of the source files are written, or nothing is.
@Suite struct DICOMVolumeCheckTests {
  private static let hasProgram = (try? DICOMConverter()) != nil

  private func write(
    _ folder: DICOMFolder, plane: Plane = .axial, to name: String = "OUT", skipsDamaged: Bool = false
  ) throws -> CohortImport.Outcome {
    var options = DICOMOptions()
    options.skipsDamaged = skipsDamaged
    return try DICOMImport(folder.scratch.path(folder.name), options: options, version: "0")
      .write(
        to: folder.scratch.path(name),
        choice: SliceChoice(plane: plane, extent: .range(.at(.index(0)), .at(.index(3)))),
        overwrite: true)
  }

  private func slice(
    _ values: [Int], at index: Int, stored: Int, isSigned: Bool = false, photometric: String = "MONOCHROME2",
    modality: String = "CT", slope: (String, String)? = ("1", "0")
  ) -> DICOMBytes {
    var file = DICOMBytes(
      rows: 4, columns: 5, pixels: DICOMBytes.stored(values), stored: stored, isSigned: isSigned,
      photometric: photometric, modality: modality,
      sopClass: "1.2.840.10008.5.1.4.1.1." + (modality == "CT" ? "2" : "4"))
    if let slope {
      file.set(0x0028, 0x1053, "DS", slope.0)
      file.set(0x0028, 0x1052, "DS", slope.1)
    }
    file.set(0x0028, 0x0030, "DS", "0.5\\0.75")
    file.set(0x0018, 0x0050, "DS", "2")
    file.set(0x0020, 0x0037, "DS", "1\\0\\0\\0\\1\\0")
    file.set(0x0020, 0x0032, "DS", "0\\0\\\(2 * index)")
    return file
  }

  /// A source slice as it is written: from the patient's left.
  private func shown(_ values: [Int], _ change: (Int) -> Int = { $0 }) -> [Float] {
    (0..<4).flatMap { row in values[5 * row..<5 * row + 5].reversed().map { Float(change($0)) } }
  }

  /// The written axial slices.
  private func axial(_ folder: DICOMFolder, _ name: String = "OUT") throws -> [[Float]] {
    try Cohort.load(folder.scratch.path(name)).images.map { try ImageFile.read($0.url).pixels }
  }

  @Test(.enabled(if: hasProgram), arguments: [10, 12, 16]) func signedSlicesKeepTheirSign(stored: Int) throws {
    let mask = (1 << stored) - 1
    // The bits above: the value's sign, none, or others.
    let paddings: [(Int) -> Int] = [{ $0 }, { $0 & mask }, { $0 & mask | (0x5555 & ~mask) }]
    for (number, padding) in paddings.enumerated() {
      for modality in ["CT", "MR"] {
        let folder = DICOMFolder(scratch: try ImageScratch(), name: "IN")
        let values = (0..<4).map { index in (0..<20).map { (index * 20 + $0) * 6 - 240 } }
        for index in 0..<4 {
          let file = slice(
            values[index].map(padding), at: index, stored: stored, isSigned: true, modality: modality,
            slope: ("2", "-1"))
          try folder.add("A/\(index)", file, patient: "P1", instance: index + 1)
        }
        #expect(try write(folder).images == ["A": 4])
        #expect(
          try axial(folder) == values.map { shown($0) { 2 * $0 - 1 } }, "\(stored) bits, \(number), \(modality)")
      }
    }
  }

  @Test(.enabled(if: hasProgram)) func bitsThatAreNotStoredDoNotCount() throws {
    let folder = DICOMFolder(scratch: try ImageScratch(), name: "IN")
    let values = (0..<4).map { index in (0..<20).map { index * 500 + $0 } }
    for index in 0..<4 {
      // An overlay in the upper bits.
      let file = slice(values[index].map { $0 | ($0 % 3 << 12) }, at: index, stored: 12)
      try folder.add("A/\(index)", file, patient: "P1", instance: index + 1)
    }
    _ = try write(folder)
    #expect(try axial(folder) == values.map { shown($0) })
  }

  @Test(.enabled(if: hasProgram)) func whiteAsZeroIsTurnedInVolumes() throws {
    for (stored, modality, slope) in [(12, "MR", nil), (16, "CT", ("1", "0")), (12, "CT", ("2", "-24"))] {
      let folder = DICOMFolder(scratch: try ImageScratch(), name: "IN")
      let values = (0..<4).map { index in (0..<20).map { index * 500 + $0 } }
      for index in 0..<4 {
        let file = slice(
          values[index], at: index, stored: stored, photometric: "MONOCHROME1", modality: modality, slope: slope)
        try folder.add("A/\(index)", file, patient: "P1", instance: index + 1)
      }
      let outcome = try write(folder)
      let (scale, shift) = slope.map { (Int($0.0)!, Int($0.1)!) } ?? (1, 0)
      let turned = values.map { shown($0) { scale * ((1 << stored) - 1 - $0) + shift } }
      #expect(try axial(folder) == turned)
      #expect(outcome.notes.contains { $0.hasPrefix("4 images stored with white as 0 (MONOCHROME1) turned") })
      #expect(outcome.notes.contains { $0.hasPrefix("1 volume whose values dcm2niix changed (sub-P1_series-01)") })
      // The voxels lie where they lay: coronal slice 0 is the hindmost row, the top slice above.
      _ = try write(folder, plane: .coronal, to: "OUT2")
      let coronal = try axial(folder, "OUT2")
      #expect(coronal[0] == (0..<4).reversed().flatMap { turned[$0][15..<20] })
    }
  }

  @Test(.enabled(if: hasProgram)) func tiltedSlicesAreLeftOutAndSaid() throws {
    let folder = DICOMFolder(scratch: try ImageScratch(), name: "IN")
    for index in 0..<4 {
      var file = slice((0..<20).map { 100 * index + $0 }, at: index, stored: 16)
      file.set(0x0020, 0x0037, "DS", "1\\0\\0\\0\\0.9396926\\0.3420201")
      try folder.add("A/\(index)", file, patient: "P1", instance: index + 1)
    }
    expectError("none of the 4 DICOM images", "tilted gantry", "import volumes") { _ = try write(folder) }
    try folder.add("A/5", DICOMFolder.picture(7), patient: "P2", study: 2)
    let outcome = try write(folder)
    #expect(outcome.images == ["A": 1] && outcome.omitted?.count == 1)
    #expect(outcome.omitted?.first?.hasPrefix("A/0 is of a series of 4 files that gives no volume: its slices") == true)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.scratch.path("OUT/A").path).count == 1)
  }

  @Test(.enabled(if: hasProgram)) func twoSlicesInOnePlaceAreLeftOutAndSaid() throws {
    for (extra, reason) in [
      (1, "two different slices lie in one place"), (2, "two different slices"), (4, "series of 2 images"),
    ] {
      let folder = DICOMFolder(scratch: try ImageScratch(), name: "IN")
      try folder.add("A/picture", DICOMFolder.picture(7), patient: "P2", study: 2)
      for index in 0..<4 + extra {
        try folder.add(
          "A/\(index)", slice((0..<20).map { 100 * index + $0 }, at: index % 4, stored: 16), patient: "P1",
          instance: index + 1)
      }
      let outcome = try write(folder)
      #expect(outcome.images == ["A": 1], "\(extra)")
      #expect(outcome.omitted?.count == 1 && outcome.omitted![0].contains(reason), "\(outcome.omitted ?? [])")
    }
  }

  @Test(.enabled(if: hasProgram)) func aCompressionThatIsNotConvertedIsNamedAndMayBeLeftOut() throws {
    let folder = DICOMFolder(scratch: try ImageScratch(), name: "IN")
    for index in 0..<4 {
      try folder.add(
        "A/\(index)", slice((0..<20).map { 100 * index + $0 }, at: index, stored: 16), patient: "P1",
        instance: index + 1,
        encoding: .deflated)
    }
    try folder.add("A/picture", DICOMFolder.picture(7), patient: "P2", study: 2)
    try folder.add(
      "B/picture", DICOMBytes(rows: 9, columns: 6, pixels: DICOMBytes.stored(Array(0..<54))), patient: "P3", study: 3)
    expectError("A/0", "dcm2niix", "(deflated)", "decompress", "--skip-damaged") { _ = try write(folder) }
    #expect(try folder.scratch.names == ["IN"])
    let outcome = try write(folder, skipsDamaged: true)
    #expect(outcome.images == ["A": 1, "B": 1])
    #expect(outcome.omitted?.count == 1 && outcome.omitted![0].contains("(deflated)"), "\(outcome.omitted ?? [])")
    // Each class has the sizes of its own images.
    #expect(outcome.sizesByClass.mapValues { $0.map(\.value) } == ["A": ["4 x 5"], "B": ["9 x 6"]])
  }
}
