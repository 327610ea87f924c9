import ArrayImporters
import Cohorts
import Foundation
import ImageFiles
import ImageSets
import TestFiles
import Testing

@Suite struct ArrayImportTests {
  /// 24 training and 10 test images of 4 x 3 in three classes, gzip and plain.
  private func mnist(in scratch: ImageScratch) throws {
    try scratch.folder("IN")
    let labels: [UInt8] = (0..<24).map { UInt8($0 % 3) }
    try scratch.write(
      ArrayBytes.idx([24, 4, 3], ArrayBytes.pixels(images: 24, each: 12)), "IN/train-images-idx3-ubyte.gz")
    try scratch.write(ArrayBytes.idx([24], labels), "IN/train-labels-idx1-ubyte.gz")
    // Other images than those of training.
    let test = ArrayBytes.pixels(images: 40, each: 12).suffix(120)
    try scratch.write(ArrayBytes.idx([10, 4, 3], Array(test)), "IN/t10k-images-idx3-ubyte")
    try scratch.write(ArrayBytes.idx([10], Array(labels.prefix(10))), "IN/t10k-labels-idx1-ubyte")
    try scratch.write(Array("read me\n".utf8), "IN/README")
  }

  @discardableResult
  private func write(
    _ scratch: ImageScratch, _ paths: [String] = ["IN"], to out: String = "OUT",
    _ change: (inout ArrayOptions) -> Void = { _ in }
  ) throws -> ArrayImport.Outcome {
    var options = ArrayOptions()
    change(&options)
    return try ArrayImport(paths.map(scratch.path), options: options, version: "0").write(to: scratch.path(out))
  }

