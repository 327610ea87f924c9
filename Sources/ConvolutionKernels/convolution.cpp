// The C functions of convolution: checks, and the choice of the kernel.
#include "convolution.h"

#include "ConvolutionKernels.h"

#include "elementwise.h"
#include "forward.h"
#include "library_convolution.h"
#include "phased_transposed.h"
#include "shapes.h"
#include "single_channel.h"
#include "tiled_convolution.h"
#include "unfolded_convolution.h"

namespace conednn {

namespace {

// The choices below follow from the shape and the instruction set, never from a timing: the kernels round differently, and the same
// seed has to give the same bytes. Figures are of one core each: AVX2, a Zen 3 at 2.4 to 3.4 GHz whose matrix products reach 85 to 90
// GFLOP/s; AVX-512, a Zen 4.

/// Measured with AVX-512 1.1 to 1.4 times faster than oneDNN's transposed convolution where the phases give its kernels enough to do.
/// With AVX2 it is up to 1.6 times slower.
bool prefersPhases(const conednn_convolution &shape) {
  if (!hasAVX512() || !hasPhases(shape)) return false;
  const bool isPlain = shape.stride_height == 1 && shape.stride_width == 1;
  return isPlain || (shape.input_channels >= 64 && ConvolutionSizes(shape).outputPixels >= 40);
}

}  // namespace

void transposed(
    const conednn_convolution &shape, const float *outputLike, const float *weights, const float *bias,
    conednn_activation activation, float alpha, float *inputLike) {
  if (shape.input_channels == 1)
    return singleChannelTransposed(shape, outputLike, weights, bias, activation, alpha, inputLike);
  if (prefersTiles(shape)) return tiledTransposed<float>(shape, outputLike, weights, bias, activation, alpha, inputLike);
  if (prefersPhases(shape))
    return phasedTransposed(shape, outputLike, weights, bias, activation, alpha, inputLike);
  sharedTransposed(shape, outputLike, weights, inputLike);
  addBiasAndActivate(
      shape.batch * ConvolutionSizes(shape).inputPixels, shape.input_channels, bias, activation, alpha, inputLike);
}

/// oneDNN's kernel keeps up only where there are few channels to multiply with.
void weightsGradient(
    const conednn_convolution &shape, const float *input, const float *outputGradient, float *weightsGradient) {
  if (prefersTiles(shape))
    tiledWeightsGradient<float>(shape, input, outputGradient, weightsGradient);
  else if (shape.output_channels < 64)
    sharedWeightsGradient(shape, input, outputGradient, weightsGradient);
  else if (shape.input_channels == 1)
    singleChannelWeightsGradient(shape, input, outputGradient, weightsGradient);
  else
    unfoldedWeightsGradient(shape, input, outputGradient, weightsGradient);
}

}  // namespace conednn

using namespace conednn;

int conednn_convolution_forward(
    const conednn_convolution *shape, const float *input, const float *weights, const float *bias,
    conednn_activation activation, float alpha, float *output) {
  return guarded("conednn_convolution_forward", [&] {
    check(*shape);
    check(activation);
    forward(*shape, input, weights, bias, activation, alpha, output);
  });
}

int conednn_convolution_transposed(
    const conednn_convolution *shape, const float *output_like, const float *weights, const float *bias,
    conednn_activation activation, float alpha, float *input_like) {
  return guarded("conednn_convolution_transposed", [&] {
    check(*shape);
    check(activation);
    transposed(*shape, output_like, weights, bias, activation, alpha, input_like);
  });
}

int conednn_convolution_weights_gradient(
    const conednn_convolution *shape, const float *input, const float *output_gradient, float *weights_gradient,
    float *bias_gradient) {
  return guarded("conednn_convolution_weights_gradient", [&] {
    check(*shape);
    weightsGradient(*shape, input, output_gradient, weights_gradient);
    if (bias_gradient != nullptr)
      sumOverRows(ConvolutionSizes(*shape).pixels, shape->output_channels, output_gradient, bias_gradient);
  });
}
