import ArrayImporters
import Files
import Foundation
import ImageFiles
import ImageSets
import Testing

/// What a NumPy archive's arrays may be, and how each becomes images and labels.
@Suite struct NumPyReadingTests {
  /// Pixels of two images of 2 x 3, and labels 1 and 0.
  private static let pixels = (0..<12).map { UInt8(20 * $0) }
  private static let labels = NumPyBytes.array([2], [1, 0])

  private static func read(
    _ images: [UInt8], _ labels: [UInt8] = labels, isDeflated: Bool = true,
    _ change: (inout ArrayOptions) -> Void = { _ in }
  ) throws -> LabelledArray {
    try open(NumPyBytes.archive([("images", images), ("labels", labels)], isDeflated: isDeflated), change)
  }

  private static func open(
    _ archive: [UInt8], _ change: (inout ArrayOptions) -> Void = { _ in }
  ) throws -> LabelledArray {
    var options = ArrayOptions()
    change(&options)
    guard case .archive(let file) = try ArrayFile(.memory(archive, name: "x.npz")) else {
      throw ImagingError.invalid(what: "no archive", remedy: "")
    }
    return try file.labelled(options)[0].array
  }

  private func expectRefusal(
    _ part: String, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> some Any
  ) {
    let error = #expect(throws: ImagingError.self, sourceLocation: sourceLocation) { try body() }
    let text = error?.description ?? ""
    #expect(text.contains(part) && !text.contains("\n"), "\(text)", sourceLocation: sourceLocation)
  }

  @Test(arguments: [false, true]) func storedAndDeflated(isDeflated: Bool) throws {
    let array = try Self.read(NumPyBytes.array([2, 2, 3], Self.pixels), isDeflated: isDeflated)
    #expect(array.size == ImageSize(height: 2, width: 3) && array.channels == 1 && array.labels == [1, 0])
    #expect(array.pixels(of: 0) == Array(Self.pixels[..<6]) && array.pixels(of: 1) == Array(Self.pixels[6...]))
  }

  @Test(arguments: [1, 2, 3] as [UInt8]) func everyVersionOfTheFormat(version: UInt8) throws {
    let text = NumPyBytes.text("|u1", [2, 2, 3])
    let array = try Self.read(NumPyBytes.array(text: text, version: version, Self.pixels))
    #expect(array.pixels(of: 1) == Array(Self.pixels[6...]))
  }

  @Test(arguments: [
    ("<u2", 2), (">u2", 2), ("<i2", 2), (">i2", 2), ("<i4", 4), (">u4", 4), ("<i8", 8), (">i8", 8), ("<u8", 8),
    ("<f4", 4), (">f4", 4), ("<f8", 8), (">f8", 8),
  ])
  func everyTypeAndByteOrder(type: String, width: Int) throws {
    let bytes = Self.pixels.flatMap { value -> [UInt8] in
      let little: [UInt8] =
        type.hasSuffix("f4")
        ? withUnsafeBytes(of: Float(value).bitPattern.littleEndian, Array.init)
        : type.hasSuffix("f8")
          ? withUnsafeBytes(of: Double(value).bitPattern.littleEndian, Array.init)
          : [value] + [UInt8](repeating: 0, count: width - 1)
      return type.hasPrefix(">") ? little.reversed() : little
    }
    let array = try Self.read(NumPyBytes.array(type, [2, 2, 3], bytes))
    #expect(array.pixels(of: 0) + array.pixels(of: 1) == Self.pixels)
    // As labels likewise, the first two of which are 0 and 20.
    let labels = NumPyBytes.array(type, [2, 1], Array(bytes.prefix(2 * width)))
    #expect(try Self.read(NumPyBytes.array([2, 2, 3], Self.pixels), labels).labels == [0, 20])
  }

  @Test func signedBytesAndTruthValues() throws {
    let small = Self.pixels.map { $0 / 2 }
    #expect(try Self.read(NumPyBytes.array("|i1", [2, 2, 3], small)).pixels(of: 1) == Array(small[6...]))
    let flags: [UInt8] = [0, 1, 1, 0, 0, 1, 1, 1, 0, 0, 0, 1]
    let array = try Self.read(NumPyBytes.array("|b1", [2, 2, 3], flags), NumPyBytes.array("|b1", [2], [1, 0]))
    #expect(array.pixels(of: 0) == [0, 255, 255, 0, 0, 255] && array.labels == [1, 0])
  }