  private func files(_ scratch: ImageScratch, _ out: String = "OUT") throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: scratch.path(out).path).filter { $0.hasSuffix(".png") }.sorted()
  }

  @Test func mnistComesOutDividedWithASubjectForEachImage() throws {
    let scratch = try ImageScratch()
    try mnist(in: scratch)
    let outcome = try write(scratch)
    #expect(
      outcome.images == ["train/0": 8, "train/1": 8, "train/2": 8, "test/0": 4, "test/1": 3, "test/2": 3])
    #expect(outcome.size == "4 x 3")
    // The fifth training image has the label 1.
    let image = try ImageFile.read(scratch.path("OUT/train/1/train-00005.png"))
    #expect(image.pixels == ArrayBytes.pixels(images: 5, each: 12).suffix(12).map(Float.init))
    let cohort = try Cohort.load(scratch.path("OUT"))
    #expect(cohort.images.count == 34 && Set(cohort.images.map(\.subject)).count == 34)
    #expect(cohort.images.filter { $0.split == .test }.count == 10)
    #expect(try scratch.names == ["IN", "OUT"])
    let record = try String(contentsOf: scratch.path("OUT/import.json"), encoding: .utf8)
    #expect(record.contains("\"file\" : \"t10k-images-idx3-ubyte\"") && !record.contains(scratch.url.path))
  }

  @Test func theSameSeedTakesTheSameImages() throws {
    let scratch = try ImageScratch()
    try mnist(in: scratch)
    func names(_ out: String, _ seed: Int) throws -> [String] {
      let outcome = try write(scratch, to: out) {
        $0.perClass = 3
        $0.seed = seed
      }
      #expect(outcome.images.values.allSatisfy { $0 == 3 })
      return try files(scratch, out)
    }
    let first = try names("A", 1)
    let (second, other) = (try names("B", 1), try names("C", 2))
    #expect(first.count == 18 && first == second && first != other)
    let few = try write(scratch, to: "D") { $0.perClass = 4 }
    #expect(few.notes == ["fewer images than --per-class asks for: test/1: 3 and test/2: 3"])
  }

  @Test func classesAndNamesAreChosen() throws {
    let scratch = try ImageScratch()
    try mnist(in: scratch)
    let outcome = try write(scratch) {
      $0.classNames = ["ant", "bee", "cat"]
      $0.classes = ["bee", "0"]
    }
    #expect(outcome.images == ["train/ant": 8, "train/bee": 8, "test/ant": 4, "test/bee": 3])
    expectRefusal("there is no class '7'") { try write(scratch, to: "A") { $0.classes = ["7"] } }
    expectRefusal("2 class names and 3 labels (0 to 2)") { try write(scratch, to: "A") { $0.classNames = ["a", "b"] } }
    expectRefusal("two labels would have one name") {
      try write(scratch, to: "A") { $0.classNames = ["a", "a", "b"] }
    }
    expectRefusal("differ only by case") { try write(scratch, to: "A") { $0.classNames = ["a", "A", "b"] } }
    expectRefusal("cannot be the name") { try write(scratch, to: "A") { $0.classNames = ["a/b", "c", "d"] } }
    #expect(try scratch.names == ["IN", "OUT"])
  }

  @Test func validationImagesComeOutOfTrainingOnes() throws {
    let scratch = try ImageScratch()
    try mnist(in: scratch)
    let outcome = try write(scratch) { $0.validation = 0.25 }
    #expect(outcome.images["val/1"] == 2 && outcome.images["train/1"] == 6 && outcome.images["test/1"] == 3)
    let names = try files(scratch).map { ($0 as NSString).lastPathComponent }
    #expect(names.count == 34 && Set(names).count == 34)
    expectRefusal("do not tell training from test") {
      try write(scratch, ["IN/t10k-images-idx3-ubyte", "IN/t10k-labels-idx1-ubyte"], to: "A") { $0.validation = 0.5 }
    }
  }

  @Test func oneSideAloneIsNotDivided() throws {
    let scratch = try ImageScratch()
    try mnist(in: scratch)
    let outcome = try write(scratch, ["IN/t10k-labels-idx1-ubyte", "IN/t10k-images-idx3-ubyte"])
    #expect(outcome.images == ["0": 4, "1": 3, "2": 3])
    #expect(try files(scratch).first == "0/00001.png")
    expectRefusal("cannot be the name of a class's folder") {
      try write(scratch, ["IN/t10k-labels-idx1-ubyte", "IN/t10k-images-idx3-ubyte"], to: "A") {
        $0.classNames = ["a", "b", "Train"]
      }
    }
  }

  @Test func cifarTakesItsNamesAndNumbersItsBatchesOn() throws {
    let scratch = try ImageScratch()
    try scratch.folder("IN")
    try scratch.write(ArrayBytes.cifar([[0], [1]]), "IN/data_batch_1.bin")
    try scratch.write(ArrayBytes.cifar([[1], [1]]), "IN/data_batch_2.bin")
    try scratch.write(ArrayBytes.cifar([[0]]), "IN/test_batch.bin")
    try scratch.write(Array("airplane\nautomobile\n\n".utf8), "IN/batches.meta.txt")
    try write(scratch)
    #expect(
      try files(scratch) == [
        "test/airplane/test-00001.png", "train/airplane/train-00001.png", "train/automobile/train-00002.png",
        "train/automobile/train-00003.png", "train/automobile/train-00004.png",
      ])
    // Colour is kept: the header says three channels (colour type 2).
    let png = try Data(contentsOf: scratch.path("OUT/train/automobile/train-00003.png"))
    #expect(png[25] == 2)
    try scratch.write(Array("airplane\n".utf8), "IN/batches.meta.txt")
    expectRefusal("it has 1 name and there is a label 1") { try write(scratch, to: "A") }
  }

  @Test func svhnFilesAreDividedByName() throws {
    let scratch = try ImageScratch()
    try scratch.write(
      ArrayBytes.MAT.digits(labels: [10, 1, 1], isCompressed: true).bytes, "train_32x32.mat")
    try scratch.write(ArrayBytes.MAT.digits(labels: [1], isCompressed: false).bytes, "test_32x32.mat")
    let outcome = try write(scratch, ["train_32x32.mat", "test_32x32.mat"])
    #expect(outcome.images == ["train/0": 1, "train/1": 2, "test/1": 1] && outcome.size == "3 x 2")
  }

  /// A set in MedMNIST's layout: three sides, labels as a column, arrays beside that are none of these.
  @Test func medicalMNISTKeepsItsSplit() throws {
    let scratch = try ImageScratch()
    func images(_ count: Int, _ first: Int) -> [UInt8] {
      NumPyBytes.array([count, 4, 4], (0..<16 * count).map { UInt8((first + 13 * $0) % 256) })
    }
    func labels(_ count: Int) -> [UInt8] { NumPyBytes.array([count, 1], (0..<count).map { UInt8($0 % 2) }) }
    try scratch.write(
      NumPyBytes.archive([
        ("train_images", images(6, 0)), ("train_labels", labels(6)), ("val_images", images(2, 100)),
        ("val_labels", labels(2)), ("test_images", images(4, 200)), ("test_labels", labels(4)), ("extra", labels(1)),
      ]), "set.npz")
    let outcome = try write(scratch, ["set.npz"])
    #expect(
      outcome.images == ["train/0": 3, "train/1": 3, "val/0": 1, "val/1": 1, "test/0": 2, "test/1": 2])
    #expect(outcome.notes == ["of set.npz left out: extra"])
    let image = try ImageFile.read(scratch.path("OUT/val/1/val-00002.png"))
    let expected = (16..<32).map { (place: Int) in Float((100 + 13 * place) % 256) }
    #expect(image.pixels == expected)
    let cohort = try Cohort.load(scratch.path("OUT"))
    #expect(cohort.images.filter { $0.split == .validation }.count == 2)
    let record = try String(contentsOf: scratch.path("OUT/import.json"), encoding: .utf8)
    #expect(record.contains("\"format\" : \"NumPy\"") && record.contains("\"side\" : \"validation\""))
    expectRefusal("have validation images already") { try write(scratch, ["set.npz"], to: "A") { $0.validation = 0.1 } }
    expectRefusal("no column 2") { try write(scratch, ["set.npz"], to: "A") { $0.labelColumn = 2 } }
    let named = try write(scratch, ["set.npz"], to: "B") { $0.classNames = ["benign", "malignant"] }
    #expect(named.images["test/malignant"] == 2)
    try mnist(in: scratch)
    expectRefusal("which has neither columns of labels nor volumes") {
      try write(scratch, to: "A") { $0.labelColumn = 0 }
    }
    expectRefusal("import one data set at a time") {
      try write(scratch, ["set.npz", "IN/t10k-images-idx3-ubyte", "IN/t10k-labels-idx1-ubyte"], to: "A")
    }
    try scratch.write(images(1, 0), "one.npy")
    expectRefusal("a single NumPy array; save images and labels together") { try write(scratch, ["one.npy"], to: "A") }
    #expect(try scratch.names == ["B", "IN", "OUT", "one.npy", "set.npz"])
  }

  @Test func whatDoesNotBelongTogetherIsRefused() throws {
    let scratch = try ImageScratch()
    try mnist(in: scratch)
    let images = "IN/t10k-images-idx3-ubyte"
    expectRefusal("no file of labels belongs to") { try write(scratch, [images]) }
    expectRefusal("no file of images belongs to the labels") { try write(scratch, ["IN/t10k-labels-idx1-ubyte"]) }
    expectRefusal("is named twice") { try write(scratch, ["IN", images]) }
    expectRefusal("it is text") { try write(scratch, ["IN/README"]) }
    try scratch.write(ArrayBytes.idx([9], Array(repeating: 1, count: 9)), "nine-labels-idx1-ubyte")
    expectRefusal("has 10 images and") { try write(scratch, [images, "nine-labels-idx1-ubyte"]) }
    try scratch.write(ArrayBytes.cifar([[1]]), "IN/test_batch.bin")
    expectRefusal("import one data set at a time") { try write(scratch) }
    #expect(try scratch.names == ["IN", "nine-labels-idx1-ubyte"])
  }

  @Test func aFolderInTheWayStays() throws {
    let scratch = try ImageScratch()
    try mnist(in: scratch)
    try write(scratch)
    expectRefusal("--overwrite") { try write(scratch) }
    expectRefusal("not empty") { try write(scratch, to: "IN") }
    #expect(try scratch.names == ["IN", "OUT"])
  }

  private func expectRefusal(
    _ part: String, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> some Any
  ) {
    do {
      _ = try body()
      Issue.record("accepted", sourceLocation: sourceLocation)
    } catch {
      #expect("\(error)".contains(part), "\(error)", sourceLocation: sourceLocation)
    }
  }
}
