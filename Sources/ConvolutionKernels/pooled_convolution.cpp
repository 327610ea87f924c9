// The C functions of a stage in one operation: checks, and the choice of the kernel.
#include "pooled_convolution.h"


namespace conednn {

namespace {

void checkStage(const conednn_pooled_convolution &stage) {
  check(stage.convolution);
  if (stage.convolution.output_height < 2 || stage.convolution.output_width < 2)
    throw BadShape("a window of 2 x 2 does not fit the convolution's output.");
  if (!(stage.epsilon >= 0)) throw BadShape("epsilon must be 0 or more.");
  if (!(stage.slope >= 0)) throw BadShape("the slope must be 0 or more, or the ReLU and the maximum do not commute.");
}

PooledConvolution checked(const conednn_pooled_convolution &stage) {
  checkStage(stage);
  const PooledConvolution sizes(stage);
  if (!single_channel_stage::takes(sizes) && !many_channel_stage::takes(sizes))
    throw BadShape("there is no kernel for this stage in one operation.");
  return sizes;
}

}  // namespace

}  // namespace conednn

using namespace conednn;

int conednn_has_pooled_convolution(const conednn_pooled_convolution *shape, int input_gradient) {
  int found = 0;
  guarded("conednn_has_pooled_convolution", [&] {
    checkStage(*shape);
    const PooledConvolution stage(*shape);
    found = many_channel_stage::takes(stage) || (single_channel_stage::takes(stage) && !input_gradient);
  });
  return found;
}

int conednn_pooled_convolution_kept_size(const conednn_pooled_convolution *shape, size_t *bytes) {
  return guarded("conednn_pooled_convolution_kept_size", [&] {
    const PooledConvolution stage = checked(*shape);
    *bytes = single_channel_stage::takes(stage) ? single_channel_stage::keptBytes(stage) : many_channel_stage::keptBytes(stage);
  });
}

int conednn_pooled_convolution_forward(
    const conednn_pooled_convolution *shape, const float *input, const float *weights, const float *bias, const float *scale,
    const float *shift, float *mean, float *variance, float *output, void *kept) {
  return guarded("conednn_pooled_convolution_forward", [&] {
    const PooledConvolution stage = checked(*shape);
    const StageWeights given{weights, bias, scale, shift, nullptr, nullptr};
    if (single_channel_stage::takes(stage))
      single_channel_stage::forward(stage, input, given, mean, variance, output, kept);
    else
      many_channel_stage::forward(stage, input, given, mean, variance, output, kept);
  });
}

int conednn_pooled_convolution_inference(
    const conednn_pooled_convolution *shape, const float *input, const float *weights, const float *bias, const float *scale,
    const float *shift, const float *mean, const float *variance, float *output) {
  return guarded("conednn_pooled_convolution_inference", [&] {
    const PooledConvolution stage = checked(*shape);
    const StageWeights given{weights, bias, scale, shift, mean, variance};
    if (single_channel_stage::takes(stage))
      single_channel_stage::apply(stage, input, given, output, nullptr);
    else
      many_channel_stage::apply(stage, input, given, output);
  });
}

int conednn_pooled_convolution_backward(
    const conednn_pooled_convolution *shape, const float *input, const float *output_gradient, const float *weights,
    const float *bias, const float *scale, const float *shift, const float *mean, const float *variance, const void *kept,
    float *input_gradient, float *weights_gradient, float *scale_gradient, float *shift_gradient) {
  return guarded("conednn_pooled_convolution_backward", [&] {
    const PooledConvolution stage = checked(*shape);
    const StageWeights given{weights, bias, scale, shift, mean, variance};
    const StageGradients gradients{input_gradient, weights_gradient, scale_gradient, shift_gradient};
    if (!single_channel_stage::takes(stage))
      return many_channel_stage::backward(stage, input, output_gradient, given, kept, gradients);
    if (input_gradient != nullptr) throw BadShape("this stage has no gradient by its input.");
    single_channel_stage::backward(stage, input, output_gradient, given, kept, gradients);
  });
}
