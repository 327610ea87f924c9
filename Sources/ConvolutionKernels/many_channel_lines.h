// What both directions of a stage with many channels share: sizes, filters, and the points of lines as the window goes down.
#pragma once

#include "line_filtering.h"
#include "pooled_convolution.h"

namespace conednn {
namespace many_channel_stage {

/// Lines of points that are kept.
constexpr int64_t ring = 4;

/// Where everything of a worker lies in its scratch memory, in floats.
struct Sizes {
  explicit Sizes(const PooledConvolution &stage)
      : pairs((stage.width + 1) / 2),
        inputLine(filterPoints * pairs * stage.inputs),
        gradientLine(filterPoints * pairs * stage.outputs),
        outputLine(stage.width * stage.outputs),
        filters(filterPoints * filterSide * stage.inputs * stage.outputs) {}

  int64_t pairs;
  int64_t inputLine, gradientLine;  // points of a line
  int64_t outputLine;
  int64_t filters;
};

/// `[line][input][point][output]` for the convolution, `[line][output][point][input]` for its gradient.
void transformWeights(const PooledConvolution &stage, const float *weights, bool forGradient, float *filters);

/// The points of the lines of one image that the window sees, made as it goes down.
class InputLines {
 public:
  InputLines(const PooledConvolution &stage, const Sizes &sizes, const float *image, const float *zeros, float *memory)
      : stage(stage), sizes(sizes), image(image), zeros(zeros), memory(memory) {}

  /// Those for line `y` of the output; `y` may only grow by one.
  void moveTo(int64_t y, const float *(&points)[filterSide]) {
    for (; made < y + filterSide; ++made) {
      const int64_t line = made - stage.shape.padding_top;
      const bool isInside = line >= 0 && line < stage.shape.input_height;
      runOnThisProcessor(
          InputPoints{
              isInside ? image + line * stage.shape.input_width * stage.inputs : nullptr, zeros, stage.shape.input_width,
              stage.shape.padding_left, sizes.pairs, stage.inputs, memory + made % ring * sizes.inputLine});
    }
    for (int line = 0; line < filterSide; ++line) points[line] = memory + (y + line) % ring * sizes.inputLine;
  }

 private:
  const PooledConvolution &stage;
  const Sizes &sizes;
  const float *image, *zeros;
  float *memory;
  int64_t made = 0;
};

/// The windows over the convolution's output.
conednn_pooling poolingOf(const PooledConvolution &stage);

}  // namespace many_channel_stage
}  // namespace conednn
