import Foundation

/// An image's float32 pixels in fewer bytes, without loss: the different values once, and for each pixel the number of its
/// value.
///
/// A picture of 8 bits has 256 values at most whatever intensities were scaled to, one of 16 bits seldom more than some
/// thousands; so they take about a quarter and a half of what float32 takes. Where an image has so many values that this
/// gains nothing (it was resampled, say), its pixels stay as they are. Values are told apart by their bits.
enum PackedPixels {
  /// The bytes that an image of so many pixels and values takes.
  ///
  /// - Parameter values: how many different ones there are; 0 for pixels as they are.
  static func byteCount(pixels: Int, values: Int) -> Int {
    switch values {
    case 0: 4 * pixels
    case 1...256: 4 * values + pixels
    default: 4 * values + 2 * pixels
    }
  }

  /// Packs an image.
  ///
  /// - Parameter target: room for `4 * pixels.count` bytes, aligned to 4.
  /// - Returns: how many different values there are; 0 where the pixels were copied as they are.
  static func pack(_ pixels: UnsafeBufferPointer<Float>, into target: UnsafeMutableRawPointer) -> Int {
    let count = pixels.count
    // Numbers go behind the values, whose number is not known yet: to the end of the room first, then to their place. Images
    // so small that 256 values would reach there stay as they are.
    if 3 * count >= 4 * 256 {
      let numbers = (target + 4 * count - count).assumingMemoryBound(to: UInt8.self)
      if let values = number(pixels, atMost: 256, slotBits: 10, values: target, numbers: numbers) {
        memmove(target + 4 * values, numbers, count)
        return values
      }
    }
    let most = min(65_536, (count - 1) / 2)
    if most > 256 {
      let slotBits = Int.bitWidth - (2 * most - 1).leadingZeroBitCount
      let numbers = (target + 2 * count).assumingMemoryBound(to: UInt16.self)
      if let values = number(pixels, atMost: most, slotBits: slotBits, values: target, numbers: numbers) {
        memmove(target + 4 * values, numbers, 2 * count)
        return values
      }
    }
    memcpy(target, pixels.baseAddress!, 4 * count)
    return 0
  }

  /// Numbers the values as they come, through a table that is found by a hash of their bits.
  ///
  /// - Parameter slotBits: of the table, which has at least twice as many slots as there are values at most.
  /// - Returns: how many values there are; nil for more than `most`.
  private static func number<Number: FixedWidthInteger & UnsignedInteger>(
    _ pixels: UnsafeBufferPointer<Float>, atMost most: Int, slotBits: Int, values: UnsafeMutableRawPointer,
    numbers: UnsafeMutablePointer<Number>
  ) -> Int? {
    let slotCount = 1 << slotBits
    let shift = UInt32(32 - slotBits)
    // A slot holds the bits of a value and, above them, its number plus one; 0 is an empty slot.
    return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: slotCount) { slots -> Int? in
      slots.initialize(repeating: 0)
      let table = slots.baseAddress!
      var found = 0
      var (lastBits, lastNumber) = (~pixels[0].bitPattern, Number(0))
      for place in 0..<pixels.count {
        let bits = pixels[place].bitPattern
        if bits != lastBits {
          var slot = Int((bits &* 0x9e37_79b1) &>> shift)
          while true {
            let entry = table[slot]
            if entry == 0 {
              guard found < most else { return nil }
              values.storeBytes(of: bits, toByteOffset: 4 &* found, as: UInt32.self)
              lastNumber = Number(truncatingIfNeeded: found)
              found &+= 1
              table[slot] = UInt64(bits) | UInt64(truncatingIfNeeded: found) &<< 32
              break
            }
            if UInt32(truncatingIfNeeded: entry) == bits {
              lastNumber = Number(truncatingIfNeeded: (entry &>> 32) &- 1)
              break
            }
            slot = (slot &+ 1) & (slotCount &- 1)
          }
          lastBits = bits
        }
        numbers[place] = lastNumber
      }
      return found
    }
  }

  /// The pixels of a packed image.
  ///
  /// - Parameters:
  ///   - source: what `pack` made, aligned to 4.
  ///   - values: what it returned.
  static func unpack(
    _ source: UnsafeRawPointer, values: Int, into target: UnsafeMutablePointer<Float>, count: Int
  ) {
    guard values > 0 else {
      memcpy(target, source, 4 * count)
      return
    }
    let table = source.assumingMemoryBound(to: Float.self)
    let numbers = source + 4 * values
    var place = 0
    if values <= 256 {
      while place &+ 8 <= count {
        let eight = numbers.loadUnaligned(fromByteOffset: place, as: UInt64.self)
        for lane in 0..<8 {
          target[place &+ lane] = table[Int(truncatingIfNeeded: (eight &>> UInt64(8 &* lane)) & 255)]
        }
        place &+= 8
      }
      while place < count {
        target[place] = table[Int(numbers.load(fromByteOffset: place, as: UInt8.self))]
        place &+= 1
      }
    } else {
      while place &+ 4 <= count {
        let four = numbers.loadUnaligned(fromByteOffset: 2 &* place, as: UInt64.self)
        for lane in 0..<4 {
          target[place &+ lane] = table[Int(truncatingIfNeeded: (four &>> UInt64(16 &* lane)) & 65_535)]
        }
        place &+= 4
      }
      while place < count {
        target[place] = table[Int(numbers.load(fromByteOffset: 2 &* place, as: UInt16.self))]
        place &+= 1
      }
    }
  }
}
