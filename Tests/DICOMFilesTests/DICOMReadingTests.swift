import DICOMFiles
import Files
import Foundation
import ImageFiles
import TestFiles
import Testing

/// Images of DICOM files that are not compressed, and what becomes of their values.
@Suite struct DICOMReadingTests {
  private func read(
    _ file: DICOMBytes, _ encoding: DICOMBytes.Encoding = .explicit, window: DICOMWindow = .full
  ) throws -> Slice {
    try DICOMImage(bytes: file.bytes(encoding), path: "x.dcm", window: window).stored
  }

  @Test(arguments: DICOMBytes.Encoding.allCases) func everyEncodingGivesTheSame(encoding: DICOMBytes.Encoding) throws {
    let values = [0, 1, 255, 256, 4095, 65535]
    var file = DICOMBytes(rows: 2, columns: 3, pixels: DICOMBytes.stored(values))
    file.set(0x0028, 0x1053, "DS", "2")
    file.set(0x0028, 0x1052, "DS", "-1024.5")
    // Sequences before the pixels, one of them private and of unknown kind.
    let inner = DICOMBytes.Element(group: 0x0008, element: 0x1150, kind: "UI", value: .text("1.2.3"))
    file.set(0x0008, 0x1140, "SQ", .items([[inner], [inner]], isOpen: true))
    file.set(0x0008, 0x1199, "SQ", .items([[inner]], isOpen: false))
    let slice = try read(file, encoding)
    #expect(slice.pixels == values.map { 2 * Float($0) - 1024.5 })
    #expect((slice.height, slice.width, slice.channels) == (2, 3, 1))
  }

  @Test func onlyTheStoredBitsCount() throws {
    // An overlay in the bits above, noise below: 8 bits at 4 to 11.
    var file = DICOMBytes(
      rows: 1, columns: 3, pixels: DICOMBytes.stored([0xF00F, 0xFAB5, 0x8FF1]), stored: 8, isSigned: true)
    file.set(0x0028, 0x0102, [11])
    #expect(try read(file).pixels == [0, Float(Int8(bitPattern: 0xAB)), -1])
    file.set(0x0028, 0x0103, [0])
    #expect(try read(file).pixels == [0, 0xAB, 0xFF])
    let bits = DICOMBytes(rows: 2, columns: 5, pixels: [0b1000_0101, 0b10], bits: 1)
    #expect(try read(bits).pixels == [1, 0, 1, 0, 0, 0, 0, 1, 0, 1])
    let large = DICOMBytes(rows: 1, columns: 1, pixels: [0, 0, 0, 0x80], bits: 32)
    #expect(try read(large).pixels == [2_147_483_648])
  }

  @Test func whiteAsZeroIsTurned() throws {
    var file = DICOMBytes(
      rows: 1, columns: 3, pixels: DICOMBytes.stored([0, 100, 4095]), stored: 12, photometric: "MONOCHROME1")
    #expect(try read(file).pixels == [4095, 3995, 0])
    // The range of what the modality makes of it: from -10 to 8180.
    file.set(0x0028, 0x1053, "DS", "2")
    file.set(0x0028, 0x1052, "DS", "-10")
    #expect(try read(file).pixels == [8180, 7980, -10])
    #expect(try read(file, window: .given(centre: 0.5, width: 2)).pixels == [255, 0, 0])
  }

  @Test func tablesOfTheModalityAreLookedUp() throws {
    var file = DICOMBytes(rows: 1, columns: 4, pixels: [0, 5, 6, 9], bits: 8)
    let items: [DICOMBytes.Element] = [
      .init(group: 0x0028, element: 0x3002, kind: "US", value: .words([3, 5, 16])),
      .init(group: 0x0028, element: 0x3006, kind: "OW", value: .words([1000, 70, 9])),
    ]
    for isOpen in [false, true] {
      file.set(0x0028, 0x3000, "SQ", .items([items], isOpen: isOpen))
      for encoding in [DICOMBytes.Encoding.explicit, .implicit, .bigEndian] {
        #expect(try read(file, encoding).pixels == [1000, 1000, 70, 9], "\(encoding)")
      }
    }
  }

