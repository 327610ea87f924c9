import Files
import Foundation
import ImageFiles
import TestFiles
import Testing

/// The same anatomy looks alike whatever order it was stored in, and every pixel knows where it is.
@Suite struct SliceOrientationTests {
  /// x, y, z (counted from left, back, bottom) of pixel (row, column) of the middle slice, as `Slice` documents.
  static func place(_ plane: Plane, row: Int, column: Int) -> [Int] {
    switch plane {
    case .axial: [column, 4 - row, 3]
    case .coronal: [column, 2, 5 - row]
    case .sagittal: [2, 4 - column, 5 - row]
    }
  }

  static func check(_ slice: Slice, _ plane: Plane, _ note: String) {
    let sizes = [Plane.axial: (5, 4), .coronal: (6, 4), .sagittal: (6, 5)][plane]!
    #expect((slice.height, slice.width) == sizes, "\(note)")
    guard (slice.height, slice.width) == sizes else { return }
    for row in 0..<slice.height {
      for column in 0..<slice.width {
        let place = place(plane, row: row, column: column)
        #expect(slice[row, column] == Float(place[0] + 10 * place[1] + 100 * place[2]), "\(note) \(row) \(column)")
        let frame = slice.frame
        let centre = frame.origin + Double(row) * frame.rowStep + Double(column) * frame.columnStep
        for axis in 0..<3 {
          let expected = AxisOrder.corner[axis] + Double(place[axis]) * AxisOrder.spacing[axis]
          #expect(abs(centre[axis] - expected) < 1e-6, "\(note) \(row) \(column)")
        }
      }
    }
  }

  @Test(arguments: AxisOrder.all) func middleSlicesOfAVolume(order: AxisOrder) throws {
    let scratch = try ImageScratch()
    let url = try order.volume().write("volume", .niftiGzip, in: scratch)
    #expect(try ImageFile.header(url).orientation == order.description)
    for plane in Plane.allCases {
      Self.check(try ImageFile.read(url, selection: SliceSelection(plane: plane)), plane, "\(order) \(plane)")
      // 2, 2 and 3 from the left, back and bottom are the middle of 4, 5 and 6.
      let index = plane == .axial ? 3 : 2
      let same = try ImageFile.read(url, selection: SliceSelection(plane: plane, position: .index(index)))
      Self.check(same, plane, "\(order) \(plane) by index")
      let axis = [Plane.sagittal: 0, .coronal: 1, .axial: 2][plane]!
      let coordinate = AxisOrder.corner[axis] + (Double(index) + 0.4) * AxisOrder.spacing[axis]
      let near = try ImageFile.read(url, selection: SliceSelection(plane: plane, position: .millimetres(coordinate)))
      Self.check(near, plane, "\(order) \(plane) by millimetres")
    }
  }

  @Test(arguments: AxisOrder.all) func imagesWithAUnitAxisNeedNoSelection(order: AxisOrder) throws {
    let scratch = try ImageScratch()
    for (plane, axis, index) in [(Plane.sagittal, 0, 2), (.coronal, 1, 2), (.axial, 2, 3)] {
      var keeping = AxisOrder.sizes.map { 0..<$0 }
      keeping[axis] = index..<index + 1
      let url = try order.volume(keeping: keeping).write("slice", .nifti, in: scratch)
      Self.check(try ImageFile.read(url), plane, "\(order) \(plane)")
    }
  }

  @Test func sizesOfAnOasisAxialSlice() throws {
    let scratch = try ImageScratch()
    var image = ImageBytes([176, 208, 176], values: [Double](repeating: 0, count: 176 * 208 * 176))
    image.values[5 + 176 * (7 + 208 * 90)] = 1
    let url = try image.write("t88", .analyze, in: scratch)
    let slice = try ImageFile.read(url, selection: SliceSelection(plane: .axial, position: .index(90)))
    #expect((slice.height, slice.width) == (208, 176))
    #expect(slice[7, 5] == 1, "without orientation nothing is flipped")
    #expect(slice.pixels.reduce(0, +) == 1)
    #expect(!slice.frame.hasOrientation)
    #expect(try ImageFile.header(url).orientation == nil)
  }

  @Test func planesWithoutOrientation() throws {
    let scratch = try ImageScratch()
    let image = ImageBytes([2, 3, 4], values: (0..<24).map(Double.init))
    let url = try image.write("plain", .nifti, in: scratch)
    let coronal = try ImageFile.read(url, selection: SliceSelection(plane: .coronal, position: .index(1)))
    #expect((coronal.height, coronal.width) == (4, 2))
    #expect(coronal.pixels == [2, 3, 8, 9, 14, 15, 20, 21])
    let sagittal = try ImageFile.read(url, selection: SliceSelection(plane: .sagittal, position: .index(1)))
    #expect((sagittal.height, sagittal.width) == (4, 3))
    let odd = (0..<12).map { Float(2 * $0 + 1) }
    #expect(sagittal.pixels == odd)
  }

