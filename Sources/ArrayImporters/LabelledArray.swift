import ImageFiles

/// Images of one size and their labels, as an array file holds them: 8-bit, grey or red, green and blue.
package struct LabelledArray: Sendable {
  /// How the bytes of an image lie: value (row, column, channel) of image i is at
  /// `start + i * image + row * row + column * column + channel * channel`.
  struct Layout: Sendable {
    var start = 0
    var image: Int
    var row: Int
    var column: Int
    var channel: Int
  }

  /// The file of the images.
  let path: String
  /// What the file is, in words.
  package let format: String
  package let size: ImageSize
  /// 1 for grey, 3 for red, green and blue.
  package let channels: Int
  let bytes: [UInt8]
  let layout: Layout
  /// One for each image, 0 or more.
  package var labels: [Int]

  var count: Int { labels.count }

  /// The pixels of an image, `[height, width, channel]`.
  package func pixels(of index: Int) -> [UInt8] {
    let start = layout.start + index * layout.image
    return [UInt8](unsafeUninitializedCapacity: size.height * size.width * channels) { target, count in
      for row in 0..<size.height {
        for column in 0..<size.width {
          for channel in 0..<channels {
            target[count] = bytes[start + row * layout.row + column * layout.column + channel * layout.channel]
            count += 1
          }
        }
      }
    }
  }
}
