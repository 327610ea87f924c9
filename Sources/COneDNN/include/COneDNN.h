// A small C face over oneDNN (2.6 and 3.x).
//
// - Activations are float32, dense, `[batch, height, width, channel]` (NHWC). Weights are plain PyTorch `[O, I, kh, kw]`;
//   they are reordered inside.
// - Every function that returns `int` returns `CONEDNN_OK` or a `conednn_code`; on failure `conednn_last_error()` says why,
//   in one sentence, and the output is not to be used.
// - Outputs are overwritten. An output may not overlap an input.
// - Primitives and scratch memory are kept between calls, so a repeated call allocates nothing. Every function may be called
//   from many threads at once. The same call gives the same bytes on any number of threads.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma clang assume_nonnull begin

/// What the functions return.
typedef enum {
  CONEDNN_OK = 0,
  /// A size is out of range or does not fit the others; nothing was computed.
  CONEDNN_BAD_SHAPE = 1,
  /// oneDNN refused, or failed while it ran.
  CONEDNN_FAILED = 2,
  CONEDNN_OUT_OF_MEMORY = 3,
} conednn_code;

/// The message of this thread's last failure, in one sentence; empty when there was none.
const char *conednn_last_error(void);

/// The version of the oneDNN library in use, such as 20603 for 2.6.3.
int conednn_version(void);

/// Sets how many threads later calls from the calling thread use (at least 1).
void conednn_set_threads(int threads);

/// How many threads a call from the calling thread uses.
int conednn_threads(void);

/// Releases every kept primitive and all scratch memory that no call is using.
void conednn_release(void);

/// The shape of a convolution. `output = (input + both paddings - kernel) / stride + 1`, rounded down, in both axes.
///
/// Paddings are 0 or more. The trailing paddings say how far the windows may reach over the bottom and the right;
/// input that no window covers takes no part (so PyTorch's output padding of a transposed convolution is a size of
/// `input_height` and `input_width`, not a field).
typedef struct {
  int32_t batch;
  int32_t input_height, input_width, input_channels;
  int32_t output_height, output_width, output_channels;
  int32_t kernel_height, kernel_width;
  int32_t stride_height, stride_width;
  int32_t padding_top, padding_left, padding_bottom, padding_right;
} conednn_convolution;

/// A function applied to each element of an output.
typedef enum {
  CONEDNN_IDENTITY = 0,
  CONEDNN_RELU = 1,
  /// x for x > 0, alpha * x otherwise.
  CONEDNN_LEAKY_RELU = 2,
  CONEDNN_SIGMOID = 3,
  CONEDNN_TANH = 4,
} conednn_activation;

/// Kinds of numbers: float32, or its upper half (8 bits of exponent, 7 of fraction).
typedef enum {
  CONEDNN_FLOAT32 = 0,
  CONEDNN_BFLOAT16 = 1,
} conednn_element;

/// Numbers of either kind.
typedef struct {
  const void *values;
  conednn_element element;
} conednn_source;

/// Where numbers of either kind go.
typedef struct {
  void *values;
  conednn_element element;
} conednn_target;

/// Whether the processor has instructions that multiply bfloat16 numbers and add up in float32 (1), or not (0).
int conednn_multiplies_bfloat16(void);

/// result = the nearest bfloat16 numbers, ties to even.
int conednn_to_bfloat16(int64_t count, const float *values, uint16_t *result);

/// result = the same numbers.
int conednn_from_bfloat16(int64_t count, const uint16_t *values, float *result);

/// c = a * b in float32, on the calling thread alone; a is m x k, b is k x n, all row-major.
int conednn_bfloat16_product(int64_t m, int64_t n, int64_t k, const uint16_t *a, const uint16_t *b, float *c);

/// sums[c] = the sum over rows of input[row, c]; `input` is `[rows, channels]`.
int conednn_channel_sum(int64_t rows, int32_t channels, const float *input, float *sums);

/// The shape of a pooling. Padding takes no part in a maximum, and is 0 in an average; each padding is smaller than the kernel, and
/// `output = (input + both paddings - kernel) / stride + 1`, rounded down.
typedef struct {
  int32_t batch, channels;
  int32_t input_height, input_width;
  int32_t output_height, output_width;
  int32_t kernel_height, kernel_width;
  int32_t stride_height, stride_width;
  int32_t padding_top, padding_left, padding_bottom, padding_right;
} conednn_pooling;

/// How many bytes of workspace the forward pass hands to the backward pass.
int conednn_pooling_workspace_size(const conednn_pooling *shape, size_t *bytes);

/// output = the maximum over each window; `workspace` remembers where each maximum was, or is null when no gradient is wanted.
int conednn_pooling_forward(
    const conednn_pooling *shape, const float *input, float *output, void *_Nullable workspace);

/// Sends each element of `output_gradient` to the place of its maximum; elements that meet there are added.
int conednn_pooling_backward(
    const conednn_pooling *shape, const float *output_gradient, const void *workspace, float *input_gradient);

/// output = the sum over each window, divided by the number of the kernel's places; padding counts as 0.
int conednn_average_pooling_forward(const conednn_pooling *shape, const float *input, float *output);

/// output = scale * (input - mean) / sqrt(variance + epsilon) + shift, with the mean and the biased variance of each channel
/// over the rows (all of `[batch, height, width]`), which are handed back.
int conednn_normalisation_forward(
    int64_t rows, int32_t channels, float epsilon, const float *input, const float *scale, const float *shift, float *mean,
    float *variance, float *output);

/// The same with a given mean and variance.
int conednn_normalisation_inference(
    int64_t rows, int32_t channels, float epsilon, const float *input, const float *scale, const float *shift,
    const float *mean, const float *variance, float *output);

/// The gradients of `conednn_normalisation_forward`, from its input and the mean and variance that it handed back.
int conednn_normalisation_backward(
    int64_t rows, int32_t channels, float epsilon, const float *input, const float *output_gradient, const float *scale,
    const float *mean, const float *variance, float *input_gradient, float *scale_gradient, float *shift_gradient);

#pragma clang assume_nonnull end

#ifdef __cplusplus
}
#endif
