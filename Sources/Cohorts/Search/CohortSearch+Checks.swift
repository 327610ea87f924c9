import Files
import Foundation
import ImageFiles
import ImageSets

extension CohortSearch {
  /// Takes pictures for previews where there are images of other kinds, and says so where classes differ in their kind of
  /// picture.
  mutating func dropPreviews() throws {
    let isPicture = images.map { ImageFile.isPicture($0.url) }
    guard isPicture.contains(true) else { return }
    guard isPicture.contains(false) else { return noteKinds() }
    let previews = zip(images, isPicture).filter(\.1).map(\.0.path)
    let kept = zip(images, isPicture).filter { !$0.1 }.map(\.0)
    let kind = Self.kinds(of: zip(images, isPicture).filter(\.1).map(\.0))
    for className in classes.sortedBytewise() where !kept.contains(where: { $0.className == className }) {
      throw ImagingError.invalid(
        what:
          "all images of the class \(className) in \(root.path) are \(kind) files, and those of other classes are not",
        remedy: "give all classes images of one kind, or a classifier will learn the kind")
    }
    images = kept
    notes.append(
      "\(TextList.count(previews.count, "\(kind) file")) beside images of other kinds taken for previews and not used: "
        + TextList.firstFew(previews.sortedBytewise()))
  }

  /// Such as `JPEG or PNG`.
  private static func kinds(of images: [CohortImage]) -> String {
    Set(images.compactMap { ImageFormat.of($0.url.lastPathComponent)?.format.name }).sortedBytewise()
      .joined(separator: " or ")
  }

  /// A lossy kind leaves its marks in the pixels.
  private mutating func noteKinds() {
    let byClass = Dictionary(grouping: images, by: \.className).mapValues { Self.kinds(of: $0) }
    guard Set(byClass.values).count > 1 else { return }
    let list = byClass.sorted { $0.key.precedesBytewise($1.key) }.map { "\($0.key) \($0.value)" }
    notes.append(
      "the classes are of different kinds of file (\(TextList.firstFew(list))), which a classifier can learn from what "
        + "compression leaves in the pixels; save all images alike")
  }

  /// Refuses `a.nii` beside `a.nii.gz`: one image stored twice, or two that cannot be told apart.
  func refuseTwoFilesOfOneName() throws {
    var seen: [String: String] = [:]
    for image in images {
      let folder = (image.path as NSString).deletingLastPathComponent
      let key = folder + "/" + ImageFile.stem(image.url)
      if let other = seen.updateValue(image.path, forKey: key) {
        throw ImagingError.invalid(
          what: "\(root.path) holds one image under two names, \(other) and \(image.path)", remedy: "keep one of them")
      }
    }
  }

  /// Class names become folder names, so they must be fit for that.
  func refuseUnsafeClassNames() throws {
    for name in classes.sortedBytewise() where !SyntheticFolder.isUsable(className: name) {
      throw ImagingError.invalid(
        what: "the class name '\(name)' of \(root.path) cannot be the name of a folder",
        remedy: "use a name without slashes and control characters that does not begin with a dot")
    }
  }

  /// Refuses a given split in which a side lacks a class.
  func refuseClassMissingFromSide() throws {
    for split in Split.allCases {
      let found = Set(images.filter { $0.split == split }.map(\.className))
      guard !found.isEmpty, let missing = classes.subtracting(found).sortedBytewise().first else { continue }
      throw ImagingError.invalid(
        what: "the class \(missing) has no image in the \(split.rawValue) side of the split of \(root.path)",
        remedy: "give every side images of every class, or remove the class")
    }
  }

  /// Refuses a subject with images on two sides of the given split, in one class or in several.
  func refuseSubjectsOnTwoSides() throws {
    var first: [String: CohortImage] = [:]
    for image in images {
      guard let other = first[image.subject] else {
        first[image.subject] = image
        continue
      }
      guard other.split == image.split else {
        throw ImagingError.invalid(
          what: "the subject \(image.subject) is on two sides of the split of \(root.path), in \(other.path) and "
            + image.path,
          remedy:
            "keep all images of a subject on one side, say how subjects are named with --subject-pattern if these are two "
            + "people, or give --allow-leaks to go on and have it said in the answer")
      }
    }
  }
}
