// Convolutions whose input has one channel, as matrix products.
//
// oneDNN works on blocks of channels, so a single one leaves it nearly idle. Here the elements of the kernel take the place of the
// channels: row t of the unfolded input holds, for each output pixel, the element under place t of the kernel.
#pragma once

#include "COneDNN.h"

namespace conednn {

/// inputLike = activation(adjoint(outputLike, weights) + bias), for `input_channels` = 1.
void singleChannelTransposed(
    const conednn_convolution &shape, const float *outputLike, const float *weights, const float *bias,
    conednn_activation activation, float alpha, float *inputLike);

/// The weights' gradient, for `input_channels` = 1.
void singleChannelWeightsGradient(
    const conednn_convolution &shape, const float *input, const float *outputGradient, float *weightsGradient);

}  // namespace conednn
