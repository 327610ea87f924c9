/// A lookup table of a DICOM file.
///
/// Source: DICOM PS3.3, C.11.1 (Modality LUT), C.11.2 (VOI LUT) and C.7.6.3.1.5 (palettes).
struct DICOMTable: Sendable {
  /// The input that the first entry is for; lower ones take it too, and higher ones than the last the last.
  let first: Int
  let bits: Int
  let entries: [UInt16]

  /// The table of a sequence's first item; nil if there is none, or a damaged one.
  init?(sequence: DICOMTag, in set: DICOMDataset, isSigned: Bool) {
    guard let item = set.firstItem(of: sequence) else { return nil }
    self.init(item, descriptor: .tableDescriptor, data: .tableData, isSigned: isSigned)
  }

  init?(_ set: DICOMDataset, descriptor: DICOMTag, data: DICOMTag, isSigned: Bool) {
    let described = set.words(descriptor)
    guard described.count == 3, let element = set.elements[data], !element.isCompressed else { return nil }
    let count = described[0] == 0 ? 65536 : Int(described[0])
    first = isSigned ? Int(Int16(bitPattern: described[1])) : Int(described[1])
    bits = Int(described[2])
    guard (1...16).contains(bits) else { return nil }
    // Entries of 8 bits may stand in bytes.
    if bits <= 8, element.range.count < 2 * count, element.range.count >= count {
      entries = set.bytes[element.range].prefix(count).map(UInt16.init)
    } else {
      entries = Array(set.words(data).prefix(count))
    }
    guard entries.count == count else { return nil }
  }

  subscript(_ value: Int) -> Int { Int(entries[min(max(value - first, 0), entries.count - 1)]) }
}