  /// In Fortran's order the first index runs fastest.
  @Test func fortranOrderIsTurned() throws {
    let shape = [2, 2, 3]
    var bytes: [UInt8] = []
    for column in 0..<3 {
      for row in 0..<2 {
        for image in 0..<2 { bytes.append(Self.pixels[6 * image + 3 * row + column]) }
      }
    }
    let array = try Self.read(NumPyBytes.array("|u1", shape, fortran: true, bytes))
    #expect(array.pixels(of: 0) + array.pixels(of: 1) == Self.pixels)
  }

  @Test func coloursLastOrFirst() throws {
    let pixels = (0..<24).map { UInt8(10 * $0) }
    let last = try Self.read(NumPyBytes.array([2, 2, 2, 3], pixels))
    #expect(last.channels == 3 && last.size == ImageSize(height: 2, width: 2))
    #expect(last.pixels(of: 1) == Array(pixels[12...]))
    let first = try Self.read(NumPyBytes.array([2, 3, 2, 2], pixels))
    #expect(first.pixels(of: 0) == [0, 40, 80, 10, 50, 90, 20, 60, 100, 30, 70, 110])
    let grey = try Self.read(NumPyBytes.array([2, 2, 3, 1], Self.pixels))
    #expect(grey.channels == 1 && grey.size == ImageSize(height: 2, width: 3))
  }

  /// Voxel (z, y, x) of volume i is 100 i + 25 z + 5 y + x, of 4 x 5 x 5 voxels.
  @Test func slicesOfVolumes() throws {
    let bytes = (0..<200).map { UInt8($0) }
    let images = NumPyBytes.array([2, 4, 5, 5], bytes)
    let axial = try Self.read(images) { $0.plane = .axial }
    #expect(axial.size == ImageSize(height: 5, width: 5) && axial.pixels(of: 1) == Array(bytes[150..<175]))
    let coronal = try Self.read(images) { ($0.plane, $0.slice) = (.coronal, 0) }
    #expect(coronal.size == ImageSize(height: 4, width: 5))
    var expected: [UInt8] = []
    for z in 0..<4 { for x in 0..<5 { expected.append(UInt8(25 * z + x)) } }
    #expect(coronal.pixels(of: 0) == expected)
    let sagittal = try Self.read(images) { ($0.plane, $0.slice) = (.sagittal, 4) }
    expected = []
    for z in 0..<4 { for y in 0..<5 { expected.append(UInt8(104 + 25 * z + 5 * y)) } }
    #expect(sagittal.pixels(of: 1) == expected)
    #expect(sagittal.format == "NumPy, sagittal slice 4 of 5")
    expectRefusal("holds volumes (2 x 4 x 5 x 5); say which plane") { try Self.read(images) }
    expectRefusal("no axial slice number 4; choose one of 0 to 3") {
      try Self.read(images) { ($0.plane, $0.slice) = (.axial, 4) }
    }
    expectRefusal("flat images") { try Self.read(NumPyBytes.array([2, 2, 3], Self.pixels)) { $0.plane = .axial } }
  }

  @Test func oneOfSeveralLabels() throws {
    let images = NumPyBytes.array([2, 2, 3], Self.pixels)
    let labels = NumPyBytes.array([2, 3], [0, 1, 0, 1, 1, 0])
    expectRefusal("has 3 labels for each image (2 x 3); choose the one that says the class, from 0 to 2, as in") {
      try Self.read(images, labels)
    }
    #expect(try Self.read(images, labels) { $0.labelColumn = 0 }.labels == [0, 1])
    #expect(try Self.read(images, labels) { $0.labelColumn = 2 }.labels == [0, 0])
    let fortran = NumPyBytes.array("|u1", [2, 3], fortran: true, [0, 1, 1, 1, 0, 0])
    #expect(try Self.read(images, fortran) { $0.labelColumn = 0 }.labels == [0, 1])
    expectRefusal("no column 3; choose one of 0 to 2") { try Self.read(images, labels) { $0.labelColumn = 3 } }
    expectRefusal("no column 1; leave --label-column out") { try Self.read(images) { $0.labelColumn = 1 } }
  }

