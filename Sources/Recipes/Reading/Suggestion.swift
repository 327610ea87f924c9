/// Finds what a mistyped word was meant to be.
enum Suggestion {
  /// The candidate that is nearest to `word`, if it is near: within a third of its length, at least one change.
  /// Case and the choice between '-' and '_' do not count.
  static func nearest(to word: String, among candidates: [String]) -> String? {
    let folded = fold(word)
    let distances = candidates.map { (candidate: $0, distance: distance(folded, fold($0))) }
    guard let best = distances.min(by: { $0.distance < $1.distance }) else { return nil }
    return best.distance <= max(1, min(folded.count, best.candidate.count) / 3) ? best.candidate : nil
  }

  private static func fold(_ word: String) -> [Character] {
    // An option's dashes and the words of camel case come out as in a key.
    var result: [Character] = []
    for character in word {
      if character.isUppercase, let last = result.last, last != "-" { result.append("-") }
      result.append(
        character == "_" || character == " " ? "-" : Character(character.lowercased().prefix(1).description))
    }
    return result
  }

  /// The least number of insertions, deletions, replacements and swaps of neighbours that turn one word into another.
  static func distance(_ first: [Character], _ second: [Character]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...second.count)
    for i in first.indices {
      var row = [i + 1]
      for j in second.indices {
        var best = min(last[j + 1] + 1, row[j] + 1, last[j] + (first[i] == second[j] ? 0 : 1))
        if i > 0, j > 0, first[i] == second[j - 1], first[i - 1] == second[j] {
          best = min(best, beforeLast[j - 1] + 1)
        }
        row.append(best)
      }
      (beforeLast, last) = (last, row)
    }
    return last[second.count]
  }
}
