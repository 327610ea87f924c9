extension NameTokens {
  /// Who a name speaks of, and how surely.
  enum Finding: Equatable {
    /// By a word such as `patient`, with a number or letter.
    case person(String)
    /// By a word or code with a number, or a number at the beginning.
    case code(String)
    /// Of nobody: what is left without contrast, side and the like names an image.
    case image(String)

    var subject: String {
      switch self {
      case .person(let subject), .code(let subject), .image(let subject): subject
      }
    }
  }

  /// The generic rule: the name up to the first number that is a person's.
  var finding: Finding {
    if let person = statedPerson { return .person(person) }
    if let code = firstCode(skippingDates: true) ?? firstCode(skippingDates: false) { return .code(code) }
    return .image(imageName)
  }

  private func text(_ from: Int, _ through: Int) -> String {
    // A closing bracket belongs to the subject if the opening one does.
    let end = from < through ? tokens[through].bracketEnd : tokens[through].end
    return String(name[tokens[from].start..<end])
  }

  /// `patient7`, `Patient 7`, `patient_A`, with a collection before it (`site1_case7`).
  private var statedPerson: String? {
    for (place, token) in tokens.enumerated() {
      guard case .person(let isNumbered) = token.kind else { continue }
      var last = place
      if !isNumbered {
        guard place + 1 < tokens.count else { continue }
        let next = tokens[place + 1]
        let isLetter = next.kind == .word && next.word.count <= 2 && SubjectWords.lettered.contains(token.word)
        guard next.kind == .number || next.kind == .code || isLetter else { continue }
        last = place + 1
      }
      return text(collection(before: place) ?? place, last)
    }
    return nil
  }

  /// The first token of a numbered collection that ends right before a place.
  private func collection(before place: Int) -> Int? {
    guard place > 0 else { return nil }
    if case .collection(true) = tokens[place - 1].kind { return place - 1 }
    if place > 1, tokens[place - 1].kind == .number, case .collection(false) = tokens[place - 2].kind {
      return place - 2
    }
    return nil
  }

  /// `p23`, `AD_001`, `case_00012`, `10`.
  ///
  /// - Parameter skippingDates: whether a date is passed over; then a bare number needs three digits to count.
  private func firstCode(skippingDates: Bool) -> String? {
    var begin: Int?
    var place = 0
    var hasSkipped = false
    var hasNumberedUnit = false
    while place < tokens.count {
      let token = tokens[place]
      let nextIsNumber = place + 1 < tokens.count && tokens[place + 1].kind == .number
      switch token.kind {
      case .unit(_, let isNumbered):
        if isNumbered || nextIsNumber { hasNumberedUnit = true }
        if !isNumbered, nextIsNumber { place += 1 }
        begin = nil
      case .attribute:
        break
      case .collection(let isNumbered):
        begin = begin ?? place
        if !isNumbered, nextIsNumber { place += 1 }
      case .word, .person:
        begin = begin ?? place
        // BraTS_2020_001 and COVID-19 (3): the first number is the collection's or the disease's.
        guard nextIsNumber, place + 2 < tokens.count, SubjectWords.datasets.contains(token.word) else { break }
        let isDisease = token.word == "covid" && tokens[place + 1].word == "19"
        let isYear = Self.isYear(tokens[place + 1].word) && tokens[place + 2].kind == .number
        if isDisease || isYear { place += 1 }
      case .code:
        return text(begin ?? place, place)
      case .number:
        let isLast = !tokens[(place + 1)...].contains { $0.kind == .number || $0.kind == .code }
        if skippingDates, Self.isDate(token.word), !isLast {
          hasSkipped = true
        } else if skippingDates, hasSkipped, token.word.count < 3 {
          return nil
        } else if begin != nil || !hasNumberedUnit {
          return joined(begin ?? place, place)
        }
      }
      place += 1
    }
    return nil
  }

  /// The words from `first` to the number at `last`, without contrasts and sides among them.
  private func joined(_ first: Int, _ last: Int) -> String {
    guard tokens[first..<last].contains(where: { $0.kind == .attribute }) else { return text(first, last) }
    let kept = (first...last).filter { tokens[$0].kind != .attribute }
    return kept.map { text($0, $0) }.joined(separator: "_")
  }

  /// The name without contrast, side and copy number: up to its first scan that has a number, else its first picture,
  /// else its first word.
  private var imageName: String {
    guard !tokens.isEmpty else { return name }
    var pictures: [Int] = []
    for (place, token) in tokens.enumerated() {
      guard case .unit(let isScan, let isNumbered) = token.kind else { continue }
      var last = place
      if !isNumbered {
        guard place + 1 < tokens.count, tokens[place + 1].kind == .number else { continue }
        last = place + 1
        if Self.isDate(tokens[last].word), last + 1 < tokens.count, tokens[last + 1].kind == .number { last += 1 }
      }
      if isScan { return text(0, last) }
      pictures.append(last)
    }
    if let last = pictures.first { return text(0, last) }
    let words = tokens.indices.filter { tokens[$0].kind != .attribute && tokens[$0].word != "copy" }
    guard let first = words.first, let last = words.last, words.count < tokens.count, last - first + 1 == words.count
    else { return name }
    return text(first, last)
  }

  private static func isYear(_ digits: String) -> Bool {
    digits.count == 4 && (digits.hasPrefix("19") || digits.hasPrefix("20"))
  }

  /// Year, month and day, as in `20190405`.
  private static func isDate(_ digits: String) -> Bool {
    guard digits.count == 8, isYear(String(digits.prefix(4))), let rest = Int(digits.suffix(4)) else { return false }
    return (1...12).contains(rest / 100) && (1...31).contains(rest % 100)
  }
}