  @Test func namesOfSidesAreThoseOfMedMNISTAndKeras() throws {
    let images = NumPyBytes.array([2, 2, 3], Self.pixels)
    func sides(_ names: [(String, [UInt8])]) throws -> [Split?] {
      guard case .archive(let file) = try ArrayFile(.memory(NumPyBytes.archive(names), name: "x")) else { return [] }
      return try file.labelled(ArrayOptions()).map(\.side)
    }
    let medical = ["train", "val", "test"].flatMap { [("\($0)_images", images), ("\($0)_labels", Self.labels)] }
    #expect(try sides(medical) == [.train, .validation, .test])
    #expect(
      try sides([("x_test", images), ("x_train", images), ("y_train", Self.labels), ("y_test", Self.labels)])
        == [.train, .test])
    #expect(try sides([("X_TRAIN", images), ("Y_Train", Self.labels)]) == [.train])
    #expect(try sides([("x", images), ("y", Self.labels)]) == [nil])
    expectRefusal("has train_images and no train_labels") { try sides([("train_images", images)]) }
    expectRefusal("its arrays (a and b) have none of the names") { try sides([("a", images), ("b", images)]) }
    expectRefusal("images of a side and images of none") { try sides(medical + [("x", images), ("y", Self.labels)]) }
    expectRefusal("two sets of images for train") {
      try sides(medical + [("x_train", images), ("y_train", Self.labels)])
    }
    expectRefusal("two of its arrays are called") { try sides([("x", images), ("X", images), ("y", Self.labels)]) }
  }

  @Test(arguments: [
    ("{'descr': '|O', 'fortran_order': False, 'shape': (2, 2, 3), }", "Python objects"),
    ("{'descr': 'O8', 'fortran_order': False, 'shape': (2, 2, 3), }", "elements of type 'O8'"),
    ("{'descr': [('a', '<u1')], 'fortran_order': False, 'shape': (2, 2, 3), }", "structures of several fields"),
    ("{'descr': '<c8', 'fortran_order': False, 'shape': (2, 2, 3), }", "type '<c8'"),
    ("{'descr': '<f2', 'fortran_order': False, 'shape': (2, 2, 3), }", "type '<f2'"),
    ("{'descr': '|u2', 'fortran_order': False, 'shape': (2, 2, 3), }", "type '|u2'"),
    ("{'descr': '<U9', 'fortran_order': False, 'shape': (2, 2, 3), }", "type '<U9'"),
    ("{'descr': '', 'fortran_order': False, 'shape': (2, 2, 3), }", "elements of type ''"),
    ("{'descr': '|u1', 'fortran_order': 0, 'shape': (2, 2, 3), }", "NumPy does not write"),
    ("{'descr': '|u1', 'fortran_order': False, }", "NumPy does not write"),
    ("{'descr': '|u1', 'descr': '|u1', 'fortran_order': False, 'shape': (2, 2, 3), }", "repeated key"),
    ("{'descr': '|u1', 'fortran_order': False, 'shape': (2, 2, 3), 'x': (1,)}", "another or a repeated key"),
    ("{'descr': '|u1', 'fortran_order': False, 'shape': (2, 2, 3), } + 1", "NumPy does not write"),
    ("{'descr': '|u1', 'fortran_order': False, 'shape': (2, -2, 3), }", "shape that is none"),
    ("{'descr': '|u1', 'fortran_order': False, 'shape': (2, 2 3), }", "NumPy does not write"),
    ("{'descr': '|u1', 'fortran_order': False, 'shape': (99999999999999999999,), }", "shape that is none"),
    ("{'descr': '|u1', 'fortran_order': False, 'shape': (2, 2, 4), }", "12 bytes of values, and its header says 16"),
    ("{'descr': '|u1', 'fortran_order': False, 'shape': (2, 2, 2), }", "12 bytes of values, and its header says 8"),
    ("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2, 3), }", "header says 96"),
    ("{'descr': '|u1', 'fortran_order': False, 'shape': (0, 2, 3), }", "is empty"),
    ("{'descr': '|u1', 'fortran_order': False, 'shape': (4294967296, 4294967296), }", "over the limit"),
    ("{'descr': '|u1', 'fortran_order': False, 'shape': (12,), }", "of 1 dimension"),
    ("{'descr': '|u1', 'fortran_order': False, 'shape': (2, 6), }", "of 2 dimensions"),
    ("__import__('os').system('true')", "NumPy does not write"), ("", "NumPy does not write"),
  ])
  func headersThatAreNotTaken(text: String, words: String) {
    expectRefusal(words) { try Self.read(NumPyBytes.array(text: text, Self.pixels)) }
  }

  /// Old NumPy on Python 2 wrote long integers so, and single quotes may be double ones.
  @Test func oldHeadersAreRead() throws {
    let text = "{\"descr\": \"|u1\", 'shape': (2L, 2L, 3L), 'fortran_order': False}"
    #expect(try Self.read(NumPyBytes.array(text: text, Self.pixels)).pixels(of: 0) == Array(Self.pixels[..<6]))
  }

  @Test func valuesThatAreNoPixelsOrLabels() throws {
    let images = NumPyBytes.array([2, 2, 3], Self.pixels)
    func floats(_ values: [Float]) -> [UInt8] {
      values.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian, Array.init) }
    }
    for value in [0.5, 256, -1, .nan, .infinity] as [Float] {
      let bad = NumPyBytes.array("<f4", [2, 2, 3], floats([value] + [Float](repeating: 1, count: 11)))
      expectRefusal("other than whole numbers from 0 to 255; scale them") { try Self.read(bad) }
      guard value != 256 else { continue }
      expectRefusal("for image 2, which is no whole number") {
        try Self.read(images, NumPyBytes.array("<f4", [2], floats([1, value])))
      }
    }
    expectRefusal("has 2 images and its labels 3 labels") {
      try Self.read(images, NumPyBytes.array([3], [1, 0, 1]))
    }
    expectRefusal("is no list of labels (2 x 1 x 1)") { try Self.read(images, NumPyBytes.array([2, 1, 1], [1, 0])) }
  }

  @Test func damagedArchives() throws {
    let images = NumPyBytes.array([2, 2, 3], Self.pixels)
    func members(_ change: (inout NumPyBytes.Member) -> Void) -> [UInt8] {
      var first = NumPyBytes.Member(name: "images.npy", bytes: images, isDeflated: true)
      change(&first)
      return NumPyBytes.archive([first, .init(name: "labels.npy", bytes: Self.labels)])
    }
    #expect(try Self.open(members { _ in }).labels == [1, 0])
    let whole = members { _ in }
    for length in stride(from: 4, to: whole.count, by: 7) {
      #expect(throws: ImagingError.self, "\(length)") { try Self.open(Array(whole.prefix(length))) }
    }
    // Declared sizes that are not there.
    expectRefusal("than it can hold") { try Self.open(members { $0.declaredSize = 2_000_000_000 }) }
    expectRefusal("11 bytes of values, and its header says 12") {
      try Self.open(members { $0.declaredSize = UInt32(images.count - 1) })
    }
    expectRefusal("damaged or cut short") {
      try Self.open(
        members {
          $0.bytes = NumPyBytes.array([2, 2, 4], Self.pixels)
          $0.declaredSize = UInt32($0.bytes.count + 4)
        })
    }
    expectRefusal("damaged") { try Self.open(members { $0.checksum = 7 }) }
    expectRefusal("encrypted") { try Self.open(members { $0.flags = 1 }) }
    expectRefusal("two of its") { try Self.open(members { $0.name = "labels.npy" }) }
    expectRefusal("without NumPy arrays") { try Self.open(NumPyBytes.archive([.init(name: "readme", bytes: [1])])) }
    expectRefusal("not in NumPy's format") { try Self.read([UInt8](repeating: 0, count: 99)) }
    expectRefusal("of version 4.0") {
      var other = images
      other[6] = 4
      return try Self.read(other, Self.labels)
    }
    expectRefusal("its array images is cut short") { try Self.read(Array(images.prefix(9)), Self.labels) }
    expectRefusal("over its own size or the limit") { try Self.read(Array(images.prefix(100)), Self.labels) }
  }

  /// A name with a line end in it stays one line.
  @Test func namesAreShownSafely() throws {
    expectRefusal("called a?b") {
      try Self.open(NumPyBytes.archive([.init(name: "a\nb", bytes: [1]), .init(name: "a\nb", bytes: [1])]))
    }
  }
}