  /// The cases are those of PS3.3, C.11.2.1.2 and C.11.2.1.3.
  @Test func windowsMakeGreys() throws {
    var file = DICOMBytes(rows: 1, columns: 5, pixels: DICOMBytes.stored([0, 2048 - 1, 2048, 4095, 9000]))
    let pixels = try read(file, window: .given(centre: 2048, width: 4096)).pixels
    #expect(pixels[0] == 0 && pixels[3] == 255 && pixels[4] == 255)
    #expect(abs(pixels[1] - 127.46886) < 1e-3 && abs(pixels[2] - 127.53114) < 1e-3)
    #expect(throws: ImagingError.self) { try read(file, window: .file) }
    file.set(0x0028, 0x1050, "DS", "2048\\40")
    file.set(0x0028, 0x1051, "DS", "4096\\400")
    #expect(try read(file, window: .file).pixels == pixels)
    file.set(0x0028, 0x1056, "CS", "LINEAR_EXACT")
    #expect(try read(file, window: .file).pixels[2] == 127.5)
    file.set(0x0028, 0x1056, "CS", "SIGMOID")
    let curve = try read(file, window: .file).pixels
    #expect(curve[2] == 127.5 && abs(curve[0] - 255 / (1 + exp(2))) < 1e-3)
    var table = DICOMBytes(rows: 1, columns: 3, pixels: [0, 1, 2], bits: 8)
    table.set(
      0x0028, 0x3010, "SQ",
      .items(
        [
          [
            .init(group: 0x0028, element: 0x3002, kind: "US", value: .words([2, 1, 8])),
            .init(group: 0x0028, element: 0x3006, kind: "OW", value: .words([51, 255])),
          ]
        ], isOpen: false))
    #expect(try read(table, window: .file).pixels == [51, 51, 255])
    #expect(DICOMWindow("40,400") == .given(centre: 40, width: 400) && DICOMWindow("-600,1500.5") != nil)
    for text in ["", "40", "40,0", "40,400,1", "nan,4", "40,inf", "a,b"] {
      #expect(DICOMWindow(text) == nil, "\(text)")
    }
  }

  @Test func coloursComeOutRed() throws {
    let mixed: [UInt8] = [255, 0, 10, 1, 2, 3]
    func check(_ file: DICOMBytes, _ expected: [Float] = [255, 0, 10, 1, 2, 3]) throws {
      for encoding in [DICOMBytes.Encoding.explicit, .bigEndian] {
        let slice = try read(file, encoding)
        #expect(slice.channels == 3 && slice.isColour && slice.pixels == expected, "\(encoding)")
      }
    }
    try check(DICOMBytes(rows: 1, columns: 2, pixels: mixed, bits: 8, photometric: "RGB", samples: 3))
    try check(
      DICOMBytes(
        rows: 1, columns: 2, pixels: [255, 1, 0, 2, 10, 3], bits: 8, photometric: "RGB", samples: 3, planar: 1))
    // Words of bytes are swapped in big-endian files.
    var words = DICOMBytes(rows: 1, columns: 2, pixels: mixed, bits: 8, photometric: "RGB", samples: 3)
    words.set(0x7FE0, 0x0010, "OW", .bytes(mixed))
    try check(words)
    try check(
      DICOMBytes(
        rows: 1, columns: 2, pixels: DICOMBytes.stored(mixed.map { 257 * Int($0) }), photometric: "RGB", samples: 3))
    // Red, and a grey that stays one.
    let ybr: [UInt8] = [76, 85, 255, 90, 128, 128]
    try check(
      DICOMBytes(rows: 1, columns: 2, pixels: ybr, bits: 8, photometric: "YBR_FULL", samples: 3),
      [254, 0, 0, 90, 90, 90])
    try check(
      DICOMBytes(rows: 1, columns: 2, pixels: [76, 90, 85, 255], bits: 8, photometric: "YBR_FULL_422", samples: 3),
      [254, 0, 0, 255, 14, 14])
  }