  @Test func anObliqueVolumeTakesItsNearestAxes() throws {
    let scratch = try ImageScratch()
    var image = AxisOrder(world: [0, 1, 2], positive: [true, true, true]).volume()
    // Turned about x by 30 degrees.
    let (c, s) = (Float(3).squareRoot() / 2, Float(0.5))
    image.sform = [2, 0, 0, 0, 0, 3 * c, -4 * s, 0, 0, 3 * s, 4 * c, 0]
    let url = try image.write("oblique", .nifti, in: scratch)
    #expect(try ImageFile.header(url).orientation == "RAS")
    let slice = try ImageFile.read(url, selection: SliceSelection(plane: .axial, position: .index(3)))
    #expect(slice[0, 0] == 340 && slice[4, 3] == 303)
    // The centre of slice 3 lies at z = 3 * 4 cos 30 + 2 * 3 sin 30.
    let z = 12 * Double(c) + 3
    let near = try ImageFile.read(url, selection: SliceSelection(plane: .axial, position: .millimetres(z)))
    #expect(near == slice)
  }

  @Test func sformComesBeforeQform() throws {
    let scratch = try ImageScratch()
    var image = AxisOrder(world: [0, 1, 2], positive: [false, true, true]).volume()
    image.qformCode = 1
    image.pixdim[0] = 1
    let both = try image.write("both", .nifti, in: scratch)
    #expect(try ImageFile.header(both).orientation == "LAS")
    image.sformCode = 0
    let quaternion = try image.write("qform", .nifti, in: scratch)
    #expect(try ImageFile.header(quaternion).orientation == "RAS")
    image.pixdim[0] = -1
    let mirrored = try image.write("mirrored", .nifti, in: scratch)
    #expect(try ImageFile.header(mirrored).orientation == "RAI")
    image.qformCode = 0
    let neither = try image.write("neither", .nifti, in: scratch)
    #expect(try ImageFile.header(neither).orientation == nil)
  }

  @Test func millimetresFollowTheUnit() throws {
    let scratch = try ImageScratch()
    var image = AxisOrder(world: [0, 1, 2], positive: [true, true, true]).volume()
    image.units = 1
    for axis in 0..<3 {
      image.pixdim[axis + 1] /= 1000
      for column in 0..<4 { image.sform[4 * axis + column] /= 1000 }
    }
    let url = try image.write("metres", .nifti, in: scratch)
    let selection = SliceSelection(plane: .axial, position: .millimetres(10.1))
    #expect(try ImageFile.read(url, selection: selection)[4, 0] == 300)
    let spacing = try ImageFile.header(url).spacingMillimetres
    #expect(zip(spacing, [2, 3, 4]).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  /// However a file stores its axes, the slice halfway between two is the same one.
  @Test func halfwayIsTheSameSliceInEveryOrder() throws {
    let scratch = try ImageScratch()
    let slices = try AxisOrder.all.map { order in
      let url = try order.volume().write("\(order)", .nifti, in: scratch)
      return try ImageFile.read(url, selection: SliceSelection(plane: .axial, position: .millimetres(0))).pixels
    }
    let upper = try ImageFile.read(
      scratch.path("\(AxisOrder.all[0]).nii"), selection: SliceSelection(plane: .axial, position: .index(1))
    ).pixels
    #expect(slices.allSatisfy { $0 == upper })
  }

  @Test(arguments: ["0x1p3mm", "infmm", "mm", "1e999mm", "-1", "1.5", "+-2", "Middle"])
  func textsThatNameNoSlice(text: String) { #expect(SlicePosition(text) == nil) }

  @Test(arguments: [("middle", SlicePosition.middle), ("90", .index(90)), ("-12.5mm", .millimetres(-12.5))])
  func textsThatNameASlice(text: String, position: SlicePosition) {
    #expect(SlicePosition(text) == position && position.description == text)
  }

  @Test(arguments: [
    (SlicePosition.index(6), "0 to 5"), (.index(-1), "0 to 5"), (.millimetres(20.1), "-2.0 to 18.0 mm"),
    (.millimetres(-4.1), "-2.0 to 18.0 mm"), (.millimetres(.nan), "-2.0 to 18.0 mm"),
  ])
  func slicesThatAreNotThere(position: SlicePosition, range: String) throws {
    let scratch = try ImageScratch()
    let url = try AxisOrder.all[0].volume().write("volume", .nifti, in: scratch)
    let error = #expect(throws: ImagingError.self) {
      try ImageFile.read(url, selection: SliceSelection(plane: .axial, position: position))
    }
    #expect(error?.description.contains(range) == true)
  }

  @Test func aVolumeNeedsASelection() throws {
    let scratch = try ImageScratch()
    let url = try AxisOrder.all[0].volume().write("volume", .nifti, in: scratch)
    let error = #expect(throws: ImagingError.self) { try ImageFile.read(url) }
    #expect(error?.description.contains("volume of 4 x 5 x 6") == true)
    #expect(try ImageFile.header(url).isVolume)
  }
}
