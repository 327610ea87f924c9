// The loops over windows of normalised values, for those who have the values line by line.
#pragma once

#include "lanes.h"
#include "shapes.h"

namespace conednn {

constexpr int64_t paddedToLanes(int64_t channels) { return (channels + lanes - 1) / lanes * lanes; }

/// Numbers of each channel, padded to whole lanes.
struct Coefficients {
  const float *gain, *offset;      // y = x gain + offset
  const float *mean, *deviation;   // x' = (x - mean) deviation, the inverse of a standard deviation
  const float *factor, *constant;  // by x = gain e + x factor + constant

  static constexpr int64_t rows = 6;
};

/// The windows that make one line of the output, `[output_width, channels]`.
struct WindowLine {
  int64_t windows, channels, rowStride, kernelHeight, kernelWidth;

  explicit WindowLine(const conednn_pooling &shape)
      : windows(shape.output_width),
        channels(shape.channels),
        rowStride(int64_t(shape.input_width) * shape.channels),
        kernelHeight(shape.kernel_height),
        kernelWidth(shape.kernel_width) {}

  CONEDNN_INLINE int64_t start(int64_t window) const { return window * kernelWidth * channels; }
  /// How many channels there are from one on.
  CONEDNN_INLINE int64_t rest(int64_t channel) const { return channels - channel; }
  /// Whether it is a `PairLine`, too.
  bool isPaired() const { return kernelHeight == 2 && kernelWidth == 2 && channels % lanes == 0; }
};

/// The same where windows are 2 x 2 and the channels fill whole lanes, which the compiler is told.
struct PairLine {
  int64_t windows, channels, rowStride;
  static constexpr int64_t kernelHeight = 2, kernelWidth = 2;

  CONEDNN_INLINE int64_t start(int64_t window) const { return window * kernelWidth * channels; }
  CONEDNN_INLINE static int64_t rest(int64_t) { return lanes; }
};

/// The largest normalised value of a window, the first of equals: its place, value and input.
template <class Line>
CONEDNN_INLINE void findMaximum(
    const Line &line, const float *window, int64_t count, const Lanes &gain, const Lanes &offset, Lanes &best,
    Lanes &input, LaneMask &place) {
  load(input, window, count);
  best = input * gain + offset;
  place = LaneMask{};
  int32_t number = 0;
  for (int64_t v = 0; v < line.kernelHeight; ++v)
    for (int64_t u = 0; u < line.kernelWidth; ++u, ++number) {
      if (number == 0) continue;
      Lanes x;
      load(x, window + v * line.rowStride + u * line.channels, count);
      const Lanes y = x * gain + offset;
      const LaneMask larger = y > best;
      best = larger ? y : best;
      input = larger ? x : input;
      place = larger ? LaneMask{} + number : place;
    }
}

/// Makes the coefficients of y and of x' in `memory`, `Coefficients::rows` padded rows.
Coefficients coefficients(
    int64_t channels, float epsilon, const float *scale, const float *shift, const float *mean, const float *variance,
    float *memory);

/// The leaky ReLU of the largest of each window.
void poolLine(const WindowLine &line, const Coefficients &c, float slope, const float *input, float *output);

/// The same of a whole batch.
void pool(
    const conednn_pooling &shape, float epsilon, float slope, const float *input, const float *scale, const float *shift,
    const float *mean, const float *variance, float *output);

/// The gradients by shift and scale, and in `memory` all coefficients.
Coefficients gradientCoefficients(
    const conednn_pooling &shape, float epsilon, float slope, const float *input, const float *outputGradient,
    const float *scale, const float *shift, const float *mean, const float *variance, float *memory, float *scaleGradient,
    float *shiftGradient);

}  // namespace conednn
