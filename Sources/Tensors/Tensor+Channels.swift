extension Tensor {
  /// The luminance of each pixel, 0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601): `[image, height, width, 1]` from
  /// `[image, height, width, 3]`; images of one channel as they are.
  package var luminance: Tensor {
    precondition(shape.count == 4 && (shape[3] == 1 || shape[3] == 3), "images of 1 or 3 channels, not \(shape)")
    guard shape[3] == 3 else { return self }
    return Tensor([shape[0], shape[1], shape[2], 1]) { target in
      for pixel in target.indices {
        let (red, green, blue) = (buffer[3 * pixel], buffer[3 * pixel + 1], buffer[3 * pixel + 2])
        target[pixel] = (299 * red + 587 * green + 114 * blue) / 1000
      }
    }
  }
}
