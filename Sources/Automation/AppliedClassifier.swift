import Cohorts
import Files
import Foundation
import ImageFiles
import ImageSets
import Runs
import Tensors

/// The classifier that a run handed over, applied to images that it has not seen: prepared as those that it was trained on, by
/// all of its members, calibrations and the threshold.
public struct AppliedClassifier: Sendable {
  public let classes: [String]
  private let card: Card
  private let committee: Committee

  private struct Card: Sendable {
    var size: ImageSize
    var channels: Int
    var preprocessing: Preprocessing
    var selection: SliceSelection?
  }

  static let remedy = "name the folder classifier/ of a finished run of 'manikin auto'"
  /// Images that are read and classified at a time.
  private static let batch = 256

  /// What it says of an image.
  public struct Prediction: Sendable, Equatable {
    /// The path below the folder that was named.
    public var image: String
    public var subject: String
    /// Of each class, all classes equally common.
    public var probabilities: [Float]
    /// The number of the most probable class.
    public var decided: Int
  }

  /// Reads a classifier.
  ///
  /// - Parameter folder: `classifier/` of a run, or the run's own folder.
  /// - Throws: `ImagingError.unreadable` where there is none, or not a whole one.
  public init(contentsOf folder: URL) throws {
    let within = folder.appending(path: "classifier", directoryHint: .isDirectory)
    let isRun = FileManager.default.fileExists(atPath: within.appending(path: ClassifierCard.fileName).path)
    let place = isRun ? within : folder
    let file = place.appending(path: ClassifierCard.fileName)
    func failure(_ reason: String) -> ImagingError {
      .unreadable(path: file.relativePath, reason: reason, remedy: Self.remedy)
    }
    guard let data = try? Data(contentsOf: file) else { throw failure("there is no such file") }
    guard let card = try? JSONDecoder().decode(ClassifierCard.self, from: data) else {
      throw failure("this is no classifier of Manikin")
    }
    if let problem = Self.problem(card) { throw failure(problem) }
    classes = card.classes
    self.card = Card(
      size: ImageSize(height: card.height, width: card.width), channels: card.channels,
      preprocessing: card.preprocessing, selection: card.selection)
    committee = try Committee(card, in: place)
  }

  /// What does not hold in a card; nil if all does.
  private static func problem(_ card: ClassifierCard) -> String? {
    if card.version != 1 { return "it was written by another version of Manikin" }
    let count = card.classes.count
    guard count > 1, Set(card.classes).count == count else { return "it does not name two classes or more" }
    guard (1...4096).contains(card.height), (1...4096).contains(card.width), [1, 3].contains(card.channels) else {
      return "its images are of no size that is read"
    }
    guard !card.members.isEmpty, card.members.allSatisfy({ !$0.files.isEmpty && $0.files.count == $0.digests.count })
    else { return "it names no weights" }
    let calibrations = card.members.map(\.calibration) + [card.calibration]
    guard calibrations.allSatisfy({ $0.intercepts.count == count && $0.slope.isFinite }) else {
      return "its calibrations are not of \(count) classes"
    }
    let names = card.members.flatMap(\.files)
    return names.allSatisfy { !$0.contains("/") && !$0.hasPrefix(".") } ? nil : "its weights lie in another folder"
  }

  /// Classifies all images of a folder, or one file.
  ///
  /// - Parameters:
  ///   - place: a folder, at any depth of which images lie, or an image.
  ///   - subjects: how subjects are found in names.
  ///   - progress: is told what was passed over.
  /// - Returns: in the order of the paths.
  /// - Throws: `ImagingError` for the first image that cannot be read, or is of another size or has other channels.
  public func predictions(
    of place: URL, subjects: SubjectRule = .names, progress: ProgressReporter
  ) throws -> [Prediction] {
    let cohort = try Cohort.unlabelled(place, subjects: subjects)
    for note in cohort.notes { progress.note("note: \(note)") }
    let bar = progress.stage("Classifying", total: cohort.images.count, unit: "images")
    var found: [Prediction] = []
    for start in stride(from: 0, to: cohort.images.count, by: Self.batch) {
      let images = Array(cohort.images[start..<min(cohort.images.count, start + Self.batch)])
      let pixels = try ParallelMap.map(count: images.count) { try prepared(images[$0].url) }
      let tensor = Tensor(
        [images.count, card.size.height, card.size.width, card.channels], values: pixels.flatMap { $0 })
      let said = probabilities(TensorRows(tensor))
      for (image, row) in zip(images, said) {
        guard row.allSatisfy(\.isFinite) else {
          throw ImagingError.invalid(
            what: "the classifier says no number of \(image.url.relativePath): its weights are damaged",
            remedy: Self.remedy)
        }
        found.append(
          Prediction(
            image: image.path, subject: image.subject, probabilities: row,
            decided: row.indices.reduce(0) { row[$1] > row[$0] ? $1 : $0 }))
      }
      bar.advance(by: images.count)
    }
    bar.finish()
    return found
  }

  /// The probability of each class, `[image][class]`.
  ///
  /// - Parameter images: prepared, `[height, width, channel]` each, at least one.
  package func probabilities(_ images: TensorRows) -> [[Float]] {
    committee.probabilities(images, classes: classes.count)
  }

  /// The pixels of an image as the classifier takes them.
  private func prepared(_ url: URL) throws -> [Float] {
    let raw = try ImageFile.read(url, selection: card.selection)
    func refusal(_ what: String, _ remedy: String) -> ImagingError {
      .invalid(what: "\(url.relativePath) \(what)", remedy: remedy)
    }
    guard card.channels == 3 || card.preprocessing.colour != .auto || !raw.isColour else {
      throw refusal(
        "is in colour, and the classifier was trained on grey images",
        "give images like those that it was trained on")
    }
    let slice = try card.preprocessing.with(channels: card.channels).apply(raw, from: url)
    let size = ImageSize(height: slice.height, width: slice.width)
    guard size == card.size else {
      throw refusal(
        "is \(size) pixels, and the classifier was trained on images of \(card.size)",
        "give images of that size, or train one with --size")
    }
    return slice.pixels
  }

  /// As a table: `image`, `subject`, `decided` and the probability of each class.
  public func csv(_ predictions: [Prediction]) -> String {
    let header = ["image", "subject", "predicted"] + classes.map { CSVText.field("probability_\($0)") }
    return header.joined(separator: ",") + "\n"
      + predictions.map { prediction in
        ([prediction.image, prediction.subject, classes[prediction.decided]].map(CSVText.field)
          + prediction.probabilities.map { String(format: "%.7g", $0) }).joined(separator: ",") + "\n"
      }.joined()
  }

  /// Writes the table whole or not at all.
  public func write(_ predictions: [Prediction], to file: URL) throws {
    try AtomicFile.write(csv(predictions), to: file)
  }
}

extension Committee {
  /// The calibrated probability of each class, `[image][class]`.
  ///
  /// - Parameter images: prepared, `[height, width, channel]` each, at least one.
  package func probabilities(_ images: TensorRows, classes: Int) -> [[Float]] {
    let nobody = Array(0..<images.count)
    return combined { classifier in
      let values = classifier.probabilities(images)
      return HeldOut(
        images: nobody, subjects: nobody, labels: nobody.map { _ in 0 },
        probabilities: nobody.map { values.row($0) })
    }.probabilities
  }
}
