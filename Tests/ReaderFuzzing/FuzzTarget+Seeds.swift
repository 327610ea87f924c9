import CNIfTI
import Foundation
import Networks
import Recipes
import Tensors

extension FuzzTarget {
  /// Whole, accepted files to start from, made here; the same every time.
  public var seeds: [[UInt8]] {
    switch self {
    case .nifti:
      Self.images(magic: "n+1") + VolumeSeeds.nifti2(isPair: false)
        + (Self.images(magic: "n+1").prefix(4) + VolumeSeeds.nifti2(isPair: false).prefix(2)).map(Self.gzipped)
    case .analyze: Self.images(magic: "") + Self.images(magic: "ni1") + VolumeSeeds.nifti2(isPair: true)
    case .mgh: VolumeSeeds.mgh + VolumeSeeds.mgh.prefix(2).map(Self.gzipped)
    case .safetensors: Self.tensorFiles
    case .png: Self.pictures
    case .jpeg: PictureSeeds.jpegs
    case .tiff: PictureSeeds.tiffs
    case .recipe: Self.recipes.map { Array($0.utf8) }
    case .array: ArraySeeds.files + ArraySeeds.files.prefix(3).map(Self.gzipped) + NumPySeeds.archives
    case .numpy: NumPySeeds.pairs
    case .dicom: DICOMSeeds.files
    }
  }

  /// Words worth putting into an input.
  public var words: [String] {
    switch self {
    case .nifti, .analyze: ["n+1", "ni1", "<nifti_image", "n+2\0\r\n\u{1A}\n", "ni2\0\r\n\u{1A}\n", "\u{2}\u{1C}"]
    case .mgh: ["\0\0\0\u{1}", "\0\0\0\u{2}", "\0\u{1}"]
    case .numpy:
      [
        "'descr'", "'fortran_order'", "'shape'", "'|u1'", "'<i8'", "'>f4'", "'|O'", "True", "False", "(", ")", ",", "L",
        "[(",
      ]
    case .safetensors:
      ["\"dtype\"", "\"F32\"", "\"I64\"", "\"shape\"", "\"data_offsets\"", "\"__metadata__\"", "\\u0000"]
    case .array:
      [
        "PK\u{1}\u{2}", "PK\u{3}\u{4}", "PK\u{5}\u{6}", "images.npy", "labels.npy", "MATLAB 5.0 MAT-file", "X", "y",
        "\0\0\u{8}\u{3}", "\0\u{1}IM", "\u{E}\0\0\0", "\u{F}\0\0\0",
      ]
    case .dicom:
      [
        "DICM", "1.2.840.10008.1.2.", "1.2.840.10008.1.2.4.", "MONOCHROME1", "PALETTE COLOR", "YBR_FULL_422", "SQ",
        "UN",
        "OW", "-1e39", "\\",
      ]
    case .png: ["IHDR", "IDAT", "IEND", "PLTE", "tRNS", "gAMA", "sBIT", "iCCP", "zTXt", "iTXt", "tEXt", "bKGD", "eXIf"]
    case .jpeg: ["Exif\0\0", "II*\0", "Adobe\0", "JFIF\0", "\u{1}\u{12}\0\u{3}"]
    case .tiff:
      ["II*\0", "MM\0*", "II+\0\u{8}\0\0\0", "ImageJ=1\nimages=2\n", "\u{12}\u{1}\u{3}\0", "\u{1}\u{2}\u{3}\0"]
    case .recipe:
      Array(Set(Recipe().yaml().split { " \n,".contains($0) }.map(String.init))).sorted()
        + ["&a", "*a", "!!int", "%YAML 1.2", "---", "? ", "- ", "|", ">-", "<<", "\u{FEFF}", "\u{85}", "0x7f", "1e999"]
    }
  }

  private static func images(magic: String) -> [[UInt8]] {
    let types: [(Int16, Int16)] = [
      (2, 8), (4, 16), (8, 32), (16, 32), (64, 64), (256, 8), (512, 16), (768, 32), (1024, 64), (1280, 64), (128, 24),
      (2304, 32),
    ]
    return types.enumerated().map { index, type in
      var header = HeaderBytes(
        dimensions: [[3, 4], [3, 4, 1], [2, 3, 4], [4, 1, 3], [2, 2, 2, 1]][index % 5], type: type.0, bits: type.1)
      header.isBigEndian = index % 2 == 1
      header.magic = magic
      header.qformCode = Int16(index % 3)
      header.sformCode = Int16(index % 4)
      header.slope = Float(index % 3)
      var bytes = header.bytes
      // Floats whose bits are a pattern may be NaN: zeros and ones instead.
      if type.0 == 16 || type.0 == 64 {
        let start = bytes.count - header.dimensions.reduce(Int(type.1) / 8) { $0 * Int($1) }
        for place in start..<bytes.count { bytes[place] = place % 4 == 0 ? 0x3F : 0 }
      }
      return bytes
    }
  }

