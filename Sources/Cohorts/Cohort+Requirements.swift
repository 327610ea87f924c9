import Files
import ImageSets

extension Cohort {
  /// Checks that there is at least one class, each with two training images or more (all images where there is no
  /// split): a generative model of one image is that image.
  ///
  /// - Throws: `ImagingError` that names the class.
  public func requireForGeneration() throws {
    try require(classes: 1, to: "generate images")
    try requireTrainingImages(atLeast: 2)
  }

  /// Checks that there are two classes or more and, in a cohort that is split, training and test images of each.
  ///
  /// - Throws: `ImagingError` that names the class or the side.
  public func requireForEvaluation() throws {
    try require(classes: 2, to: "train a classifier")
    guard isSplit else { return }
    try requireTrainingImages(atLeast: 2)
    guard images.contains(where: { $0.split == .test }) else {
      throw ImagingError.invalid(
        what: "the cohort \(root.path) is already split but has no test side",
        remedy: "add a folder test, or give all images in class folders and have them split")
    }
  }

  /// Checks that there are so many classes; the message says what they are needed for, such as "train a classifier".
  public func require(classes minimum: Int, to purpose: String) throws {
    guard classes.count < minimum else { return }
    throw ImagingError.invalid(
      what: "the cohort \(root.path) has \(TextList.count(classes.count, "class")) "
        + "(\(TextList.firstFew(classes))), but at least \(minimum) are needed to \(purpose)",
      remedy: "add a folder of images for each class")
  }

  private func requireTrainingImages(atLeast minimum: Int) throws {
    for name in classes {
      let count = images(of: name, in: isSplit ? .train : nil).count
      guard count < minimum else { continue }
      throw ImagingError.invalid(
        what:
          "the class \(name) of \(root.path) has \(TextList.count(count, isSplit ? "training image" : "image")), but "
          + "at least \(minimum) are needed to learn from",
        remedy: "add images or remove the class")
    }
  }
}