  @Test func palettesAreLookedUp() throws {
    var file = DICOMBytes(rows: 1, columns: 4, pixels: [0, 3, 4, 200], bits: 8, photometric: "PALETTE COLOR")
    for (channel, entries) in [[0xFFFF, 0x1234], [0, 0xFF00], [0x0101, 0]].enumerated() {
      file.set(0x0028, UInt16(0x1101 + channel), [2, 3, 16])
      file.set(0x0028, UInt16(0x1201 + channel), "OW", .words(entries.map { UInt16($0) }))
    }
    #expect(try read(file).pixels == [255, 0, 1, 255, 0, 1, 0x12, 255, 0, 0x12, 255, 0])
    for channel in 0..<3 {
      file.set(0x0028, UInt16(0x1101 + channel), [2, 3, 8])
      file.set(0x0028, UInt16(0x1201 + channel), "OW", .bytes([UInt8(10 * channel), 77]))
    }
    #expect(try read(file).pixels == [0, 10, 20, 0, 10, 20, 77, 77, 77, 77, 77, 77])
    file.elements.removeAll { $0.element == 0x1202 }
    expectError("palette is missing") { _ = try read(file) }
  }

  @Test func runLengthsOfManyBytesAreUnpacked() throws {
    func header(_ starts: [Int]) -> [UInt8] {
      let numbers = [starts.count] + starts + [Int](repeating: 0, count: 15 - starts.count)
      return numbers.flatMap { withUnsafeBytes(of: UInt32($0).littleEndian, Array.init) }
    }
    // High bytes 1, 1, 1, 2; low bytes 7, 8, 9, 9. 128 says nothing.
    let grey = header([64, 68]) + [UInt8(bitPattern: -2), 1, 0, 2] + [128, 1, 7, 8, UInt8(bitPattern: -1), 9]
    var file = DICOMBytes(rows: 2, columns: 2, pixels: [])
    file.transferSyntax = "1.2.840.10008.1.2.5"
    file.set(0x7FE0, 0x0010, "OB", .fragments([grey]))
    #expect(try read(file).pixels == [263, 264, 265, 521])
    // 16-bit colours: six segments of one run each.
    let segments = [0xFF, 0xFF, 0x80, 0x80, 0, 0].flatMap { [UInt8(bitPattern: -3), UInt8($0)] }
    var colour = DICOMBytes(rows: 2, columns: 2, pixels: [], photometric: "RGB", samples: 3)
    colour.transferSyntax = file.transferSyntax
    colour.set(0x7FE0, 0x0010, "OB", .fragments([header([64, 66, 68, 70, 72, 74]) + segments]))
    #expect(try read(colour).pixels == [Float](repeating: 0, count: 4).flatMap { _ in [Float(255), 128, 0] })
    for damaged in [grey.dropLast(2), header([64, 63])[...] + grey.dropFirst(64), header([64])[...], grey.prefix(40)] {
      file.set(0x7FE0, 0x0010, "OB", .fragments([Array(damaged)]))
      expectError("segments") { _ = try read(file) }
    }
  }

  @Test func placeAndSpacingAreKept() throws {
    var file = DICOMBytes(rows: 2, columns: 3, pixels: DICOMBytes.stored([0, 1, 2, 10, 11, 12]))
    file.set(0x0018, 0x1164, "DS", "0.5\\0.25")
    var image = try DICOMImage(bytes: file.bytes(), path: "x")
    #expect(image.slice.frame.spacing == SIMD3(0.5, 0.25, 1) && !image.slice.frame.hasOrientation && image.plane == nil)
    // PixelSpacing, where there is one, is of the patient and not of the detector. Columns to the left, rows to the back.
    file.set(0x0028, 0x0030, "DS", "2\\3")
    file.set(0x0018, 0x0050, "DS", "4")
    file.set(0x0020, 0x0037, "DS", "1\\0\\0\\0\\1\\0")
    file.set(0x0020, 0x0032, "DS", "-10\\-20\\30")
    image = try DICOMImage(bytes: file.bytes(), path: "x")
    let slice = image.slice
    #expect(image.plane == .axial && image.letters == "LPS" && image.millimetres == 30)
    // Left on the left: the columns are turned, and the first is the patient's left.
    #expect(slice.pixels == [2, 1, 0, 12, 11, 10] && slice.frame.spacing == SIMD3(2, 3, 4))
    #expect(slice.frame.origin == SIMD3(4, 20, 30) && slice.frame.columnStep == SIMD3(3, 0, 0))
    #expect(slice.frame.rowStep == SIMD3(0, -2, 0))
  }