  private static func gzipped(_ bytes: [UInt8]) -> [UInt8] {
    var stream = z_stream()
    var (source, target) = (bytes, [UInt8](repeating: 0, count: bytes.count + 256))
    deflateInit2_(
      &stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, zlibVersion(), Int32(MemoryLayout<z_stream>.size))
    defer { deflateEnd(&stream) }
    return source.withUnsafeMutableBufferPointer { source in
      target.withUnsafeMutableBufferPointer { target in
        (stream.next_in, stream.avail_in) = (source.baseAddress, UInt32(source.count))
        (stream.next_out, stream.avail_out) = (target.baseAddress, UInt32(target.count))
        let code = deflate(&stream, Z_FINISH)
        precondition(code == Z_STREAM_END, "a small image fits")
        return Array(target.prefix(target.count - Int(stream.avail_out)))
      }
    }
  }

  private static var tensorFiles: [[UInt8]] {
    let cases: [([(name: String, entry: SafeTensors.Entry)], [String: String])] = [
      ([], [:]),
      ([("w", .float32(Tensor([2, 3], values: [1, 2, 3, 4, 5, 6]))), ("n", .int64(7))], ["format": "pt"]),
      ([("a.b", .float32(Tensor([0, 4], values: []))), ("s", .float32(Tensor(scalar: 2)))], [:]),
    ]
    return cases.map { entries, metadata in
      guard let data = try? SafeTensors.encode(entries, metadata: metadata) else {
        preconditionFailure("sound entries")
      }
      return Array(data)
    }
  }

  private static var pictures: [[UInt8]] {
    let palette = PNGChunks.chunk("PLTE", [10, 10, 10, 200, 100, 0])
    return [
      PNGChunks.file(width: 3, height: 2, depth: 8, colour: 0, rows: [0, 1, 2, 3, 1, 4, 5, 6]),
      PNGChunks.file(width: 2, height: 1, depth: 16, colour: 0, rows: [0, 1, 2, 255, 255]),
      PNGChunks.file(width: 9, height: 1, depth: 1, colour: 0, rows: [0, 0xA5, 0x80]),
      PNGChunks.file(width: 2, height: 1, depth: 8, colour: 2, rows: [0, 1, 2, 3, 4, 5, 6]),
      PNGChunks.file(width: 2, height: 1, depth: 1, colour: 3, rows: [0, 0x40], before: [palette]),
      PNGChunks.file(
        width: 2, height: 1, depth: 8, colour: 3, rows: [2, 0, 1], before: [palette, PNGChunks.chunk("tRNS", [0, 9])]),
      PNGChunks.file(width: 1, height: 2, depth: 8, colour: 4, rows: [0, 7, 255, 2, 1, 0]),
      PNGChunks.file(width: 1, height: 1, depth: 16, colour: 6, rows: [0, 1, 2, 3, 4, 5, 6, 7, 8]),
      PNGChunks.file(width: 2, height: 2, depth: 8, colour: 0, interlaced: true, rows: [0, 1, 0, 2, 0, 3, 4]),
      PNGChunks.file(
        width: 1, height: 1, depth: 8, colour: 0, rows: [4, 9],
        before: [PNGChunks.chunk("gAMA", [0, 0, 0x8E, 0x2A]), PNGChunks.chunk("tEXt", Array("a\0b".utf8))]),
    ]
  }

  private static var recipes: [String] {
    let whole = Recipe().yaml()
    // One short recipe for each section, so that an input stays short.
    let parts = Recipe.sections.map { Recipe().yaml(sections: [String($0.name.split(separator: ".").first ?? "")]) }
    return ["name: a\n", "data:\n  phantom:\n", "{seed: 3, \"name\": 'b'}", whole]
      + Set(parts).sorted().filter { !$0.isEmpty }
  }
}
