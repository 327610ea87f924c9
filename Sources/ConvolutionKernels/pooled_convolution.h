// A stage of a classifier as one operation: convolution, batch normalisation, pooling in windows of 2 x 2, leaky ReLU.
#pragma once

#include "ConvolutionKernels.h"
#include "shapes.h"

namespace conednn {

/// The sizes that the loops over a stage need.
struct PooledConvolution {
  explicit PooledConvolution(const conednn_pooled_convolution &stage)
      : shape(stage.convolution),
        epsilon(stage.epsilon),
        slope(stage.slope),
        batch(shape.batch),
        inputs(shape.input_channels),
        outputs(shape.output_channels),
        height(shape.output_height),
        width(shape.output_width),
        windowsDown(height / 2),
        windowsAcross(width / 2),
        imageLength(int64_t(shape.input_height) * shape.input_width * inputs),
        lineLength(windowsAcross * outputs),
        resultLength(windowsDown * lineLength) {}

  conednn_convolution shape;
  float epsilon, slope;
  int64_t batch, inputs, outputs;  // images, and channels
  int64_t height, width;           // of the convolution's output
  int64_t windowsDown, windowsAcross;
  int64_t imageLength;   // values of an image of the input,
  int64_t lineLength;    // of a line of the result
  int64_t resultLength;  // and of an image of it

  /// Rows that a channel's statistics are taken over.
  double rows() const { return double(batch) * double(height) * double(width); }

  /// Into how many parts the batch is cut whose sums are added up at the end; by the shape alone.
  int64_t parts() const { return std::min<int64_t>(batch, 64); }
};

/// What a stage learns and what normalises it, `[outputs]` each but for the weights.
struct StageWeights {
  const float *weights, *bias, *scale, *shift, *mean, *variance;
};

/// Where a stage's gradients go; that by the input may be null.
struct StageGradients {
  float *input, *weights, *scale, *shift;
};

/// The stage that sees the image: one channel, 3 x 3 places, stride 1. It has no gradient by its input.
namespace single_channel_stage {
bool takes(const PooledConvolution &stage);
size_t keptBytes(const PooledConvolution &stage);
void forward(
    const PooledConvolution &stage, const float *input, const StageWeights &weights, float *mean, float *variance,
    float *output, void *kept);
/// By the mean and variance of `weights`; `places` may be null.
void apply(
    const PooledConvolution &stage, const float *input, const StageWeights &weights, float *output, uint8_t *places);
void backward(
    const PooledConvolution &stage, const float *input, const float *outputGradient, const StageWeights &weights,
    const void *kept, const StageGradients &gradients);
}  // namespace single_channel_stage

/// A stage of 3 x 3 places and stride 1 between channels in whole lanes.
namespace many_channel_stage {
bool takes(const PooledConvolution &stage);
size_t keptBytes(const PooledConvolution &stage);
void forward(
    const PooledConvolution &stage, const float *input, const StageWeights &weights, float *mean, float *variance,
    float *output, void *kept);
void apply(const PooledConvolution &stage, const float *input, const StageWeights &weights, float *output);
void backward(
    const PooledConvolution &stage, const float *input, const float *outputGradient, const StageWeights &weights,
    const void *kept, const StageGradients &gradients);
}  // namespace many_channel_stage

}  // namespace conednn
