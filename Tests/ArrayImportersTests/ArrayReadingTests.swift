import ArrayImporters
import Files
import Foundation
import ImageFiles
import Testing

/// What the readers of array files make of files whose every byte is known.
@Suite struct ArrayReadingTests {
  private func file(_ bytes: [UInt8]) throws -> ArrayFile? { try ArrayFile(.memory(bytes, name: "x")) }

  private func array(_ bytes: [UInt8]) throws -> LabelledArray {
    guard case .labelled(let array) = try #require(try file(bytes)) else {
      throw ImagingError.invalid(what: "another kind", remedy: "look")
    }
    return array
  }

  private func paired(_ dimensions: [Int], _ values: [UInt8], labels: [UInt8]) throws -> LabelledArray {
    guard case .images(let images) = try file(ArrayBytes.idx(dimensions, values)),
      case .labels(let list) = try file(ArrayBytes.idx([labels.count], labels))
    else { throw ImagingError.invalid(what: "another kind", remedy: "look") }
    return try images.labelled(by: list)
  }

  @Test func greyIDX() throws {
    let values = ArrayBytes.pixels(images: 3, each: 6)
    let array = try paired([3, 2, 3], values, labels: [7, 0, 255])
    #expect(array.labels == [7, 0, 255] && array.size == ImageSize(height: 2, width: 3) && array.channels == 1)
    #expect(array.pixels(of: 1) == Array(values[6..<12]))
  }

  @Test func colourIDXInEitherOrder() throws {
    let values: [UInt8] = Array(0..<24)
    let last = try paired([2, 2, 2, 3], values, labels: [1, 2])
    #expect(last.channels == 3 && last.pixels(of: 1) == Array(12..<24))
    // [image, channel, row, column]: the pixel's channels lie 2 x 4 apart.
    let first = try paired([1, 3, 2, 4], values, labels: [1])
    #expect(first.size == ImageSize(height: 2, width: 4))
    #expect(first.pixels(of: 0).prefix(6) == [0, 8, 16, 1, 9, 17])
  }

  @Test func cifar10() throws {
    let array = try array(ArrayBytes.cifar([[3], [9]]))
    #expect(array.labels == [3, 9] && array.format == "CIFAR-10" && array.channels == 3)
    let pixels = array.pixels(of: 1)
    // Row 2, column 5.
    #expect(Array(pixels[(2 * 32 + 5) * 3..<(2 * 32 + 6) * 3]) == [1, 102, 205])
  }

  @Test func cifar100TakesTheFineLabel() throws {
    let array = try array(ArrayBytes.cifar([[19, 99], [0, 42]]))
    #expect(array.labels == [99, 42] && array.format == "CIFAR-100")
    #expect(array.pixels(of: 1).prefix(3) == [1, 100, 200])
  }

  /// A record may begin like IDX; the size tells.
  @Test func aRecordThatBeginsLikeIDX() throws {
    var bytes = ArrayBytes.cifar([[0], [1]])
    bytes.replaceSubrange(0..<4, with: [0, 0, 8, 3])
    #expect(try array(bytes).labels == [0, 1])
  }

  /// Every byte of a bright image after the label 9, a tab, could be text.
  @Test func aRecordThatLooksLikeText() throws {
    var bytes = ArrayBytes.cifar([[9], [1]])
    bytes.replaceSubrange(1..<1025, with: [UInt8](repeating: 200, count: 1024))
    #expect(try array(bytes).labels == [9, 1])
  }

  @Test(arguments: [false, true], [false, true])
  func svhn(isCompressed: Bool, inDoubles: Bool) throws {
    let labels: [UInt8] = [1, 10, 9, 5, 2]
    let bytes = ArrayBytes.MAT.digits(labels: labels, isCompressed: isCompressed, inDoubles: inDoubles).bytes
    let array = try array(bytes)
    #expect(array.labels == [1, 0, 9, 5, 2])
    #expect(array.size == ImageSize(height: 3, width: 2) && array.channels == 3)
    // [row, column, channel]: row + 10 column + 70 channel + image.
    #expect(
      array.pixels(of: 4) == [4, 74, 144, 14, 84, 154, 5, 75, 145, 15, 85, 155, 6, 76, 146, 16, 86, 156])
  }

  @Test func svhnWithOneImage() throws {
    var file = ArrayBytes.MAT.digits(labels: [10], isCompressed: true)
    file.variables[0].dimensions = [3, 2, 3]
    #expect(try array(file.bytes).labels == [0])
  }

  /// Every prefix and every single changed byte of a MATLAB file is read or refused in a sentence.
  @Test(arguments: [false, true]) func damagedMATLABFiles(isCompressed: Bool) throws {
    let whole = ArrayBytes.MAT.digits(labels: [1, 10, 3], isCompressed: isCompressed).bytes
    for length in 128..<whole.count { #expect(throws: ImagingError.self) { try file(Array(whole.prefix(length))) } }
    for place in 128..<whole.count {
      for change: UInt8 in [1, 0x80, 0xFF] {
        var bytes = whole
        bytes[place] ^= change
        do { _ = try file(bytes) } catch let error as ImagingError {
          #expect(!error.description.contains("\n"))
        }
      }
    }
  }

  private func refusal(_ bytes: [UInt8]) -> String {
    do {
      _ = try file(bytes)
      return "accepted"
    } catch { return "\(error)" }
  }

  @Test func hostileHeadersAreRefused() {
    let huge = [0x7FFF_FFFF, 0x7FFF_FFFF, 0x7FFF_FFFF]
    #expect(refusal(ArrayBytes.idx(huge, [1, 2, 3])).contains("declares more than the limit"))
    #expect(refusal(ArrayBytes.idx([1000, 28, 28], [1, 2, 3])).contains("cut short"))
    #expect(refusal(ArrayBytes.idx([1, 2, 2], [1, 2, 3, 4, 5])).contains("goes on after the 20 bytes"))
    #expect(refusal(ArrayBytes.idx([0, 2, 2], [])).contains("holds nothing"))
    #expect(refusal(ArrayBytes.idx([2, 2], [1, 2, 3, 4])).contains("several labels for each entry"))
    #expect(refusal(ArrayBytes.idx([2], type: 0x0D, [1, 2, 3, 4, 5, 6, 7, 8])).contains("32-bit fractions"))
    #expect(refusal([0, 0, 8, 3, 0, 0]).contains("cut short within its header"))
    #expect(refusal(ArrayBytes.cifar([[3], [10]])).contains("the label 10 of record 2 is out of CIFAR's range"))
    #expect(refusal(ArrayBytes.cifar([[20, 3]])).contains("the label 20, 3 of record 1"))
  }

  @Test func otherMATLABFilesAreRefused() {
    func refusal(_ change: (inout ArrayBytes.MAT) -> Void) -> String {
      var file = ArrayBytes.MAT.digits(labels: [1, 2, 3, 4, 5], isCompressed: false)
      change(&file)
      return self.refusal(file.bytes)
    }
    #expect(refusal { $0.variables[1].bytes[2] = 11 }.contains("the label 11.0 of image 3 is out of SVHN's range"))
    #expect(refusal { $0.variables[1].bytes[0] = 0 }.contains("the label 0.0 of image 1"))
    #expect(refusal { $0.variables[1].name = "z" }.contains("no X and y"))
    #expect(refusal { $0.variables[0].flags = 0x800 }.contains("no real, full array"))
    #expect(refusal { $0.variables[0].type = 2 }.contains("no real, full array"))
    #expect(refusal { $0.variables[0].dimensions[3] = 6 }.contains("as many values as its dimensions"))
    #expect(refusal { $0.variables[0].dimensions[3] = 0x7FFF_FFFF }.contains("over the limit"))
    #expect(
      refusal {
        $0.variables[1].dimensions = [5, 2]
        $0.variables[1].bytes += [1, 1, 1, 1, 1]
      }.contains("several labels for each image (y is 5 x 2)"))
    #expect(
      refusal {
        $0.variables[1].dimensions = [4, 1]
        $0.variables[1].bytes.removeLast()
      }.contains("5 images and 4 labels"))
    #expect(refusal { $0.variables.append($0.variables[0]) }.contains("one name"))
    var big = ArrayBytes.MAT.digits(labels: [1], isCompressed: false).bytes
    big.replaceSubrange(124..<128, with: [1, 0, 0x4D, 0x49])
    #expect(self.refusal(big).contains("big-endian"))
  }

  @Test func othersAreNamed() throws {
    func reason(_ bytes: [UInt8]) throws -> String {
      if try file(bytes) != nil { return "taken" }
      return try ArrayFile.whatElse(.memory(bytes, name: "x")).reason
    }
    #expect(try reason(Array("a list\nof words\n".utf8)).contains("text"))
    #expect(try reason([UInt8](repeating: 0, count: 257) + Array("ustar".utf8)).contains("tar"))
    #expect(try reason([0x80, 2, 0x7D]).contains("pickle"))
    #expect(try reason([0x89, 0x48, 0x44, 0x46, 0]).contains("HDF5"))
    #expect(try reason([1, 2, 3]).contains("3 bytes of another kind"))
    #expect(try reason([]).contains("empty"))
  }
}
