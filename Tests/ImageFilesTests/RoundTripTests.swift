import Foundation
import ImageFiles
import TestFiles
import Testing

/// Every stored type, byte order, container, shape and combination of qform and sform: read, written and read again,
/// values and geometry stay bit for bit.
@Suite struct RoundTripTests {
  static let shapes: [[Int]] = [[3, 2], [3, 2, 1], [3, 1, 2], [1, 3, 2], [3, 2, 1, 1]]
  static let codes: [(q: Int16, s: Int16)] = [(0, 0), (1, 0), (0, 2), (1, 4), (3, 1)]

  @Test(arguments: VoxelType.allCases, [false, true])
  func everyFormShapeAndContainer(type: VoxelType, bigEndian: Bool) throws {
    let scratch = try ImageScratch()
    let values = NIfTIReadingTests.values(type)
    for shape in Self.shapes {
      for (q, s) in Self.codes {
        for container in [ImageBytes.Container.nifti, .niftiGzip, .pair] {
          var image = ImageBytes(shape, type: type, values: values)
          image.bigEndian = bigEndian
          image.pixdim = [q == 3 ? -1 : 1, 0.9375, 1.1, 2.3, 1, 1, 1, 1]
          (image.qformCode, image.sformCode) = (q, s)
          if q > 0 { image.quaternion = [0.1, -0.7, 0.3, -90.25, 126.1, -72.3] }
          if s > 0 { image.sform = [-0.9, 0.1, 0, 90.1, 0.05, 1.1, -0.2, -126.3, 0, 0.3, 2.25, -71.7] }
          let label: Comment = "\(shape), qform \(q), sform \(s), \(container)"
          let slice = try ImageFile.read(image.write("source", container, in: scratch))

          let target = scratch.path(container == .nifti ? "target.nii" : "target.nii.gz")
          try ImageFile.writeNIfTI(slice, to: target)
          #expect(try ImageFile.read(target) == slice, label)

          // What must be in the file, made by the test alone.
          var expected = image
          (expected.type, expected.bigEndian) = (.float32, false)
          let bytes = try NIfTIWritingTests.uncompressed(target)
          #expect(Array(bytes[352...]) == expected.voxels, label)
          let header = expected.header(.nifti)
          #expect(NIfTIWritingTests.geometry(bytes) == NIfTIWritingTests.geometry(header), label)
        }
      }
    }
  }
}
