/// The parts of a file's or folder's name between separators (`_`, `-`, `.`, spaces, brackets), with what each is.
struct NameTokens {
  enum Kind: Equatable {
    /// Digits, perhaps with a side glued to them (`01L`).
    case number
    /// A word of the image that a number may follow, and the number glued to it if any.
    case unit(isScan: Bool, isNumbered: Bool)
    /// A contrast, side, plane, visit or step of processing.
    case attribute
    /// A word whose number is a person's, and whether the number is glued to it.
    case person(isNumbered: Bool)
    /// Where people come from, and whether its number is glued to it.
    case collection(isNumbered: Bool)
    /// A word or code with a number.
    case code
    case word
  }

  struct Token {
    var kind: Kind
    /// In lower case, without a number glued to it.
    var word: String
    /// Where it begins and ends in the name; the end leaves out what is glued behind a person's number.
    var start: String.Index
    var end: String.Index
    /// Where a closing bracket behind it ends, else `end`.
    var bracketEnd: String.Index
  }

  let name: String
  let tokens: [Token]

  init(_ name: String) {
    self.name = name
    var tokens: [Token] = []
    var place = name.startIndex
    while place < name.endIndex {
      guard !Self.isSeparator(name[place]) else {
        place = name.index(after: place)
        continue
      }
      var end = place
      while end < name.endIndex, !Self.isSeparator(name[end]) { end = name.index(after: end) }
      tokens.append(Self.token(name, place, end))
      place = end
    }
    self.tokens = tokens
  }

  private static func isSeparator(_ character: Character) -> Bool {
    "_-.()[]{}+,#~@".contains(character) || character.isWhitespace
  }

  private static func token(_ name: String, _ start: String.Index, _ end: String.Index) -> Token {
    let text = name[start..<end]
    var bracket = end
    if end < name.endIndex, ")]}".contains(name[end]) { bracket = name.index(after: end) }
    func token(_ kind: Kind, _ word: String, until place: String.Index? = nil) -> Token {
      Token(kind: kind, word: word, start: start, end: place ?? end, bracketEnd: place ?? bracket)
    }
    let lower = text.lowercased()
    if SubjectWords.attributes.contains(lower) { return token(.attribute, lower) }
    let runs = Self.runs(of: text)
    if runs.count == 1, runs[0].isNumber { return token(.number, lower) }
    if runs.count == 1 { return token(kind(of: lower, isNumbered: false), lower) }
    // `01L`, `007s3`, `p12L`, `patient12slice003`: what is glued behind the person's number goes.
    let first = runs[0].isNumber ? 0 : 1
    let behind = runs.dropFirst(first + 1).map { $0.text.lowercased() }
    if let word = behind.first, behind.count <= 2 {
      let isImage = SubjectWords.isOfImage(word) || behind.count == 2 && SubjectWords.glued.contains(word)
      if isImage {
        let place = runs[first].text.endIndex
        let head = runs[0].text.lowercased()
        return first == 0
          ? token(.number, head, until: place) : token(kind(of: head, isNumbered: true), head, until: place)
      }
    }
    if runs.count == 2, !runs[0].isNumber {
      let word = runs[0].text.lowercased()
      // A data set's number is short; a longer one is a person's: `UKB1234567`.
      let isShort = runs[1].text.count <= 4
      return token(isShort ? kind(of: word, isNumbered: true) : longKind(of: word), word)
    }
    return token(.code, lower)
  }

  private static func kind(of word: String, isNumbered: Bool) -> Kind {
    if SubjectWords.people.contains(word) { return .person(isNumbered: isNumbered) }
    if SubjectWords.pictures.contains(word) { return .unit(isScan: false, isNumbered: isNumbered) }
    if SubjectWords.scans.contains(word) { return .unit(isScan: true, isNumbered: isNumbered) }
    if SubjectWords.collections.contains(word) || isNumbered && SubjectWords.datasets.contains(word) {
      return .collection(isNumbered: isNumbered)
    }
    if isNumbered { return .code }
    let isLettered = SubjectWords.lettered.contains { word.hasPrefix($0) && (1...2).contains(word.count - $0.count) }
    return isLettered && !word.hasSuffix("s") ? .person(isNumbered: true) : .word
  }

  private static func longKind(of word: String) -> Kind {
    SubjectWords.datasets.contains(word) ? .code : kind(of: word, isNumbered: true)
  }

  /// Runs of ASCII digits and of other characters.
  private static func runs(of text: Substring) -> [(text: Substring, isNumber: Bool)] {
    var runs: [(text: Substring, isNumber: Bool)] = []
    var place = text.startIndex
    while place < text.endIndex {
      let isNumber = text[place].isASCIIDigit
      let end = text[place...].firstIndex { $0.isASCIIDigit != isNumber } ?? text.endIndex
      runs.append((text[place..<end], isNumber))
      place = end
    }
    return runs
  }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
