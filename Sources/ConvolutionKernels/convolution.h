// The adjoints of the convolution of floats, by whichever kernel is fastest for the shape.
#pragma once

#include "COneDNN.h"

namespace conednn {

/// As `conednn_convolution_transposed`.
void transposed(
    const conednn_convolution &shape, const float *outputLike, const float *weights, const float *bias,
    conednn_activation activation, float alpha, float *inputLike);

/// As `conednn_convolution_weights_gradient`, without the bias's.
void weightsGradient(
    const conednn_convolution &shape, const float *input, const float *outputGradient, float *weightsGradient);

}  // namespace conednn
