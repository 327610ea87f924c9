import Foundation
import ImageFiles
import TestFiles

/// A tree in the exact layout of OASIS-1, with small secrets in the voxels that tell left from right, front from back
/// and top from bottom.
///
/// The voxels of a T88 volume run to the left, the front and the top, in big-endian int16. Background is 0. A block of
/// 300 lies on the patient's left, one of 500 at the front, one of 700 on slice 90 only at the centre.
struct OASISTree {
  let scratch: ImageScratch
  var rows = ["ID,M/F,Hand,Age,Educ,SES,MMSE,CDR,eTIV,nWBV,ASF,Delay"]

  init() throws { scratch = try ImageScratch() }

  var root: URL { scratch.path("OASIS") }
  var csv: URL { scratch.path("oasis_cross-sectional.csv") }

  static let extent = [176, 208, 176]
  /// The voxels of a session, i fastest; made once.
  static let voxels: [UInt8] = {
    var values = [UInt8](repeating: 0, count: 2 * 176 * 208 * 176)
    func set(_ i: Int, _ j: Int, _ k: Int, _ value: UInt16) {
      let place = 2 * (i + 176 * (j + 208 * k))
      values[place] = UInt8(value >> 8)
      values[place + 1] = UInt8(value & 255)
    }
    for k in 80..<100 {
      for j in 60..<150 { for i in 60..<116 { set(i, j, k, 100) } }
      // i runs to the left, so that a large i is the patient's left.
      for j in 100..<110 { for i in 106..<116 { set(i, j, k, 300) } }
      for j in 140..<150 { for i in 80..<96 { set(i, j, k, 500) } }
    }
    for j in 100..<104 { for i in 86..<90 { set(i, j, 90, 700) } }
    for j in 100..<104 { for i in 86..<90 { set(i, j, 120, 900) } }
    return values
  }()

  /// Adds a session and its row.
  mutating func add(
    _ name: String, disc: Int = 1, scans: Int = 4, age: Int, sex: String = "F", cdr: String = "", unitAxis: Bool = true,
    listed: Bool = true, onDisk: Bool = true
  ) throws {
    if listed { rows.append("\(name),\(sex),R,\(age),2,3,29,\(cdr),1344,0.743,1.306,N/A") }
    try Data((rows.joined(separator: "\n") + "\n").utf8).write(to: csv)
    guard onDisk else { return }
    let folder = "OASIS/disc\(disc)/\(name)/PROCESSED/MPRAGE/T88_111"
    try scratch.folder(folder)
    try scratch.folder("OASIS/disc\(disc)/\(name)/RAW")
    var image = ImageBytes(Self.extent + (unitAxis ? [1] : []), type: .int16)
    image.bigEndian = true
    let stem = "\(name)_mpr_n\(scans)_anon_111_t88_masked_gfc"
    try scratch.write(image.header(.analyze), "\(folder)/\(stem).hdr")
    try Data(Self.voxels).write(to: scratch.path("\(folder)/\(stem).img"))
    // Others that the release has beside it.
    try scratch.touch(["\(folder)/\(name)_mpr_n\(scans)_anon_111_t88_gfc.hdr", "\(folder)/\(stem)_tra_90.gif"])
  }
}
