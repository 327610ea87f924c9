import Randomness

/// Changes to a file as accidents and attackers make them.
struct Mutation {
  var random: RandomStream
  var words: [[UInt8]]

  /// One to four changes at random places.
  mutating func mutant(of seed: [UInt8], among seeds: [[UInt8]]) -> [UInt8] {
    var bytes = seed
    for _ in 0..<below(4) + 1 {
      guard !bytes.isEmpty else { return bytes }
      let place = below(bytes.count)
      switch below(8) {
      case 0: bytes[place] ^= 1 << UInt8(below(8))
      case 1: bytes[place] = UInt8(below(256))
      case 2: bytes[place] = [0, 1, 0x7F, 0x80, 0xFF][below(5)]
      case 3:
        for index in place..<min(bytes.count, place + 4) { bytes[index] = [0, 0x7F, 0xFF][below(3)] }
      case 4: bytes.removeLast(below(bytes.count))
      case 5: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + below(64))], at: place)
      case 6: bytes.insert(contentsOf: words[below(words.count)], at: place)
      default:
        let other = seeds[below(seeds.count)]
        bytes.replaceSubrange(place..., with: other.dropFirst(min(place, other.count)))
      }
    }
    return bytes
  }

  private mutating func below(_ bound: Int) -> Int { Int(random.uniform() * Double(bound)) }
}
