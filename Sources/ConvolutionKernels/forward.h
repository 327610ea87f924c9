// The forward convolution, by whichever kernel is fastest for the shape.
#pragma once

#include "COneDNN.h"

namespace conednn {

/// output = activation(convolution(input, weights) + bias); `bias` may be null.
void forward(
    const conednn_convolution &shape, const float *input, const float *weights, const float *bias,
    conednn_activation activation, float alpha, float *output);

}  // namespace conednn
