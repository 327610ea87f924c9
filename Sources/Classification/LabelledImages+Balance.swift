import Randomness

extension LabelledImages {
  /// `count` of some rows in random order, each as often as any other, give or take one.
  ///
  /// - Parameters:
  ///   - members: rows to choose from; at least one, unless `count` is 0.
  ///   - count: how many rows are wanted, at least 0.
  ///   - stream: round i, in which every member comes once, is ordered by its substream ("round", i).
  public static func repeated(_ members: [Int], to count: Int, _ stream: RandomStream) -> [Int] {
    stream.rounds("round", of: members.count, count: count).map { members[$0] }
  }

  /// Rows of labels, class by class: as many of each as asked for, every row as often as any other of its class, give or
  /// take one.
  ///
  /// - Parameters:
  ///   - labels: the class of each row, 0 ..< `counts.count`.
  ///   - counts: how many rows of each class are wanted; a class without a row can only have 0.
  ///   - stream: class c is ordered by its substream ("class c").
  /// - Returns: row numbers, those of class 0 first.
  public static func rows(of labels: [Int], perClass counts: [Int], _ stream: RandomStream) -> [Int] {
    counts.indices.flatMap { label in
      repeated(labels.indices.filter { labels[$0] == label }, to: counts[label], stream.substream("class \(label)"))
    }
  }
}
