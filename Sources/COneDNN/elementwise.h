// Passes over a tensor, element by element or channel by channel.
#pragma once

#include "operation.h"

namespace conednn {

/// The activation as something to do to each element that a primitive writes; empty for the identity.
dnnl::post_ops activationPostOps(conednn_activation activation, float alpha);

/// Whether an activation is a function of an exponential, which oneDNN's kernel computes after all else.
bool needsExponential(conednn_activation activation);

/// sums += addends, on the calling thread.
void add(int64_t count, const float *addends, float *sums);

/// The same on all threads.
void addOnAllThreads(int64_t count, const float *addends, float *sums);

/// values[row, c] = activation(values[row, c] + bias[c]), in place; `bias` may be null.
void addBiasAndActivate(
    int64_t rows, int32_t channels, const float *bias, conednn_activation activation, float alpha, float *values);

/// The same on the calling thread, for the activations that need no exponential.
void addBiasAndRectify(
    int64_t rows, int32_t channels, const float *bias, conednn_activation activation, float alpha, float *values);

/// sums[c] = the sum over rows of values[row, c].
void sumOverRows(int64_t rows, int32_t channels, const float *values, float *sums);

/// The mean and the biased variance of each channel over the rows.
void momentsOverRows(int64_t rows, int32_t channels, const float *values, float *mean, float *variance);

}  // namespace conednn