  @Test func whatIsNoImageIsRefused() throws {
    let pixels = DICOMBytes.stored([Int](repeating: 7, count: 6))
    let sound = DICOMBytes(rows: 2, columns: 3, pixels: pixels)
    let cases: [(String, (inout DICOMBytes) -> Void)] = [
      ("it has no pixels", { $0.elements.removeAll { $0.group == 0x7FE0 } }),
      ("does not say how large", { $0.elements.removeAll { $0.element == 0x0010 && $0.group == 0x28 } }),
      ("20000 x 3", { $0.set(0x0028, 0x0010, [20000]) }), ("0 x 3", { $0.set(0x0028, 0x0010, [0]) }),
      ("12 of 18 bytes", { $0.set(0x0028, 0x0010, [3]) }),
      (
        "12 bytes of pixels and should have 6",
        {
          $0.set(0x0028, 0x0010, [1])
          $0.set(0x7FE0, 0x0010, "OW", .bytes(pixels + pixels + pixels))
        }
      ),
      ("17 bits in 16", { $0.set(0x0028, 0x0101, [17]) }), ("bits in 64", { $0.set(0x0028, 0x0100, [64]) }),
      ("bits in 16 are not read", { $0.set(0x0028, 0x0102, [3]) }),
      ("samples of a pixel", { $0.set(0x0028, 0x0002, [3]) }), ("CMYK", { $0.set(0x0028, 0x0004, "CS", "CMYK") }),
      // What a header says reaches no terminal as it is.
      ("pixels of the kind A31M are", { $0.set(0x0028, 0x0004, "CS", "A\u{1B}[31m\u{C}") }),
      ("3 frames", { $0.set(0x0028, 0x0008, "IS", "3") }),
      (
        "not read",
        {
          $0.transferSyntax = "1.2.840.10008.1.2.4.102"
          $0.set(0x7FE0, 0x0010, "OB", .fragments([[0]]))
        }
      ),
      ("not compressed as its header says", { $0.transferSyntax = "1.2.840.10008.1.2.4.90" }),
    ]
    for (text, change) in cases {
      var file = sound
      change(&file)
      if text.hasPrefix("12 bytes") {
        expectError("36 bytes of pixels and should have 6") { _ = try read(file) }
      } else {
        expectError(text) { _ = try read(file) }
      }
    }
    #expect(try read(sound).pixels == [7, 7, 7, 7, 7, 7])
  }

  /// Whatever a file is cut to, it is refused or read; no length is believed.
  @Test(arguments: [DICOMBytes.Encoding.explicit, .implicit, .bigEndian, .deflated])
  func cutsAndLengthsAreSurvived(encoding: DICOMBytes.Encoding) throws {
    var file = DICOMBytes(rows: 2, columns: 3, pixels: DICOMBytes.stored([1, 2, 3, 4, 5, 6]))
    let inner = DICOMBytes.Element(group: 0x0008, element: 0x1150, kind: "UI", value: .text("1.2.3"))
    file.set(0x0008, 0x1140, "SQ", .items([[inner]], isOpen: true))
    let bytes = file.bytes(encoding)
    var accepted = 0
    for count in 0..<bytes.count {
      do {
        _ = try DICOMImage(bytes: Array(bytes.prefix(count)), path: "x")
        accepted += 1
      } catch is ImagingError {}
    }
    // A deflated stream is only whole with its last byte; plain pixels likewise.
    #expect(accepted == 0)
    for place in bytes.indices.dropFirst(132) {
      var bytes = bytes
      for offset in place..<min(place + 4, bytes.count) { bytes[offset] = 0xFF }
      do { _ = try DICOMImage(bytes: bytes, path: "x") } catch is ImagingError {}
    }
    // Sequences in sequences without end.
    let open: [UInt8] =
      [8, 0, 0x40, 0x11] + Array("SQ".utf8) + [
        0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE, 0xFF, 0, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF,
      ]
    let nested = [[UInt8]](repeating: open, count: 2000).flatMap { $0 }
    let plain = DICOMBytes().bytes()
    expectError("nested too deeply") { _ = try DICOMImage(bytes: plain + nested, path: "x") }
    let element: [UInt8] = [9, 0, 1, 0] + Array("CS".utf8) + [0, 0]
    let empty = [[UInt8]](repeating: element, count: 110_000).flatMap { $0 }
    expectError("over 100000 elements") { _ = try DICOMImage(bytes: plain + empty, path: "x") }
  }
}
