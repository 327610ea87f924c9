import Classification
import Experiments
import Files
import Foundation
import Networks
import Randomness
import Runs

extension Committee {
  /// Writes the classifiers and what makes a decision of them.
  ///
  /// - Parameters:
  ///   - card: without its members.
  ///   - isLinear: of a way.
  /// - Returns: the names of the files.
  package func write(_ card: ClassifierCard, to folder: URL, isLinear: (String) -> Bool) throws -> [String] {
    try AtomicFile.makeFolder(folder)
    var card = card
    var written: [String] = []
    for (number, member) in members.enumerated() {
      var (names, digests): ([String], [String]) = ([], [])
      for (start, classifier) in member.classifiers.enumerated() {
        let name = "\(number + 1)-\(member.way)-\(start + 1).safetensors"
        let data = try SafeTensors.encode(classifier.entries, metadata: ["format": "pt", "way": member.way])
        try AtomicFile.write(data, to: folder.appending(component: name))
        names.append(name)
        digests.append(Checksum.of(data))
      }
      card.members.append(
        .init(
          way: member.way, kind: isLinear(member.way) ? .linear : .network, files: names, digests: digests,
          calibration: member.calibration))
      written += names
    }
    card.calibration = calibration
    card.ownThreshold = members.count == 1 ? calibration.threshold : nil
    try RunFolder.write(card, to: folder.appending(path: ClassifierCard.fileName))
    return written + [ClassifierCard.fileName]
  }

  /// The committee of a folder.
  ///
  /// - Throws: `ImagingError.unreadable` for a folder without a whole and consistent classifier.
  init(_ card: ClassifierCard, in folder: URL) throws {
    members = try card.members.map { member in
      Member(
        way: member.way, calibration: member.calibration,
        classifiers: try zip(member.files, member.digests).map { name, digest in
          try Self.classifier(member.kind, card, folder.appending(component: name), digest: digest)
        })
    }
    calibration = card.calibration
  }

  private static func classifier(
    _ kind: ClassifierCard.Member.Kind, _ card: ClassifierCard, _ file: URL, digest: String
  ) throws -> MethodTrial.Trained {
    func failure(_ reason: String) -> ImagingError {
      .unreadable(path: file.relativePath, reason: reason, remedy: AppliedClassifier.remedy)
    }
    let data: Data
    do { data = try Data(contentsOf: file) } catch { throw failure("the file of weights is missing") }
    guard Checksum.of(data) == digest else { throw failure("its weights are not those that classifier.json names") }
    let path = file.relativePath
    do {
      let entries = try SafeTensors.decode(data, path: path).entries
      if kind == .linear {
        return .map(
          try LinearMap(
            entries, classes: card.classes.count, pixels: card.height * card.width * card.channels, path: path))
      }
      let classifier = try Classifier(
        height: card.height, width: card.width, channels: card.channels, classes: card.classes.count,
        stream: RandomStream(seed: 0, purpose: "weights"))
      try classifier.load(entries, path: path)
      return .network(classifier)
    } catch let error as NetworkError {
      throw failure("\(error)")
    }
  }
}
