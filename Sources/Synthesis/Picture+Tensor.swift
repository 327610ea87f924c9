import Figures
import Tensors

extension Picture {
  /// One of several images, `[image, height, width, channel]`, values in [0, 1].
  package init(of images: Tensor, _ index: Int) {
    let (height, width, channels) = (images.shape[1], images.shape[2], images.shape[3])
    self.init(width: width, height: height, channels: channels, values: images.row(index))
  }

  /// One of several images, `[height, width, channel]` each, values in [0, 1].
  package init(of images: TensorRows, _ index: Int) { self.init(of: images.rows([index]), 0) }
}
