// The C functions of convolution: checks, and the choice of the kernel.
#include "elementwise.h"
#include "library_convolution.h"
#include "shapes.h"
#include "single_channel.h"
#include "unfolded_convolution.h"

namespace conednn {

namespace {

}  // namespace

}  // namespace conednn

using namespace conednn;

int conednn_convolution_forward(
    const conednn_convolution *shape, const float *input, const float *weights, const float *bias,
    conednn_activation activation, float alpha, float *output) {
  return guarded("conednn_convolution_forward", [&] {
    check(*shape);
    check(activation);
    const auto operation = libraryForward(*shape, bias != nullptr, activation, alpha);
    if (bias != nullptr)
      operation->run({input, weights, output, bias});
    else
      operation->run({input, weights, output});
  });
}

int conednn_convolution_transposed(
    const conednn_convolution *shape, const float *output_like, const float *weights, const float *bias,
    conednn_activation activation, float alpha, float *input_like) {
  return guarded("conednn_convolution_transposed", [&] {
    check(*shape);
    check(activation);
    if (shape->input_channels == 1)
      return singleChannelTransposed(*shape, output_like, weights, bias, activation, alpha, input_like);
    libraryTransposed(*shape)->run({output_like, weights, input_like});
    addBiasAndActivate(
        int64_t(shape->batch) * shape->input_height * shape->input_width, shape->input_channels, bias, activation, alpha,
        input_like);
  });
}

int conednn_convolution_weights_gradient(
    const conednn_convolution *shape, const float *input, const float *output_gradient, float *weights_gradient,
    float *bias_gradient) {
  return guarded("conednn_convolution_weights_gradient", [&] {
    check(*shape);
    if (shape->input_channels == 1)
      singleChannelWeightsGradient(*shape, input, output_gradient, weights_gradient);
    else
      unfoldedWeightsGradient(*shape, input, output_gradient, weights_gradient);
    if (bias_gradient != nullptr)
      sumOverRows(
          int64_t(shape->batch) * shape->output_height * shape->output_width, shape->output_channels, output_gradient,
          bias_gradient);
  });
}
