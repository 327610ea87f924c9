// Checks of the shapes that callers pass: oneDNN's own messages do not say what is wrong.
#pragma once

#include "engine.h"

namespace conednn {

/// Throws `BadShape` unless every size is in range and the output fits the input.
void check(const conednn_convolution &shape);
void check(const conednn_pooling &shape);
void checkRows(int64_t rows, int32_t channels);
void check(conednn_activation activation);

/// The sizes that loops over a convolution need, in 64 bits.
struct ConvolutionSizes {
  explicit ConvolutionSizes(const conednn_convolution &shape)
      : outputPixels(int64_t(shape.output_height) * shape.output_width),
        pixels(shape.batch * outputPixels),
        inputPixels(int64_t(shape.input_height) * shape.input_width),
        taps(int64_t(shape.kernel_height) * shape.kernel_width),
        columns(taps * shape.input_channels) {}

  int64_t outputPixels;  // of one image
  int64_t pixels;        // of the whole output
  int64_t inputPixels;   // of one image
  int64_t taps;          // places of the kernel
  int64_t columns;       // elements of the input under one window
};

}  // namespace conednn
