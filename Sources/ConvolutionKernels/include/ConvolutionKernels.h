// Our own kernels of convolution, pooling and normalisation, and the choice between them and oneDNN's.
//
// What `COneDNN.h` says of layouts, codes, threads and overlaps holds here, too.
#pragma once

#include "COneDNN.h"

#ifdef __cplusplus
extern "C" {
#endif

#pragma clang assume_nonnull begin

/// output = activation(convolution(input, weights) + bias), where "convolution" is PyTorch's (a cross-correlation).
///
/// `input` is `[batch, input_height, input_width, input_channels]`, `weights` is
/// `[output_channels, input_channels, kernel_height, kernel_width]`, `bias` is `[output_channels]` or null,
/// `output` is `[batch, output_height, output_width, output_channels]`. `alpha` is the slope of the leaky ReLU.
int conednn_convolution_forward(
    const conednn_convolution *shape, const float *input, const float *weights, const float *_Nullable bias,
    conednn_activation activation, float alpha, float *output);

/// input_like = activation(adjoint(output_like, weights) + bias): the adjoint of the convolution in its input, which is also
/// PyTorch's transposed convolution.
///
/// `output_like` has the shape of the convolution's output and `input_like` that of its input. `weights` are those of the
/// convolution, `[output_channels, input_channels, kernel_height, kernel_width]`, which is what PyTorch's `ConvTranspose2d`
/// calls `[in, out, kh, kw]`. `bias` is `[input_channels]` or null.
int conednn_convolution_transposed(
    const conednn_convolution *shape, const float *output_like, const float *weights, const float *_Nullable bias,
    conednn_activation activation, float alpha, float *input_like);

/// The adjoint of the convolution in its weights.
///
/// `weights_gradient` is `[output_channels, input_channels, kernel_height, kernel_width]`; `bias_gradient` is
/// `[output_channels]`, the sum of `output_gradient` over all but the channels, or null. For a transposed convolution pass its
/// output's gradient as `input` and its input as `output_gradient`, and take the bias's gradient from `conednn_channel_sum`.
int conednn_convolution_weights_gradient(
    const conednn_convolution *shape, const float *input, const float *output_gradient, float *weights_gradient,
    float *_Nullable bias_gradient);

/// As the three functions above, with images of either kind. Products are taken of numbers rounded to bfloat16 where the processor
/// has instructions for it and the shape suits them, and of the images as they are otherwise; sums are float32. Weights, bias and
/// their gradients are float32.
int conednn_mixed_convolution_forward(
    const conednn_convolution *shape, conednn_source input, const float *weights, const float *_Nullable bias,
    conednn_activation activation, float alpha, conednn_target output);
int conednn_mixed_convolution_transposed(
    const conednn_convolution *shape, conednn_source output_like, const float *weights, const float *_Nullable bias,
    conednn_activation activation, float alpha, conednn_target input_like);
int conednn_mixed_convolution_weights_gradient(
    const conednn_convolution *shape, conednn_source input, conednn_source output_gradient, float *weights_gradient,
    float *_Nullable bias_gradient);

/// As `conednn_channel_sum`, of bfloat16 numbers.
int conednn_mixed_channel_sum(int64_t rows, int32_t channels, const uint16_t *input, float *sums);

/// result = the gradient before a (leaky) ReLU, from the one after it and the ReLU's outputs: `gradient` where `outputs` is positive,
/// `slope` times it elsewhere. `result` may be `gradient`.
int conednn_rectified_gradient(
    int64_t count, float slope, const float *outputs, const float *gradient, float *result);

/// The same for a ReLU (of slope 0) and bfloat16 numbers, in place.
int conednn_mixed_rectify_gradient(int64_t count, const uint16_t *outputs, uint16_t *gradient);

/// output = leaky ReLU of the maximum over each window of the normalised input, with the mean and the biased variance of each
/// channel over all of `[batch, input_height, input_width]`, which are handed back.
///
/// Windows may not overlap or leave gaps (strides are the kernel's sizes, paddings 0); rows and columns left over take part in the
/// statistics alone. `slope`, 0 or more, is the leaky ReLU's; 1 for none. Windows of 1 x 1 are a normalisation without pooling.
int conednn_pooled_normalisation_forward(
    const conednn_pooling *shape, float epsilon, float slope, const float *input, const float *scale, const float *shift,
    float *mean, float *variance, float *output);

/// The same with a given mean and variance.
int conednn_pooled_normalisation_inference(
    const conednn_pooling *shape, float epsilon, float slope, const float *input, const float *scale, const float *shift,
    const float *mean, const float *variance, float *output);

/// The gradients of `conednn_pooled_normalisation_forward`, from its input and the mean and variance that it handed back. Of equal
/// values in a window the first has the gradient.
int conednn_pooled_normalisation_backward(
    const conednn_pooling *shape, float epsilon, float slope, const float *input, const float *output_gradient,
    const float *scale, const float *shift, const float *mean, const float *variance, float *input_gradient,
    float *scale_gradient, float *shift_gradient);

/// A convolution, and what `conednn_pooled_normalisation_forward` does to its output in windows of 2 x 2, as one operation, which
/// need not keep the convolution's output: rows and columns left over by the windows take part in the statistics alone.
typedef struct {
  conednn_convolution convolution;
  /// Added to the variance, 0 or more.
  float epsilon;
  /// Of the leaky ReLU, 0 or more; 1 for none.
  float slope;
} conednn_pooled_convolution;

/// Whether there is a kernel for the shape (1) or not (0); `input_gradient` says whether that one will be asked for (1), too.
int conednn_has_pooled_convolution(const conednn_pooled_convolution *shape, int input_gradient);

/// How many bytes the forward pass hands to the backward pass.
int conednn_pooled_convolution_kept_size(const conednn_pooled_convolution *shape, size_t *bytes);

/// output = leaky ReLU of the maximum over each window of the normalised convolution, `[batch, output_height / 2, output_width / 2,
/// output_channels]`; the mean and the biased variance of each channel of the convolution are handed back.
int conednn_pooled_convolution_forward(
    const conednn_pooled_convolution *shape, const float *input, const float *weights, const float *bias, const float *scale,
    const float *shift, float *mean, float *variance, float *output, void *kept);

/// The same with a given mean and variance.
int conednn_pooled_convolution_inference(
    const conednn_pooled_convolution *shape, const float *input, const float *weights, const float *bias, const float *scale,
    const float *shift, const float *mean, const float *variance, float *output);

/// The gradients of `conednn_pooled_convolution_forward`, from its input, statistics and `kept`. That by the bias is 0: the mean takes
/// the bias away. Of equal values in a window the first has the gradient.
int conednn_pooled_convolution_backward(
    const conednn_pooled_convolution *shape, const float *input, const float *output_gradient, const float *weights,
    const float *bias, const float *scale, const float *shift, const float *mean, const float *variance, const void *kept,
    float *_Nullable input_gradient, float *weights_gradient, float *scale_gradient, float *shift_gradient);

#pragma clang assume_nonnull end

#ifdef __cplusplus
}
#endif
