// Strided convolutions by minimal filtering: about half the products. How the work is cut depends on the shape alone, so the result
// does not depend on the threads. Errors stay within a few units of float32's rounding of a sum of as many products.
#pragma once

#include "bfloat16.h"
#include "engine.h"

namespace conednn {

/// Whether the three functions below take this shape: along each axis a stride of at most 3 and a kernel longer than the stride and at
/// most three times as long; channels in multiples of 8 on both sides.
bool hasTiles(const conednn_convolution &shape);

/// Whether they are faster than all else: measured with AVX2 1.3 to 3 times from 16 channels and 4 x 4 places on, where it comes to 100
/// to 145 GFLOP/s of the plain convolution's arithmetic on a core that multiplies matrices at 85 to 90. With 3 x 3 places or 8
/// channels the steps around the products cost more than they save.
bool prefersTiles(const conednn_convolution &shape);

// What is multiplied are numbers of the type `Point`. It is float with images of floats, or BFloat16 with images of either.

/// As `conednn_convolution_forward`; to images of BFloat16 without an exponential activation.
template <class Point, class Source, class Result>
void tiledForward(
    const conednn_convolution &shape, const Source *input, const float *weights, const float *bias,
    conednn_activation activation, float alpha, Result *output);

/// As `conednn_convolution_transposed`; to images of BFloat16 without an exponential activation.
template <class Point, class Source, class Result>
void tiledTransposed(
    const conednn_convolution &shape, const Source *outputLike, const float *weights, const float *bias,
    conednn_activation activation, float alpha, Result *inputLike);

/// As `conednn_convolution_weights_gradient`.
template <class Point, class Source, class Gradient>
void tiledWeightsGradient(
    const conednn_convolution &shape, const Source *input, const Gradient *outputGradient, float *weightsGradient);

}  // namespace conednn
