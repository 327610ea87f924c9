// The mean and the covariance of what a 3 x 3 window sees of images of one channel.
#pragma once

#include "engine.h"

namespace conednn {

/// Over all places of the window and all images of a batch, zeros around the image included.
struct PatchMoments {
  static constexpr int taps = 9;
  double mean[taps];
  double covariance[taps][taps];
};

/// - Parameter shape: of a convolution of one channel with 3 x 3 places and a stride of 1.
PatchMoments patchMoments(const conednn_convolution &shape, const float *input);

}  // namespace conednn
