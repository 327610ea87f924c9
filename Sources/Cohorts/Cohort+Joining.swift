import Files
import ImageSets

extension Cohort {
  /// The cohort with subjects who share an image taken for one, under the name that comes first; a note says so.
  ///
  /// - Parameter copies: numbers of images that are the same, as `ImageSet.copies` gives them.
  public func joiningSubjects(ofCopies copies: [[Int]]) -> Cohort {
    var parent: [String: String] = [:]
    func root(_ subject: String) -> String {
      var subject = subject
      while let next = parent[subject] { subject = next }
      return subject
    }
    var examples: [String] = []
    for group in copies {
      let roots = Set(group.map { root(images[$0].subject) }).sortedBytewise()
      guard roots.count > 1 else { continue }
      if examples.isEmpty { examples = group.map { images[$0].path } }
      for other in roots.dropFirst() { parent[other] = roots[0] }
    }
    guard !parent.isEmpty else { return self }
    var joined = self
    for place in joined.images.indices { joined.images[place].subject = root(images[place].subject) }
    let count = Set(parent.keys).union(parent.values).count
    joined.notes.append(
      "\(TextList.count(count, "subject")) share an image with another (\(TextList.firstFew(examples, limit: 2))), so "
        + "that they count as \(TextList.count(count - parent.count, "person")) and stay on one side of a split")
    return joined
  }
}
