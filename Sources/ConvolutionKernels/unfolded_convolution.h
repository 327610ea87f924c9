// Convolutions as matrix products.
//
// Row p of the unfolded input holds all that the window of output pixel p covers, in the order (kh, kw, input channel). With the
// weights as a matrix W of `[output channel, (kh, kw, input channel)]`, a convolution is unfolded * W^T and its gradient in W is
// gradient^T * unfolded. oneDNN's matrix product runs near the processor's peak at sizes where its convolutions do not.
// Unfolded pieces are small enough to stay in the cache.
#pragma once

#include "COneDNN.h"

namespace conednn {

/// output = convolution(input, weights), without bias; for few pixels and many weights.
void unfoldedForward(const conednn_convolution &shape, const float *input, const float *weights, float *output);

/// The weights' gradient, in PyTorch's order.
void unfoldedWeightsGradient(
    const conednn_convolution &shape, const float *input, const float *outputGradient, float *weightsGradient);

}  // namespace conednn
