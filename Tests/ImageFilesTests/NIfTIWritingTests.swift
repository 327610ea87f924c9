import CNIfTI
import Files
import Foundation
import ImageFiles
import Randomness
import TestFiles
import Testing

/// What is written reads back the same, here and in niftilib, and lies where the source lay.
@Suite struct NIfTIWritingTests {
  /// The 40 bytes from `dim` on, units, and all of qform and sform.
  static func geometry(_ bytes: [UInt8]) -> [UInt8] {
    Array(bytes[40..<56]) + bytes[76..<92] + [bytes[123]] + bytes[252..<328]
  }

  static func uncompressed(_ url: URL) throws -> [UInt8] {
    let file = gzopen(url.path, "rb")
    defer { gzclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = gzread(file, &bytes, UInt32(bytes.count))
    return Array(bytes.prefix(Int(count)))
  }

  @Test(arguments: AxisOrder.all) func theSourcesGeometryBitForBit(order: AxisOrder) throws {
    let scratch = try ImageScratch()
    var random = RandomStream(seed: 3, purpose: "test/geometry/\(order)")
    for (axis, forms) in [(0, "s"), (1, "q"), (2, "sq"), (2, "")] {
      var keeping = AxisOrder.sizes.map { 0..<$0 }
      keeping[axis] = 1..<2
      var image = order.volume(keeping: keeping)
      image.type = .float32
      image.units = 2 + 8
      // Awkward numbers: nothing that is exact in binary.
      for index in 0..<12 { image.sform[index] *= 1 + 0.1 * Float(random.uniform()) }
      for index in 1...3 { image.pixdim[index] *= 1 + 0.1 * Float(random.uniform()) }
      if forms.contains("q") {
        image.qformCode = 1
        image.quaternion = (0..<3).map { _ in Float(random.uniform() - 0.5) }
        image.quaternion += (0..<3).map { _ in Float(100 * random.normal()) }
        if random.uniform() < 0.5 { image.pixdim[0] = -1 }
      }
      if !forms.contains("s") {
        image.sformCode = 0
        image.sform = [Float](repeating: 0, count: 12)
      }
      let source = try image.write("source", .nifti, in: scratch)
      let slice = try ImageFile.read(source)
      let target = scratch.path("target.nii.gz")
      try ImageFile.writeNIfTI(slice, to: target)
      let (old, new) = ([UInt8](try Data(contentsOf: source)), try Self.uncompressed(target))
      #expect(Self.geometry(new) == Self.geometry(old), "\(order) \(forms)")
      #expect(Array(new[352...]) == Array(old[352...]), "\(order) \(forms)")
      #expect(try ImageFile.read(target) == slice, "\(order) \(forms)")
    }
  }

  @Test func niftilibReadsWhatWeWrite() throws {
    let scratch = try ImageScratch()
    let slice = Slice(
      height: 3, width: 2, pixels: [0, 1, 2, 3, 4, 5.5], frame: .axial(height: 3, width: 2, spacing: SIMD3(3, 2, 4)))
    let url = scratch.path("ours.nii.gz")
    try ImageFile.writeNIfTI(slice, to: url)
    nifti_set_debug_level(0)
    let other = try #require(nifti_image_read(url.path, 1))
    defer { nifti_image_free(other) }
    #expect(other.pointee.ndim == 3 && other.pointee.nx == 2 && other.pointee.ny == 3 && other.pointee.nz == 1)
    #expect(other.pointee.datatype == DT_FLOAT32 && other.pointee.xyz_units == NIFTI_UNITS_MM)
    #expect(other.pointee.dx == 2 && other.pointee.dy == 3 && other.pointee.dz == 4)
    let data = try #require(other.pointee.data)
    // File rows run to the front, displayed rows to the back.
    #expect((0..<6).map { data.load(fromByteOffset: 4 * $0, as: Float.self) } == [4, 5.5, 2, 3, 0, 1])
    let matrix = withUnsafeBytes(of: other.pointee.sto_xyz) { Array($0.bindMemory(to: Float.self)) }
    #expect(matrix == [2, 0, 0, -1, 0, 3, 0, -3, 0, 0, 4, 0, 0, 0, 0, 1])
  }

  @Test func quaternionsAsNiftilibReadsThem() throws {
    var random = RandomStream(seed: 5, purpose: "test/quaternions")
    for round in 0..<200 {
      var parts = (0..<4).map { _ in random.normal() }
      if round % 10 == 0 { parts[3] = 0 }
      let length = parts.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let q = parts.map { Float($0 / length) }
      let handedness: Float = round % 2 == 0 ? 1 : -1
      let axes = QuaternionForm(imaginary: SIMD3(q[0], q[1], q[2]), handedness: handedness, origin: .zero).axes
      let theirs = nifti_quatern_to_mat44(q[0], q[1], q[2], 0, 0, 0, 1, 1, 1, handedness)
      withUnsafeBytes(of: theirs) { bytes in
        let cells = bytes.bindMemory(to: Float.self)
        for row in 0..<3 {
          for column in 0..<3 { #expect(abs(axes[column][row] - Double(cells[4 * row + column])) < 2e-6) }
        }
      }
    }
  }

  @Test func croppedAndResizedPixelsStayInPlace() {
    let frame = SliceFrame.axial(height: 10, width: 8, spacing: SIMD3(2, 3, 1))
    let crop = frame.cropped(top: 2, left: -1)
    #expect(crop.origin == frame.origin + 2 * frame.rowStep - frame.columnStep)
    #expect(crop.rowStep == frame.rowStep && crop.spacing == frame.spacing)
    let half = frame.resized(rowFactor: 2, columnFactor: 0.5)
    #expect(half.spacing == SIMD3(4, 1.5, 1))
    // The outer corner, half a pixel before the first centre, does not move.
    func corner(_ frame: SliceFrame) -> SIMD3<Double> { frame.origin - 0.5 * (frame.rowStep + frame.columnStep) }
    #expect(corner(half) == corner(frame))
  }

  /// A qform moves with the crop as the sform does.
  @Test(arguments: [AxisOrder.all[0], AxisOrder.all[13], AxisOrder.all[30]])
  func bothFormsMoveTogether(order: AxisOrder) throws {
    let scratch = try ImageScratch()
    var image = order.volume()
    image.qformCode = 1
    let matrix = image.sform
    var cells = mat44()
    withUnsafeMutableBytes(of: &cells) { $0.copyBytes(from: (matrix + [0, 0, 0, 1]).withUnsafeBytes(Array.init)) }
    var (b, c, d, x, y, z, i, j, k, f): (Float, Float, Float, Float, Float, Float, Float, Float, Float, Float) = (
      0, 0, 0, 0, 0, 0, 0, 0, 0, 0
    )
    nifti_mat44_to_quatern(cells, &b, &c, &d, &x, &y, &z, &i, &j, &k, &f)
    image.quaternion = [b, c, d, x, y, z]
    image.pixdim[0] = f
    let url = try image.write("both", .nifti, in: scratch)
    let slice = try ImageFile.read(url, selection: SliceSelection(plane: .coronal))
    let frame = slice.frame.cropped(top: 1, left: 2).resized(rowFactor: 1.5, columnFactor: 3)
    let form = try #require(frame.qform)
    let difference = form.origin - frame.origin
    #expect((difference * difference).sum() < 1e-9)
  }

  @Test func fileNamesUnitsAndDimensionCount() throws {
    let scratch = try ImageScratch()
    let image = ImageBytes([4, 2], type: .float32, values: (0..<8).map(Double.init))
    let slice = try ImageFile.read(image.write("two", .nifti, in: scratch))
    try ImageFile.writeNIfTI(slice, to: scratch.path("plain.nii"))
    #expect(try ImageFile.header(scratch.path("plain.nii")).dimensions == [4, 2])
    #expect(try ImageFile.read(scratch.path("plain.nii")) == slice)
    let error = #expect(throws: ImagingError.self) { try ImageFile.writeNIfTI(slice, to: scratch.path("x.img")) }
    #expect(error?.description.contains(".nii.gz") == true)
  }

  @Test func sameBytesEveryTimeAndNothingLeftOver() throws {
    let scratch = try ImageScratch()
    let slice = Slice(height: 2, width: 2, pixels: [1, 2, 3, 4], frame: .unoriented())
    for name in ["a.nii.gz", "b.nii.gz", "a.nii.gz"] { try ImageFile.writeNIfTI(slice, to: scratch.path(name)) }
    #expect(try Data(contentsOf: scratch.path("a.nii.gz")) == Data(contentsOf: scratch.path("b.nii.gz")))
    #expect(try scratch.names == ["a.nii.gz", "b.nii.gz"])
  }

  @Test func failuresNameThePathAndLeaveNothing() throws {
    let scratch = try ImageScratch()
    var slice = Slice(height: 1, width: 1, pixels: [1], frame: .unoriented())
    let missing = scratch.path("nowhere/a.nii.gz")
    let error = #expect(throws: ImagingError.self) { try ImageFile.writeNIfTI(slice, to: missing) }
    #expect(error?.description.contains(missing.path) == true)
    #expect(error?.description.contains("no such file or directory") == true)
    // A folder in the way: the rename fails.
    try FileManager.default.createDirectory(at: scratch.path("b.nii.gz"), withIntermediateDirectories: true)
    #expect(throws: ImagingError.self) { try ImageFile.writeNIfTI(slice, to: scratch.path("b.nii.gz")) }
    slice.pixels = [.nan]
    #expect(throws: ImagingError.self) { try ImageFile.writeNIfTI(slice, to: scratch.path("c.nii.gz")) }
    #expect(try scratch.names == ["b.nii.gz"])
  }
}
