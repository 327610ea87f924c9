import Figures
import Tensors

extension Picture {
  /// One of several images, `[image, height, width, channel]`, values in [0, 1].
  package init(of images: Tensor, _ index: Int) {
    let (height, width, channels) = (images.shape[1], images.shape[2], images.shape[3])
    let length = height * width * channels
    self.init(
      width: width, height: height, channels: channels,
      values: Array(images.buffer[(index * length)..<((index + 1) * length)]))
  }

  /// One of several images, `[height, width, channel]` each, values in [0, 1].
  package init(of images: TensorRows, _ index: Int) { self.init(of: images.rows([index]), 0) }
}
